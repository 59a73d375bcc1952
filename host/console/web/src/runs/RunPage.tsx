// A run: how it is, as a graph, over time, and what it said; a step beside it.
// Never shows what the address does not say: view, step, tab and filter can all be shared.

import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState, useSyncExternalStore, type ReactElement } from "react";
import { Link, Redirect, useParams } from "wouter";
import { address, jobAddress, useAddress } from "../app/address";
import { Refused } from "../api/client";
import { jobDetail, runPlan } from "../api/queries";
import { Empty, Fact, Loading, Moment, Page, Tabs, Took } from "../parts/Basics";
import { shortId } from "../parts/format";
import { Icon } from "../parts/Icon";
import { isOpen, Status } from "../parts/Status";
import { Problems, Trouble } from "../parts/Trouble";
import { ValueView } from "../parts/ValueView";
import type { Run } from "../api/types";
import { LiveRun, type RunState } from "./live";
import { LogView } from "./LogView";
import { RunActions } from "./RunActions";
import { RunGraph } from "./RunGraph";
import { SeriesView } from "./SeriesView";
import { PANEL_TABS, StepPanel, type PanelTab } from "./StepPanel";
import { Timeline } from "./Timeline";
import { rowsOf, treeOf } from "./tree";

const VIEWS = [
  ["graph", "Graph"],
  ["timeline", "Timeline"],
  ["log", "Log"],
  ["metrics", "Series"],
  ["parameters", "Parameters"],
] as const;

type ViewName = (typeof VIEWS)[number][0];

export default function RunPage(): ReactElement {
  const { run: id } = useParams<{ run: string }>();
  const live = useMemo(() => new LiveRun(id), [id]);
  const state = useSyncExternalStore(live.subscribe, live.snapshot);
  if (state.run === undefined) {
    if (state.error instanceof Refused && state.error.status === 404) {
      return <JobInstead id={id} error={state.error} />;
    }
    return (
      <Page title={`Run ${shortId(id)}`}>{state.error === undefined ? <Loading what="Reading the run" /> : <Trouble error={state.error} />}</Page>
    );
  }
  return <Loaded key={id} run={state.run} live={live} state={state} />;
}

/** What was made by a training job names it as its run. */
function JobInstead({ id, error }: { id: string; error: unknown }): ReactElement {
  const job = useQuery(jobDetail(id));
  if (job.data !== undefined) {
    return <Redirect to={jobAddress(id)} replace />;
  }
  return <Page title={`Run ${shortId(id)}`}>{job.error === null ? <Loading what="Reading the run" /> : <Trouble error={error} />}</Page>;
}

function Loaded({ run, live, state }: { run: Run; live: LiveRun; state: RunState }): ReactElement {
  const [query, change] = useAddress();
  const view = (VIEWS.find(([name]) => name === query.get("view"))?.[0] ?? "graph") satisfies ViewName;
  const chosen = query.get("step") ?? undefined;
  const tab = PANEL_TABS.find(([name]) => name === query.get("tab"))?.[0] ?? "values";
  const choose = useCallback((step: string | undefined) => change({ step: step ?? null }, { replace: chosen !== undefined }), [change, chosen]);
  const step = chosen === undefined ? undefined : state.steps.get(chosen);
  return (
    <Page
      wide
      title={run.name ?? run.pipeline}
      above={
        <>
          <Link href="/runs">Runs</Link> / <Link href={address("/runs", { pipeline: run.pipeline })}>{run.pipeline}</Link>
        </>
      }
      heading={
        <>
          {run.name ?? run.pipeline} <code className="run-id">{shortId(run.id)}</code>
        </>
      }
      actions={<RunActions run={run} changed={live.refresh} />}
    >
      <RunFacts run={run} state={state} />
      {run.failure === undefined || run.failure === null ? null : <Problems problems={[run.failure]} />}
      <Tabs label="Views of the run" tabs={VIEWS} chosen={view} choose={(name) => change({ view: name === "graph" ? null : name })} />
      <div className={step === undefined ? "run-views" : "run-views with-panel"}>
        <View view={view} run={run} state={state} chosen={chosen} choose={choose} />
        {step === undefined ? null : (
          <StepPanel
            key={step.name}
            run={run.id}
            step={step}
            progress={state.progress.get(step.name)}
            tab={tab}
            choose={(name: PanelTab) => change({ tab: name === "values" ? null : name }, { replace: true })}
            close={() => choose(undefined)}
            logNews={state.logNews}
            metricNews={state.metricNews}
            live={isOpen(run.status)}
          />
        )}
      </div>
    </Page>
  );
}

