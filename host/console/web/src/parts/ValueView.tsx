// A value that flows between steps: plain JSON as it stands, artifacts by kind, size and digest.
// Never reads an artifact's bytes.

import type { ReactElement } from "react";
import { Link } from "wouter";
import { artifactAddress } from "../app/address";
import type { ArtifactRef, Value } from "../api/types";
import { bytes, oneLine, shortDigest } from "./format";

/** Longer texts are cut until asked for. */
const SHORT_TEXT = 400;

export function artifactsOf(value: Value): ArtifactRef[] {
  if ("artifact" in value) {
    return [value.artifact];
  }
  return "list" in value ? value.list.flatMap(artifactsOf) : [];
}

export function ValueView({ value, open }: { value: Value; open?: (artifact: ArtifactRef) => void }): ReactElement {
  if ("artifact" in value) {
    return <ArtifactChip artifact={value.artifact} {...(open === undefined ? {} : { open })} />;
  }
  if ("list" in value) {
    return (
      <ol className="value-list">
        {value.list.map((item, place) => (
          <li key={place}>
            <ValueView value={item} {...(open === undefined ? {} : { open })} />
          </li>
        ))}
      </ol>
    );
  }
  return <Plain value={value.plain} />;
}

export function Plain({ value }: { value: unknown }): ReactElement {
  const text = typeof value === "object" && value !== null ? JSON.stringify(value, null, 2) : oneLine(value);
  if (text.length > SHORT_TEXT) {
    return (
      <details className="value-long">
        <summary>
          <code>{text.slice(0, 60)}…</code> {text.length.toLocaleString("en-GB")} characters
        </summary>
        <pre>{text}</pre>
      </details>
    );
  }
  return text.includes("\n") ? <pre className="value-text">{text}</pre> : <code className={`value value-${typeof value}`}>{text}</code>;
}

export function ArtifactChip({ artifact, open }: { artifact: ArtifactRef; open?: (artifact: ArtifactRef) => void }): ReactElement {
  const words = (
    <>
      <span className="chip-kind">{artifact.kind}</span>
      <code>{shortDigest(artifact.digest)}</code>
      <span className="quiet-text">{bytes(artifact.sizeBytes)}</span>
    </>
  );
  if (open === undefined) {
    return (
      <Link className="chip" href={artifactAddress(artifact.digest)} title={`${artifact.mediaType}\n${artifact.digest}`}>
        {words}
      </Link>
    );
  }
  return (
    <button type="button" className="chip" onClick={() => open(artifact)} title={`${artifact.mediaType}\n${artifact.digest}`}>
      {words}
    </button>
  );
}
