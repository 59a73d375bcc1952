// A field per parameter, as its type asks for: text, numbers, choices, JSON, artifacts picked or uploaded.
// Never sends anything but uploads; who shows the form decides what it is for.

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactElement } from "react";
import { problemsOf, Refused } from "../api/client";
import { artifactList } from "../api/queries";
import type { ArtifactKind, ArtifactRef, PipelineParameter } from "../api/types";
import { fetchSignedIn } from "../login/gate";
import { Loading, Moment } from "../parts/Basics";
import { Dialog } from "../parts/Dialog";
import { bytes, shortDigest } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { isArtifactType, textOf, type Entries, type Entry } from "./fields";

export interface RunFormProps {
  parameters: readonly PipelineParameter[];
  entries: Entries;
  change: (entries: Entries) => void;
  wrong: Readonly<Record<string, string>>;
}

export function RunForm({ parameters, entries, change, wrong }: RunFormProps): ReactElement {
  if (parameters.length === 0) {
    return <p className="quiet-text">This pipeline takes no parameters.</p>;
  }
  return (
    <div className="run-form">
      {parameters.map((parameter) => (
        <Field
          key={parameter.name}
          parameter={parameter}
          entry={entries[parameter.name]}
          change={(entry) => change({ ...entries, [parameter.name]: entry })}
          wrong={wrong[parameter.name]}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  parameter: PipelineParameter;
  entry: Entry | undefined;
  change: (entry: Entry) => void;
  wrong: string | undefined;
}

function Field(props: FieldProps): ReactElement {
  const { parameter, wrong } = props;
  const id = useId();
  return (
    <div className={wrong === undefined ? "field" : "field field-wrong"}>
      <label htmlFor={id}>
        {parameter.name} <span className="quiet-text">{parameter.type}</span>
        {parameter.required ? <span className="quiet-text"> · required</span> : null}
      </label>
      {isArtifactType(parameter.type) ? <ArtifactField {...props} id={id} kind={parameter.type} /> : <PlainField {...props} id={id} />}
      {parameter.description === undefined || parameter.description === null ? null : <small>{parameter.description}</small>}
      {wrong === undefined ? null : (
        <small className="field-error" role="alert">
          {wrong}
        </small>
      )}
    </div>
  );
}

function PlainField({ parameter, entry, change, id }: FieldProps & { id: string }): ReactElement {
  const text = entry !== undefined && "text" in entry ? entry.text : textOf(parameter.default);
  const set = (value: string): void => change({ text: value });
  const choices = parameter.type === "boolean" ? [true, false] : (parameter.choices ?? []);
  if (choices.length > 0) {
    return (
      <select id={id} value={text} onChange={(event) => set(event.target.value)}>
        {parameter.default === undefined || parameter.default === null ? <option value="" /> : null}
        {choices.map((choice) => (
          <option key={textOf(choice)}>{textOf(choice)}</option>
        ))}
      </select>
    );
  }
  if (parameter.type === "integer" || parameter.type === "number") {
    return <input id={id} inputMode="decimal" value={text} onChange={(event) => set(event.target.value)} />;
  }
  const long = parameter.type === "list" || parameter.type === "object" || text.includes("\n") || text.length > 80;
  return long ? (
    <textarea id={id} rows={4} value={text} spellCheck={false} onChange={(event) => set(event.target.value)} />
  ) : (
    <input id={id} value={text} onChange={(event) => set(event.target.value)} />
  );
}

/** Media types by the end of a file's name, where the browser knows none. */
const TYPES: Record<string, string> = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  parquet: "application/vnd.apache.parquet",
  md: "text/markdown",
  yaml: "application/yaml",
  yml: "application/yaml",
};

function mediaTypeOf(file: File): string {
  const ending = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  return TYPES[ending] ?? (file.type === "" ? "application/octet-stream" : file.type);
}

/** Sends a file as it is read, however large it is. */
export async function upload(file: File, kind: ArtifactKind): Promise<ArtifactRef> {
  const headers = { "content-type": mediaTypeOf(file), "sandmill-metadata": JSON.stringify({ name: asciiOf(file.name) }) };
  const response = await fetchSignedIn(`/api/v1/artifacts?kind=${kind}`, { method: "POST", headers, body: file });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new Refused(problemsOf(body, response), response.status);
  }
  return body as ArtifactRef;
}

/** Headers carry no other letters. */
function asciiOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "_");
}

function ArtifactField({ parameter, entry, change, id, kind }: FieldProps & { id: string; kind: ArtifactKind }): ReactElement {
  const [picking, setPicking] = useState(false);
  const sent = useMutation({ mutationFn: (file: File) => upload(file, kind), onSuccess: (artifact) => change({ artifact }) });
  const picked = entry !== undefined && "artifact" in entry ? entry.artifact : undefined;
  return (
    <div className="artifact-field">
      {picked === undefined ? null : (
        <span className="chip" title={picked.digest}>
          <span className="chip-kind">{picked.metadata?.["name"] ?? picked.kind}</span> <code>{shortDigest(picked.digest)}</code> <span className="quiet-text">{bytes(picked.sizeBytes)}</span>
        </span>
      )}
      <button type="button" id={id} onClick={() => setPicking(true)}>
        Pick
      </button>
      <label className="button">
        <Icon name="upload" /> {sent.isPending ? "Sending" : "Upload"}
        <input
          type="file"
          className="unseen"
          aria-label={`Upload a file for ${parameter.name}`}
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file !== undefined) {
              sent.mutate(file);
            }
          }}
        />
      </label>
      {sent.error === null ? null : <Trouble error={sent.error} />}
      {picking ? (
        <Picker
          kind={kind}
          close={() => setPicking(false)}
          pick={(artifact) => {
            change({ artifact });
            setPicking(false);
          }}
        />
      ) : null}
    </div>
  );
}

/** Any artifact may stand where a plain one is wanted; otherwise the kind has to be the same. */
function Picker({ kind, pick, close }: { kind: ArtifactKind; pick: (artifact: ArtifactRef) => void; close: () => void }): ReactElement {
  const { data, error } = useQuery(artifactList({}, 200));
  const fitting = (data?.items ?? []).filter((one) => kind === "artifact" || one.kind === kind);
  return (
    <Dialog title={`Pick ${kind === "artifact" ? "an artifact" : `a ${kind}`}`} close={close}>
      {data === undefined ? error === null ? <Loading what="Reading artifacts" /> : <Trouble error={error} /> : null}
      {data !== undefined && fitting.length === 0 ? <p className="quiet-text">There is none among the newest 200. Upload a file, or run a pipeline that makes one.</p> : null}
      <ul className="picker">
        {fitting.map((one) => (
          <li key={one.digest}>
            <button type="button" onClick={() => pick(one)}>
              <span className="chip-kind">{one.metadata?.["name"] ?? one.output ?? one.kind}</span> <code>{shortDigest(one.digest)}</code>
              <span className="quiet-text">
                {one.mediaType} · {bytes(one.sizeBytes)} · {one.step ?? "uploaded"} · <Moment millis={one.madeAtMillis} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
