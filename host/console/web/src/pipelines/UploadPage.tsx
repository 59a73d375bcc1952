// Takes a file as a kept pipeline: a document of Sandmill's own, or what kfp's compiler wrote.
// Never keeps what the node cannot read.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { answered, api } from "../api/client";
import { Page } from "../parts/Basics";
import { counted } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Problems, Trouble } from "../parts/Trouble";
import { PlanGraph } from "./PlanGraph";
import { useCheck } from "./useCheck";

const FILE_BYTES_MAX = 32 * 1_024 * 1_024;

export default function UploadPage(): ReactElement {
  const [file, setFile] = useState<{ name: string; text: string } | undefined>();
  const [refused, setRefused] = useState<string | undefined>();
  const read = (chosen: File | undefined): void => {
    if (chosen === undefined) {
      return;
    }
    if (chosen.size > FILE_BYTES_MAX) {
      setRefused(`${chosen.name} is larger than 32 MiB.`);
      return;
    }
    setRefused(undefined);
    void chosen.text().then((text) => setFile({ name: chosen.name, text }));
  };
  return (
    <Page title="Upload a pipeline" above={<Link href="/pipelines">Pipelines</Link>}>
      <label
        className="drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          read(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="upload" />
        <span>{file?.name ?? "Drop a file here, or choose one"}</span>
        <span className="quiet-text">YAML or JSON of Sandmill's own, or what kfp's compiler wrote</span>
        <input type="file" className="unseen" accept=".yaml,.yml,.json" aria-label="Pipeline file" onChange={(event) => read(event.target.files?.[0])} />
      </label>
      {refused === undefined ? null : <Problems problems={[{ code: "", message: refused, retryable: false }]} />}
      {file === undefined ? null : <Chosen key={file.text} document={file.text} />}
    </Page>
  );
}

function Chosen({ document }: { document: string }): ReactElement {
  const check = useCheck(document);
  const [name, setName] = useState<string | undefined>();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const shown = name ?? check.checked?.pipeline ?? "";
  const keep = useMutation({
    mutationFn: () => answered(api.POST("/api/v1/pipelines", { body: { document, ...(shown === "" ? {} : { name: shown }) } })),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ["pipelines"] });
      navigate(`/pipelines/${encodeURIComponent(id)}`);
    },
  });
  return (
    <>
      {check.problems.length === 0 ? null : <Problems problems={check.problems} />}
      <form
        className="toolbar"
        onSubmit={(event) => {
          event.preventDefault();
          keep.mutate();
        }}
      >
        <label className="choice">
          Name <input value={shown} onChange={(event) => setName(event.target.value)} />
        </label>
        <button type="submit" className="primary" disabled={keep.isPending || check.checking}>
          Keep it
        </button>
        <span className="quiet-text">{check.checked === undefined ? "" : `${counted(check.checked.steps.length, "step")}, ${counted(check.checked.parameters.length, "parameter")}`}</span>
      </form>
      {keep.error === null ? null : <Trouble error={keep.error} />}
      <div className="upload-graph">
        <PlanGraph tasks={check.tasks} />
      </div>
    </>
  );
}
