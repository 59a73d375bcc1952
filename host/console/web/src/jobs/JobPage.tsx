// A training job: its curves as it learns, its workers and what became of them, its checkpoints, log and settings.
// Never shows what the address does not say: the chosen view can be shared.

import { useMemo, useSyncExternalStore, type ReactElement } from "react";
import { Link, useParams } from "wouter";
import { address, artifactAddress, useAddress } from "../app/address";
import type { JobDetail } from "../api/types";
import { Digest, Fact, Loading, Moment, Page, Tabs, Took, useThrottled } from "../parts/Basics";
import { shortId } from "../parts/format";
import { isOpen, Status } from "../parts/Status";
import { Problems, Trouble } from "../parts/Trouble";
import { LogView } from "../runs/LogView";
import { SeriesDrawings } from "../runs/SeriesView";
import { Checkpoints } from "./Checkpoints";
import { History } from "./History";
import { JobActions } from "./JobActions";
import { JobSettings } from "./JobSettings";
import { LiveJob, newestOf, type JobState } from "./live";
import { reasonWords, valueWords } from "./words";
import { Workers } from "./Workers";

const VIEWS = [
  ["curves", "Curves"],
  ["workers", "Workers"],
  ["history", "History"],
  ["checkpoints", "Checkpoints"],
  ["log", "Log"],
  ["settings", "Settings"],
] as const;

type ViewName = (typeof VIEWS)[number][0];

/** While points come in, curves are drawn again this often. */
const DRAW_MILLIS = 500;

export default function JobPage(): ReactElement {
  const { job: id } = useParams<{ job: string }>();
  const live = useMemo(() => new LiveJob(id), [id]);
  const state = useSyncExternalStore(live.subscribe, live.snapshot);
  if (state.job === undefined) {
    return (
      <Page title={`Job ${shortId(id)}`}>{state.error === undefined ? <Loading what="Reading the job" /> : <Trouble error={state.error} />}</Page>
    );
  }
  return <Loaded key={id} job={state.job} live={live} state={state} />;
}

function Loaded({ job, live, state }: { job: JobDetail; live: LiveJob; state: JobState }): ReactElement {
  const [query, change] = useAddress();
  const view = (VIEWS.find(([name]) => name === query.get("view"))?.[0] ?? "curves") satisfies ViewName;
  return (
    <Page
      wide
      title={job.title ?? job.name}
      above={
        <>
          <Link href="/jobs">Jobs</Link> / <Link href={address("/jobs", { name: job.name })}>{job.name}</Link>
        </>
      }
      heading={
        <>
          {job.title ?? job.name} <code className="run-id">{shortId(job.id)}</code>
        </>
      }
      actions={<JobActions job={job} changed={live.refresh} />}
    >
      <JobFacts job={job} state={state} />
      {job.failure === undefined || job.failure === null ? null : <Problems problems={[job.failure]} />}
      <Tabs label="Views of the job" tabs={VIEWS} chosen={view} choose={(name) => change({ view: name === "curves" ? null : name })} />
      <View view={view} job={job} state={state} />
    </Page>
  );
}

function JobFacts({ job, state }: { job: JobDetail; state: JobState }): ReactElement {
  const points = useThrottled(state.points, DRAW_MILLIS);
  const newest = useMemo(() => newestOf(points), [points]);
  const most = job.stepsMax ?? undefined;
  const step = newest?.step ?? job.step;
  return (
    <dl className="run-facts">
      <Fact name="status">
        <Status status={job.status} />
        {state.connected ? null : <span className="disconnected">the node does not answer; trying again</span>}
      </Fact>
      <Fact name="step">
        <span className="number job-step">{most === undefined ? step : `${step} of ${most}`}</span>
        {most === undefined ? null : <progress className={`steps-done steps-${job.status}`} max={most} value={step} aria-label="Steps made" />}
      </Fact>
      {[...(newest?.values ?? [])].map(([name, value]) => (
        <Fact key={name} name={name}>
          <span className="number">{valueWords(value)}</span>
        </Fact>
      ))}
      <Fact name="workers">
        <span className="number">
          {job.size} of {job.workers}
        </span>
        {job.restarts === 0 ? null : <span className="quiet-text">restarted {job.restarts} times</span>}
      </Fact>
      <Fact name="submitted">
        <Moment millis={job.submittedAtMillis} />
      </Fact>
      <Fact name="took">
        <Took from={job.submittedAtMillis} to={job.finishedAtMillis} />
      </Fact>
      {job.reason === undefined || job.reason === null ? null : <Fact name="ended because">{reasonWords(job.reason)}</Fact>}
      {job.model === undefined || job.model === null ? null : (
        <Fact name="model">
          <Digest digest={job.model.digest} to={artifactAddress(job.model.digest)} />
        </Fact>
      )}
    </dl>
  );
}

function View({ view, job, state }: { view: ViewName; job: JobDetail; state: JobState }): ReactElement {
  switch (view) {
    case "curves":
      return <JobCurves state={state} open={isOpen(job.status)} />;
    case "workers":
      return <Workers job={job} points={state.points} />;
    case "history":
      return <History changes={state.changes} />;
    case "checkpoints":
      return <Checkpoints job={job} />;
    case "log":
      return <LogView kind="job" run={job.id} news={state.logNews} live={isOpen(job.status)} lines={state.logLines} />;
    case "settings":
      return <JobSettings job={job} />;
  }
}

function JobCurves({ state, open }: { state: JobState; open: boolean }): ReactElement {
  const points = useThrottled(state.points, DRAW_MILLIS);
  if (points.length === 0) {
    return <p className="quiet-text">{open ? "Nothing was measured yet: curves appear with the first step's end." : "Nothing was measured."}</p>;
  }
  return <SeriesDrawings points={points} across="step" />;
}
