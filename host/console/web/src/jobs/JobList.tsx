// Training jobs, newest first: filtered by the node, page by page, the filter and the page in the address.
// Never reads more than a page.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link, useLocation } from "wouter";
import { jobAddress, jobsAddress, useAddress } from "../app/address";
import { jobList, type JobFilter } from "../api/queries";
import type { Job } from "../api/types";
import { CompareLink, MarkCell, MarkHead, type Marked } from "../compare/CompareLink";
import { Empty, Loading, Moment, Page, Took } from "../parts/Basics";
import { Filters, StatusFilter } from "../parts/Filters";
import { shortId } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Pages } from "../parts/Pages";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { STATUSES, valueWords } from "./words";

const FILTERS = ["name", "status"] as const;

export default function JobList(): ReactElement {
  const [query, change] = useAddress();
  const filter: JobFilter = {};
  for (const name of [...FILTERS, "page"] as const) {
    const value = query.get(name);
    if (value !== null) {
      filter[name] = value;
    }
  }
  const { data, error, isPlaceholderData } = useQuery(jobList(filter));
  const [marked, setMarked] = useState<Marked>(new Set());
  return (
    <Page
      title="Jobs"
      actions={
        <>
          <CompareLink marked={marked} to={jobsAddress} />
          <Link className="button" href="/jobs/new">
            <Icon name="plus" /> New job
          </Link>
        </>
      }
    >
      <Filters name="name" value={filter.name} placeholder="Name" label="Only jobs of this name">
        <StatusFilter value={filter.status} label="Only jobs that are" statuses={STATUSES} />
      </Filters>
      {error === null ? null : <Trouble error={error} />}
      {data === undefined ? (
        error === null ? (
          <Loading what="Reading jobs" />
        ) : null
      ) : data.items.length === 0 ? (
        <NoJobs filtered={FILTERS.some((name) => filter[name] !== undefined)} />
      ) : (
        <>
          <JobTable jobs={data.items} marked={marked} mark={setMarked} stale={isPlaceholderData} />
          <Pages next={data.next ?? undefined} first={filter.page === undefined} turn={(page) => change({ page })} />
        </>
      )}
    </Page>
  );
}

function JobTable(props: { jobs: readonly Job[]; marked: Marked; mark: (marked: Marked) => void; stale: boolean }): ReactElement {
  const { jobs, marked, mark, stale } = props;
  const [, navigate] = useLocation();
  return (
    <div className={stale ? "table-scroll stale" : "table-scroll"}>
      <table className="list runs jobs">
        <thead>
          <tr>
            <MarkHead />
            <th scope="col">Status</th>
            <th scope="col">Job</th>
            <th scope="col">Name</th>
            <th scope="col" className="number">
              Workers
            </th>
            <th scope="col" className="number">
              Step
            </th>
            <th scope="col">Measured last</th>
            <th scope="col">Submitted</th>
            <th scope="col" className="number">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.id} onClick={(event) => (event.target instanceof HTMLTableCellElement ? navigate(jobAddress(job.id)) : undefined)}>
              <MarkCell id={job.id} label={`Compare job ${shortId(job.id)}`} marked={marked} mark={mark} />
              <td>
                <Status status={job.status} />
              </td>
              <td>
                <Link href={jobAddress(job.id)}>
                  {job.title ?? ""} <code>{shortId(job.id)}</code>
                </Link>
              </td>
              <td>{job.name}</td>
              <td className="number">{job.workers}</td>
              <td className="number">{job.newest?.step ?? ""}</td>
              <td className="parameters-cell">{measured(job)}</td>
              <td>
                <Moment millis={job.submittedAtMillis} />
              </td>
              <td className="number">
                <Took from={job.submittedAtMillis} to={job.finishedAtMillis} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function measured(job: Job): string {
  const metrics = Object.entries(job.newest?.metrics ?? {});
  return metrics.map(([name, value]) => `${name} ${valueWords(value)}`).join("  ");
}

function NoJobs({ filtered }: { filtered: boolean }): ReactElement {
  if (filtered) {
    return <Empty title="No job fits">Take a filter away, or wait for one to be submitted.</Empty>;
  }
  return (
    <Empty title="Nothing was trained here yet">
      <p>
        A job trains a component that exports <code>sandmill:train/trainable</code>, with as many workers as it asks for. Start one in a terminal, or here:
      </p>
      <pre>sandmill train run job.yaml --watch --data train=@rows.csv</pre>
      <p>
        <Link className="button primary" href="/jobs/new">
          Write a job and run it
        </Link>
      </p>
    </Empty>
  );
}
