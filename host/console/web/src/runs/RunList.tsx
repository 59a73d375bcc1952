// Runs, newest first: filtered by the node, page by page, the filter and the page in the address.
// Never reads more than a page, however many runs there are.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { runAddress, runsAddress, useAddress } from "../app/address";
import { experiments, runList, type RunFilter } from "../api/queries";
import type { Run } from "../api/types";
import { CompareLink, MarkCell, MarkHead, type Marked } from "../compare/CompareLink";
import { Empty, Loading, Moment, Page, Took } from "../parts/Basics";
import { Filters, StatusFilter, useFilter } from "../parts/Filters";
import { oneLine, shortDigest, shortId } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Pages } from "../parts/Pages";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";

const STATUSES = ["running", "succeeded", "failed", "cancelled", "cancelling"];
const FILTERS = ["pipeline", "status", "experiment", "schedule", "component"] as const;

export default function RunList(): ReactElement {
  const [query, change] = useAddress();
  const filter: RunFilter = {};
  for (const name of [...FILTERS, "page"] as const) {
    const value = query.get(name);
    if (value !== null) {
      filter[name] = value;
    }
  }
  const { data, error, isPlaceholderData } = useQuery(runList(filter));
  const [marked, setMarked] = useState<Marked>(new Set());
  const filtered = FILTERS.some((name) => filter[name] !== undefined);
  return (
    <Page
      title="Runs"
      actions={
        <>
          <CompareLink marked={marked} to={runsAddress} />
          <Link className="button" href="/pipelines/run">
            <Icon name="plus" /> New run
          </Link>
        </>
      }
    >
      <RunFilters filter={filter} />
      {error === null ? null : <Trouble error={error} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="Reading runs" />
        ) : null
      ) : data.items.length === 0 ? (
        <NoRuns filtered={filtered} />
      ) : (
        <>
          <RunTable runs={data.items} marked={marked} mark={setMarked} stale={isPlaceholderData} />
          <Pages next={data.next ?? undefined} first={filter.page === undefined} turn={(page) => change({ page })} />
        </>
      )}
    </Page>
  );
}

function RunFilters({ filter }: { filter: RunFilter }): ReactElement {
  const apply = useFilter();
  const { data } = useQuery(experiments());
  return (
    <Filters name="pipeline" value={filter.pipeline} placeholder="Pipeline" label="Only runs of this pipeline">
      <StatusFilter value={filter.status} label="Only runs that are" statuses={STATUSES} />
      <select value={filter.experiment ?? ""} aria-label="Only runs of this experiment" onChange={(event) => apply({ experiment: event.target.value })}>
        <option value="">any experiment</option>
        {(data?.items ?? []).map((one) => (
          <option key={one.id}>{one.name}</option>
        ))}
      </select>
      {filter.schedule === undefined ? null : (
        <button type="button" className="chip" onClick={() => apply({ schedule: null })}>
          schedule {shortId(filter.schedule)} <Icon name="close" title="Show runs of all schedules" />
        </button>
      )}
      {filter.component === undefined ? null : (
        <button type="button" className="chip" onClick={() => apply({ component: null })}>
          component {shortDigest(filter.component)} <Icon name="close" title="Show runs whatever they call" />
        </button>
      )}
    </Filters>
  );
}

export function RunTable(props: {
  runs: readonly Run[];
  marked?: Marked;
  mark?: (marked: Marked) => void;
  stale?: boolean;
}): ReactElement {
  const { runs, marked, mark, stale = false } = props;
  const [, navigate] = useLocation();
  return (
    <div className={stale ? "table-scroll stale" : "table-scroll"}>
      <table className="list runs">
        <thead>
          <tr>
            {mark === undefined ? null : (
              <MarkHead />
            )}
            <th scope="col">Status</th>
            <th scope="col">Run</th>
            <th scope="col">Pipeline</th>
            <th scope="col" className="wide-only">
              Parameters
            </th>
            <th scope="col" className="number">
              Steps
            </th>
            <th scope="col">Submitted</th>
            <th scope="col" className="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} onClick={(event) => (event.target instanceof HTMLTableCellElement ? navigate(runAddress(run.id)) : undefined)}>
              {mark === undefined ? null : (
                <MarkCell id={run.id} label={`Compare run ${shortId(run.id)}`} marked={marked ?? new Set()} mark={mark} />
              )}
              <td>
                <Status status={run.status} />
              </td>
              <td>
                <Link href={runAddress(run.id)}>
                  {run.name ?? ""} <code>{shortId(run.id)}</code>
                </Link>
              </td>
              <td>{run.pipeline}</td>
              <td className="wide-only parameters-cell">{parametersOf(run)}</td>
              <td className="number">
                {run.stepsFinished}/{run.stepsTotal}
              </td>
              <td>
                <Moment millis={run.submittedAtMillis} />
              </td>
              <td className="number">
                <Took from={run.submittedAtMillis} to={run.finishedAtMillis} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function parametersOf(run: Run): string {
  const plain = Object.entries(run.parameters).flatMap(([name, value]) => ("plain" in value ? [`${name}=${oneLine(value.plain)}`] : []));
  return plain.filter((text) => text.length < 60).join("  ");
}

function NoRuns({ filtered }: { filtered: boolean }): ReactElement {
  if (filtered) {
    return <Empty title="No run fits">Take a filter away, or wait for one to be submitted.</Empty>;
  }
  return (
    <Empty title="Nothing has run here yet">
      <p>A run carries a pipeline out. Start one from a document, in the browser or in a terminal:</p>
      <pre>sandmill pipeline run pipeline.yaml --watch</pre>
      <p>
        <Link className="button primary" href="/pipelines/run">
          Write a pipeline and run it
        </Link>
      </p>
    </Empty>
  );
}
