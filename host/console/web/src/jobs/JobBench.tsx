// Where a job is written, checked and started: text on one side, the data that it leaves open on the other.
// Never starts what the node finds something wrong with.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { jobAddress } from "../app/address";
import { answered, api, problemsOfError } from "../api/client";
import type { ArtifactKind, ArtifactRef, CheckedJob, PipelineParameter, Problem } from "../api/types";
import { Loading, Page } from "../parts/Basics";
import { counted } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import type { Entries } from "../pipelines/fields";
import { Findings } from "../pipelines/Findings";
import { marksOf } from "../pipelines/marks";
import { RunForm } from "../pipelines/RunForm";
import { STARTER } from "./starter";

const Editor = lazy(() => import("../pipelines/Editor"));

/** The text has to rest for this long before it is checked. */
const REST_MILLIS = 350;

export default function JobBench(): ReactElement {
  const [text, setText] = useState(STARTER);
  const [entries, setEntries] = useState<Entries>({});
  const [title, setTitle] = useState("");
  const [goTo, setGoTo] = useState<{ line: number } | undefined>();
  const [checked, problems, checking] = useJobCheck(text);
  const marks = useMemo(() => marksOf(text, problems), [text, problems]);
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const dataSets = givenOf(checked?.openDataSets ?? [], entries);
  const models = givenOf(checked?.openModels ?? [], entries);
  const complete = dataSets !== undefined && models !== undefined;
  const start = useMutation({
    mutationFn: () =>
      answered(api.POST("/api/v1/train-jobs", { body: { document: text, dataSets: dataSets ?? {}, models: models ?? {}, ...(title === "" ? {} : { name: title }) } })),
    onSuccess: ({ job }) => {
      void client.invalidateQueries({ queryKey: ["jobs"] });
      navigate(jobAddress(job));
    },
  });
  const good = checked !== undefined && problems.length === 0 && !checking && complete;
  const sentence = checked === undefined ? "" : `Checked by the node: ${counted(checked.workers, "worker")}${checked.stepsMax ? `, at most ${counted(checked.stepsMax, "step")}` : ""}${complete ? "" : ", and data is yet to be given"}`;
  return (
    <Page
      wide
      title={checked?.name ?? "New job"}
      above={<Link href="/jobs">Jobs</Link>}
      actions={
        <div className="actions">
          <input value={title} placeholder="Title" aria-label="Title of the job" onChange={(event) => setTitle(event.target.value)} />
          <button type="button" className="primary" disabled={!good || start.isPending} onClick={() => start.mutate()}>
            <Icon name="runs" /> Train
          </button>
          {start.error === null ? null : <Trouble error={start.error} />}
        </div>
      }
    >
      <div className="bench">
        <section className="bench-text" aria-label="Document">
          <Suspense fallback={<Loading what="Loading the editor" />}>
            <Editor text={text} change={setText} marks={marks} goTo={goTo} label="TrainJob document" />
          </Suspense>
          <Findings checking={checking} sentence={sentence} problems={problems} marks={marks} goTo={setGoTo} />
        </section>
        <Side checked={checked} entries={entries} change={setEntries} />
      </div>
    </Page>
  );
}

/** What the node says of the text: what it means, what is wrong with it, and whether it is still being asked. */
function useJobCheck(text: string): [CheckedJob | undefined, readonly Problem[], boolean] {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MILLIS);
    return () => clearTimeout(timer);
  }, [text]);
  const { data, error, isFetching } = useQuery({
    queryKey: ["job-check", rested],
    queryFn: ({ signal }) => answered(api.POST("/api/v1/train-jobs:check", { body: { document: rested }, signal })),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
  });
  const problems = useMemo(() => (error === null ? [] : problemsOfError(error)), [error]);
  return [data, problems, isFetching || rested !== text];
}

/** What was picked for these names; none while one is missing. */
function givenOf(names: readonly string[], entries: Entries): Record<string, ArtifactRef> | undefined {
  const given: Record<string, ArtifactRef> = {};
  for (const name of names) {
    const entry = entries[name];
    if (entry === undefined || !("artifact" in entry)) {
      return undefined;
    }
    given[name] = entry.artifact;
  }
  return given;
}

function Side({ checked, entries, change }: { checked: CheckedJob | undefined; entries: Entries; change: (entries: Entries) => void }): ReactElement {
  const field = (kind: ArtifactKind) => (name: string): PipelineParameter => ({ name, type: kind, required: true });
  const fields = [...(checked?.openDataSets ?? []).map(field("data-set")), ...(checked?.openModels ?? []).map(field("model"))];
  const ignored = checked?.ignored ?? [];
  return (
    <section className="bench-side job-side" aria-label="What it is given">
      {fields.length === 0 ? (
        <p className="quiet-text">The document leaves no data open.</p>
      ) : (
        <RunForm parameters={fields} entries={entries} change={change} wrong={{}} />
      )}
      {ignored.length === 0 ? null : (
        <details>
          <summary>{counted(ignored.length, "setting")} change nothing here</summary>
          <ul>
            {ignored.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </details>
      )}
      <p className="quiet-text">
        The same in a terminal: <code>sandmill train run job.yaml --watch</code>. Manifests of Kubeflow&apos;s Trainer and Training Operator are read too.
      </p>
    </section>
  );
}
