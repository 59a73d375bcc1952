// What is inside an artifact, as far as it can be shown: chosen by its type, read only in part.
// Never lets content run in the page's own origin: pages stand in sandboxed frames, everything else is text.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import { contentAddress, readContent, type Content } from "../api/client";
import { Loading } from "../parts/Basics";
import { bytes } from "../parts/format";
import { Trouble } from "../parts/Trouble";
import { EvaluationView } from "./EvaluationView";
import { FolderPreview } from "./FolderPreview";
import { shownAs } from "./kind";
import { kubeflowEvaluation, ownEvaluation } from "./metrics";
import { TablePreview } from "./TablePreview";

const MarkdownView = lazy(() => import("./MarkdownView"));

/** A text is shown up to here; the whole can be downloaded. */
const TEXT_BYTES_MAX = 256 * 1_024;
const IMAGE_BYTES_MAX = 32 * 1_024 * 1_024;

export function Preview({ artifact }: { artifact: Content }): ReactElement {
  switch (shownAs(artifact)) {
    case "kfp-metrics":
      return <EvaluationView evaluation={kubeflowEvaluation(artifact)} />;
    case "table":
    case "arrow":
    case "parquet":
      return <TablePreview artifact={artifact} />;
    case "folder":
      return <FolderPreview artifact={artifact} />;
    case "image":
      return <ImagePreview artifact={artifact} />;
    case "html":
      return <PagePreview artifact={artifact} />;
    case "nothing":
      return <NoContent artifact={artifact} />;
    case "bytes":
      return <BytesPreview artifact={artifact} />;
    default:
      return <TextPreview artifact={artifact} />;
  }
}

function useText(artifact: Content, length: number): { text: string | undefined; cut: boolean; error: unknown } {
  const { data, error } = useQuery({
    queryKey: ["content", contentAddress(artifact), length],
    queryFn: ({ signal }) => readContent(artifact, 0, length, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const text = data === undefined ? undefined : new TextDecoder().decode(data);
  return { text, cut: data !== undefined && data.byteLength < artifact.sizeBytes, error };
}

function TextPreview({ artifact }: { artifact: Content }): ReactElement {
  const { text, cut, error } = useText(artifact, TEXT_BYTES_MAX);
  if (text === undefined) {
    return error === null ? <Loading what="Reading" /> : <Trouble error={error} />;
  }
  const shown = shownAs(artifact);
  if (!cut && shown === "metrics") {
    return <EvaluationView evaluation={ownEvaluation(jsonOf(text))} />;
  }
  if (shown === "markdown") {
    return (
      <Suspense fallback={<Loading what="Reading" />}>
        <MarkdownView text={text} />
        {cut ? <Cut artifact={artifact} /> : null}
      </Suspense>
    );
  }
  const json = shown === "json" && !cut ? jsonOf(text) : undefined;
  return (
    <>
      <pre className="preview-text" tabIndex={0}>
        {json === undefined ? text : JSON.stringify(json, null, 2)}
      </pre>
      {cut ? <Cut artifact={artifact} /> : null}
    </>
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Shown as the text that it is.
    return undefined;
  }
}

export function Cut({ artifact }: { artifact: Content }): ReactElement {
  return (
    <p className="quiet-text">
      Only the beginning of {bytes(artifact.sizeBytes)} is shown. <a href={contentAddress(artifact)} download={fileName(artifact)}>Download the whole</a>
    </p>
  );
}

export function fileName(artifact: Content): string {
  return artifact.metadata?.["name"] ?? artifact.digest.replace(":", "-");
}

function ImagePreview({ artifact }: { artifact: Content }): ReactElement {
  if (artifact.sizeBytes > IMAGE_BYTES_MAX) {
    return <Cut artifact={artifact} />;
  }
  return <img className="preview-image" src={contentAddress(artifact)} alt={`Content of ${artifact.digest}`} />;
}

/** The answer's own policy forbids scripts and requests; the frame's sandbox does so a second time. */
function PagePreview({ artifact }: { artifact: Content }): ReactElement {
  return (
    <figure className="preview-page">
      <iframe title={`Page ${artifact.digest}`} src={contentAddress(artifact)} sandbox="" referrerPolicy="no-referrer" loading="lazy" />
      <figcaption className="quiet-text">Shown without scripts and without a network.</figcaption>
    </figure>
  );
}

function NoContent({ artifact }: { artifact: Content }): ReactElement {
  const address = artifact.metadata?.["kfp.uri"];
  if (address === undefined) {
    return <p className="quiet-text">It is empty.</p>;
  }
  return (
    <p className="quiet-text">
      A reference to <code>{address}</code>; nothing of it is kept here.
    </p>
  );
}

const BYTES_SHOWN = 512;

function BytesPreview({ artifact }: { artifact: Content }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ["content", contentAddress(artifact), BYTES_SHOWN],
    queryFn: ({ signal }) => readContent(artifact, 0, BYTES_SHOWN, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined) {
    return error === null ? <Loading what="Reading" /> : <Trouble error={error} />;
  }
  return (
    <>
      <pre className="preview-text preview-bytes" tabIndex={0}>
        {hexOf(data)}
      </pre>
      {data.byteLength < artifact.sizeBytes ? <Cut artifact={artifact} /> : null}
    </>
  );
}

/** Sixteen bytes on a line, in numbers and in letters. */
function hexOf(content: Uint8Array): string {
  const lines = [];
  for (let at = 0; at < content.byteLength; at += 16) {
    const line = [...content.subarray(at, at + 16)];
    const numbers = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${numbers.padEnd(47)}  ${letters}`);
  }
  return lines.join("\n");
}