function RunFacts({ run, state }: { run: Run; state: RunState }): ReactElement {
  const total = Math.max(1, run.stepsTotal);
  return (
    <dl className="run-facts">
      <Fact name="status">
        <Status status={run.status} />
        {state.connected ? null : <span className="disconnected">the node does not answer; trying again</span>}
      </Fact>
      <Fact name="submitted">
        <Moment millis={run.submittedAtMillis} />
      </Fact>
      <Fact name="took">
        <Took from={run.submittedAtMillis} to={run.finishedAtMillis} />
      </Fact>
      <Fact name="steps">
        <span className="number">
          {run.stepsFinished} of {run.stepsTotal}
        </span>
        <progress className={`steps-done steps-${run.status}`} max={total} value={run.stepsFinished} aria-label="Steps that have ended" />
      </Fact>
      {run.schedule === undefined || run.schedule === null ? null : (
        <Fact name="schedule">
          <Link href={`/schedules/${encodeURIComponent(run.schedule)}`}>{shortId(run.schedule)}</Link>
        </Fact>
      )}
    </dl>
  );
}

interface ViewProps {
  view: ViewName;
  run: Run;
  state: RunState;
  chosen: string | undefined;
  choose: (step: string | undefined) => void;
}

function View(props: ViewProps): ReactElement {
  const { view, run, state } = props;
  switch (view) {
    case "graph":
    case "timeline":
      return <StepViews {...props} />;
    case "log":
      return <LogView run={run.id} news={state.logNews} live={isOpen(run.status)} lines={state.logLines} />;
    case "metrics":
      return <SeriesView run={run.id} version={String(state.metricNews)} />;
    case "parameters":
      return <Parameters run={run} />;
  }
}

function StepViews({ view, run, state, chosen, choose }: ViewProps): ReactElement {
  const [query, change] = useAddress();
  const filter = { text: query.get("find") ?? "", status: query.get("only") ?? "" };
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const fold = useCallback((name: string, open: boolean) => setFolds((now) => new Map(now).set(name, open)), []);
  const tree = useMemo(() => treeOf(state.steps.values()), [state.steps]);
  const rows = useMemo(
    () => rowsOf(tree, folds, { text: filter.text, status: filter.status }),
    [tree, folds, filter.text, filter.status],
  );
  const { data: plan } = useQuery(runPlan(run.id));
  if (view === "graph") {
    if (plan === undefined) {
      return <Loading what="Reading the plan" />;
    }
    return <RunGraph tree={tree} steps={state.steps} tasks={plan.tasks} folds={folds} fold={fold} chosen={chosen} choose={choose} />;
  }
  return (
    <div className="timeline-view">
      <StepFilter text={filter.text} status={filter.status} change={(changes) => change(changes, { replace: true })} count={rows.length} />
      {rows.length === 0 ? (
        <Empty title="No step fits">Change what you look for.</Empty>
      ) : (
        <Timeline run={run} rows={rows} folds={folds} fold={fold} progress={state.progress} chosen={chosen} choose={choose} />
      )}
    </div>
  );
}

const STEP_STATUSES = ["running", "failed", "succeeded", "waiting", "skipped", "cancelled"];

function StepFilter(props: { text: string; status: string; change: (changes: Record<string, string>) => void; count: number }): ReactElement {
  const { text, status, change, count } = props;
  return (
    <div className="toolbar">
      <label className="search">
        <Icon name="search" />
        <input type="search" value={text} placeholder="Find a step" aria-label="Find a step" onChange={(event) => change({ find: event.target.value })} />
      </label>
      <select value={status} aria-label="Only steps that are" onChange={(event) => change({ only: event.target.value })}>
        <option value="">any status</option>
        {STEP_STATUSES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <span className="grow" />
      <span className="quiet-text">{count.toLocaleString("en-GB")} rows</span>
    </div>
  );
}

function Parameters({ run }: { run: Run }): ReactElement {
  const names = Object.keys(run.parameters).sort();
  if (names.length === 0) {
    return <Empty title="No parameters">This pipeline takes none.</Empty>;
  }
  return (
    <dl className="facts parameters">
      {names.map((name) => {
        const value = run.parameters[name];
        return (
          <Fact key={name} name={name}>
            {value === undefined ? null : <ValueView value={value} />}
          </Fact>
        );
      })}
    </dl>
  );
}
