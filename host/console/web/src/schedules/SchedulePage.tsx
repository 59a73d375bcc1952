// A schedule: its next firings, what held the last one up, and the runs that it made.
// Never a run's own page.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link, useParams } from "wouter";
import { runList, schedule } from "../api/queries";
import { Fact, Loading, Moment, Page } from "../parts/Basics";
import { moment } from "../parts/format";
import { Status } from "../parts/Status";
import { Problems, Trouble } from "../parts/Trouble";
import { RunTable } from "../runs/RunList";
import { DeleteButton, PauseButton } from "./ScheduleActions";
import { timingWords } from "./timing";

const FIRINGS_SHOWN = 8;

export default function SchedulePage(): ReactElement {
  const { schedule: id } = useParams<{ schedule: string }>();
  const { data, error } = useQuery(schedule(id, FIRINGS_SHOWN));
  const runs = useQuery(runList({ schedule: id }));
  if (data === undefined) {
    return <Page title="Schedule">{error === null ? <Loading what="Reading the schedule" /> : <Trouble error={error} />}</Page>;
  }
  const paused = data.timing.paused;
  return (
    <Page
      title={data.name}
      above={<Link href="/schedules">Schedules</Link>}
      actions={
        <>
          <DeleteButton schedule={data} />
          <PauseButton schedule={data} />
        </>
      }
    >
      <dl className="run-facts">
        <Fact name="state">
          <Status status={paused ? "paused" : "active"} />
        </Fact>
        <Fact name="fires">
          <code>{timingWords(data.timing)}</code>
        </Fact>
        <Fact name="runs at once">{data.timing.runsAtOnceMax ?? 1}</Fact>
        <Fact name="missed firings">{data.timing.catchUp ? "made up one by one" : "only the latest is made up"}</Fact>
        <Fact name="made">
          <Moment millis={data.createdAtMillis} />
        </Fact>
      </dl>
      {(data.problems ?? []).length === 0 ? null : <Problems problems={data.problems ?? []} />}
      <section className="panel-section">
        <h3>Next firings</h3>
        {paused || data.nextAtMillis.length === 0 ? (
          <p className="quiet-text">{paused ? "It is paused." : "It will not fire again."}</p>
        ) : (
          <ol className="firings">
            {data.nextAtMillis.map((at) => (
              <li key={at}>
                {moment(at)} <span className="quiet-text">{new Date(at).toISOString()}</span>
              </li>
            ))}
          </ol>
        )}
      </section>
      <section className="panel-section">
        <h3>Runs</h3>
        {runs.data === undefined ? <Loading what="Reading runs" /> : runs.data.items.length === 0 ? <p className="quiet-text">It has not fired yet.</p> : <RunTable runs={runs.data.items} />}
      </section>
    </Page>
  );
}
