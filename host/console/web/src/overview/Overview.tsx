// What the node is at: runs at work, what failed lately and why, how busy the machine is, what is kept.
// Never more than a look; each part leads to its own view.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { runAddress } from "../app/address";
import { failedSteps, load, runList, schedules } from "../api/queries";
import type { Run } from "../api/types";
import { Loading, Moment, Page, Took } from "../parts/Basics";
import { shortId } from "../parts/format";
import { Icon } from "../parts/Icon";
import { StatusMark } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { LoadView } from "./LoadView";

const FAILED_SHOWN = 6;
const RUNNING_SHOWN = 8;

export default function Overview(): ReactElement {
  const usage = useQuery(load());
  return (
    <Page
      title="Overview"
      actions={
        <Link className="button primary" href="/pipelines/run">
          <Icon name="plus" /> New run
        </Link>
      }
    >
      {usage.data === undefined ? usage.error === null ? <Loading what="Reading the node's load" /> : <Trouble error={usage.error} /> : <LoadView load={usage.data} />}
      <div className="overview-lists">
        <AtWork />
        <FailedLately />
        <Newest />
        <Next />
      </div>
    </Page>
  );
}

function AtWork(): ReactElement {
  const { data } = useQuery(runList({ status: "running" }, RUNNING_SHOWN));
  return (
    <section className="card">
      <h2>
        At work <Link href="/runs?status=running">all</Link>
      </h2>
      {data?.items.length === 0 ? <p className="quiet-text">Nothing runs now.</p> : null}
      <ul className="overview-list">
        {(data?.items ?? []).map((run) => (
          <li key={run.id}>
            <RunLink run={run} />
            <progress className="steps-done" max={Math.max(1, run.stepsTotal)} value={run.stepsFinished} aria-label="Steps that have ended" />
            <span className="quiet-text">
              <Took from={run.submittedAtMillis} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RunLink({ run }: { run: Run }): ReactElement {
  return (
    <Link className="overview-run" href={runAddress(run.id)}>
      <StatusMark status={run.status} /> {run.name ?? run.pipeline} <code>{shortId(run.id)}</code>
    </Link>
  );
}

function FailedLately(): ReactElement {
  const { data } = useQuery(runList({ status: "failed" }, FAILED_SHOWN));
  return (
    <section className="card">
      <h2>
        Failed lately <Link href="/runs?status=failed">all</Link>
      </h2>
      {data?.items.length === 0 ? <p className="quiet-text">Nothing failed.</p> : null}
      <ul className="overview-list">
        {(data?.items ?? []).map((run) => (
          <Failed key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}

function Failed({ run }: { run: Run }): ReactElement {
  const { data } = useQuery(failedSteps(run.id, String(run.finishedAtMillis ?? 0)));
  const step = data?.steps.find((one) => one.failure !== undefined && one.kind === "step");
  const failure = run.failure ?? step?.failure;
  return (
    <li className="overview-failed">
      <RunLink run={run} />
      <span className="quiet-text">
        <Moment millis={run.finishedAtMillis ?? run.submittedAtMillis} />
      </span>
      {failure === undefined || failure === null ? null : (
        <p className="overview-why">
          {step === undefined ? null : <Link href={runAddress(run.id, { step: step.name })}>{step.name}</Link>} {failure.message}
        </p>
      )}
    </li>
  );
}

function Newest(): ReactElement {
  const { data } = useQuery(runList({}, RUNNING_SHOWN));
  return (
    <section className="card">
      <h2>
        Newest runs <Link href="/runs">all</Link>
      </h2>
      {data?.items.length === 0 ? (
        <p className="quiet-text">
          Nothing has run here yet. <Link href="/pipelines/run">Write a pipeline</Link>, or run <code>cargo xtask demo --keep</code>.
        </p>
      ) : null}
      <ul className="overview-list">
        {(data?.items ?? []).map((run) => (
          <li key={run.id}>
            <RunLink run={run} />
            <span className="quiet-text">
              <Moment millis={run.submittedAtMillis} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Next(): ReactElement {
  const { data } = useQuery(schedules());
  const due = (data?.items ?? []).filter((one) => one.nextAtMillis.length > 0 && !one.timing.paused);
  const sorted = due.sort((one, other) => (one.nextAtMillis[0] ?? 0) - (other.nextAtMillis[0] ?? 0)).slice(0, RUNNING_SHOWN);
  return (
    <section className="card">
      <h2>
        Due next <Link href="/schedules">all</Link>
      </h2>
      {sorted.length === 0 ? <p className="quiet-text">No schedule is going to fire.</p> : null}
      <ul className="overview-list">
        {sorted.map((one) => (
          <li key={one.id}>
            <Link className="overview-run" href={`/schedules/${encodeURIComponent(one.id)}`}>
              <Icon name="schedules" /> {one.name}
            </Link>
            <span className="quiet-text">
              <Moment millis={one.nextAtMillis[0] ?? 0} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
