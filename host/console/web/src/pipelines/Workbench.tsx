// Where a pipeline is written, checked, seen and run: text on one side, its graph and run form on the other.
// Never keeps a draft: what is to stay is saved as a version.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState, type ReactElement } from "react";
import { Link } from "wouter";
import { useAddress } from "../app/address";
import { pipelineVersion, runDetail, runDocument } from "../api/queries";
import { Loading, Page, Tabs } from "../parts/Basics";
import { counted, shortId } from "../parts/format";
import { Trouble } from "../parts/Trouble";
import { draft } from "./drafts";
import { entryOf, filled, type Entries, type Entry } from "./fields";
import { Findings } from "./Findings";
import { marksOf } from "./marks";
import { PlanGraph } from "./PlanGraph";
import { RunForm } from "./RunForm";
import { readable } from "./readable";
import { STARTER } from "./starter";
import { useCheck, type Check } from "./useCheck";
import { WorkbenchActions } from "./WorkbenchActions";

const Editor = lazy(() => import("./Editor"));

interface Source {
  document: string | undefined;
  entries: Entries;
  error: unknown;
}

const NO_ENTRIES: Entries = {};

/** What the workbench opens with: a version, what an earlier run was given, a draft, or something to start from. */
function useSource(): Source {
  const [query] = useAddress();
  const [clone, kept, version] = [query.get("clone") ?? "", query.get("pipeline") ?? "", query.get("version") ?? ""];
  const cloned = useQuery({ ...runDocument(clone), enabled: clone !== "" });
  const run = useQuery({ ...runDetail(clone), enabled: clone !== "" });
  const opened = useQuery({ ...pipelineVersion(kept, version), enabled: kept !== "" && version !== "" });
  const entries = useMemo(() => {
    const given = Object.entries(run.data?.parameters ?? {}).map(([name, value]): [string, Entry | undefined] => [name, entryOf(value)]);
    return Object.fromEntries(given.filter((pair): pair is [string, Entry] => pair[1] !== undefined));
  }, [run.data]);
  if (clone !== "") {
    return { document: run.data === undefined ? undefined : cloned.data?.document, entries, error: cloned.error ?? run.error };
  }
  if (version !== "") {
    return { document: opened.data?.document, entries: NO_ENTRIES, error: opened.error };
  }
  return { document: draft(query.get("draft") ?? "") ?? STARTER, entries: NO_ENTRIES, error: null };
}

export default function Workbench(): ReactElement {
  const source = useSource();
  const [query] = useAddress();
  if (source.document === undefined) {
    return <Page title="Workbench">{source.error === null ? <Loading what="Reading the document" /> : <Trouble error={source.error} />}</Page>;
  }
  return <Bench key={query.toString()} document={readable(source.document)} given={source.entries} />;
}

function Bench({ document, given }: { document: string; given: Entries }): ReactElement {
  const [query] = useAddress();
  const [text, setText] = useState(document);
  const [entries, setEntries] = useState(given);
  const [asked, setAsked] = useState(false);
  const [goTo, setGoTo] = useState<{ line: number } | undefined>();
  const check = useCheck(text);
  const marks = useMemo(() => marksOf(text, check.problems), [text, check.problems]);
  const form = useMemo(() => filled(check.checked?.parameters ?? [], entries), [check.checked, entries]);
  const choose = useCallback((task: string | undefined) => setGoTo(lineOf(text, task)), [text]);
  const change = useUnsaved(text !== document, setText);
  const clone = query.get("clone");
  return (
    <Page
      wide
      title={check.checked?.pipeline ?? "Workbench"}
      above={clone === null ? <Link href="/pipelines">Pipelines</Link> : <Link href={`/runs/${clone}`}>Clone of run {shortId(clone)}</Link>}
      actions={<WorkbenchActions text={text} check={check} form={form} ask={() => setAsked(true)} />}
    >
      <div className="bench">
        <section className="bench-text" aria-label="Document">
          <Suspense fallback={<Loading what="Loading the editor" />}>
            <Editor text={text} change={change} marks={marks} goTo={goTo} label="Pipeline document" />
          </Suspense>
          <Findings checking={check.checking} sentence={sentenceOf(check)} problems={check.problems} marks={marks} goTo={setGoTo} />
        </section>
        <Side check={check} entries={entries} change={setEntries} wrong={asked ? form.wrong : {}} choose={choose} />
      </div>
    </Page>
  );
}

function sentenceOf(check: Check): string {
  return `Checked by the node: ${counted(check.checked?.steps.length ?? 0, "step")}, every edge fits`;
}

/** Warns before a text is lost that was changed and not saved. */
function useUnsaved(changed: boolean, set: (text: string) => void): (text: string) => void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    if (changed) {
      window.addEventListener("beforeunload", warn);
    }
    return () => window.removeEventListener("beforeunload", warn);
  }, [changed]);
  return set;
}

/** Where a task stands in the text. */
function lineOf(text: string, task: string | undefined): { line: number } | undefined {
  const name = task?.slice(task.lastIndexOf("/") + 1);
  const place = name === undefined ? -1 : text.split("\n").findIndex((line) => line.trim().replaceAll('"', "").startsWith(`${name}:`));
  return place < 0 ? undefined : { line: place + 1 };
}

const SIDES = [
  ["form", "Parameters"],
  ["graph", "Graph"],
] as const;

function Side(props: {
  check: Check;
  entries: Entries;
  change: (entries: Entries) => void;
  wrong: Readonly<Record<string, string>>;
  choose: (task: string | undefined) => void;
}): ReactElement {
  const { check, entries, change, wrong, choose } = props;
  const [side, setSide] = useState<"form" | "graph">("form");
  const { checked } = check;
  return (
    <section className="bench-side" aria-label="What it means">
      <div className="bench-graph">
        <PlanGraph tasks={check.tasks} choose={choose} />
      </div>
      <div className="bench-form">
        <div className="narrow-only">
          <Tabs label="What it means" tabs={SIDES} chosen={side} choose={setSide} />
        </div>
        {checked === undefined ? <p className="quiet-text">Parameters are asked for here once the document can be read.</p> : <RunForm parameters={checked.parameters} entries={entries} change={change} wrong={wrong} />}
        {(checked?.ignored ?? []).length === 0 ? null : (
          <details>
            <summary>{checked?.ignored?.length} settings change nothing here</summary>
            <ul>
              {checked?.ignored?.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}
