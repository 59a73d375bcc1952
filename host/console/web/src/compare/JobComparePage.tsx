// Training jobs side by side: what they were given, how they were to be trained, what came of it, and their curves.
// Never more jobs than can be read beside each other; those that are at work are read again, and not followed.

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, type ReactElement } from "react";
import { Link } from "wouter";
import { jobAddress, useAddress } from "../app/address";
import { jobDetail, jobList, jobMetrics } from "../api/queries";
import type { JobDetail } from "../api/types";
import { Empty, Loading, Page } from "../parts/Basics";
import { isOpen } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { Columns, Scores, Section, useShown } from "./Columns";
import { CurveComparison } from "./Drawings";
import { chosenOf, COLUMNS_MAX } from "./gather";
import { drawnPoints, givenRows, jobTitle, planRows, resultRows, settingRows } from "./gatherJobs";
import { Choices, Picker } from "./Picker";

/** Jobs that are at work are read again this often. */
const READ_MILLIS = 5_000;

export default function JobComparePage(): ReactElement {
  const [query, change] = useAddress();
  const ids = useMemo(() => chosenOf(query.get("jobs")), [query]);
  const found = useQueries({
    queries: ids.map((id) => ({ ...jobDetail(id), refetchInterval: ({ state }: { state: { data?: JobDetail | undefined } }) => (isOpen(state.data?.status ?? "") ? READ_MILLIS : false) })),
  });
  const jobs = found.flatMap((one) => (one.data === undefined ? [] : [one.data]));
  const error = found.find((one) => one.error !== null)?.error;
  const choose = (next: readonly string[]): void => change({ jobs: next.join(",") });
  const choices = (add: (id: string) => void): ReactElement => <JobChoices chosen={ids} add={add} />;
  return (
    <Page wide title="Compare jobs" above={<Link href="/jobs">Jobs</Link>} actions={<Picker what="job" chosen={ids} choose={choose} choices={choices} />}>
      {error === undefined ? null : <Trouble error={error} />}
      {ids.length < 2 ? (
        <Empty title={ids.length === 0 ? "Choose jobs to compare" : "Choose another job"}>Settings, data, plans, last metrics and curves of up to {COLUMNS_MAX} jobs stand side by side here.</Empty>
      ) : null}
      {jobs.length < ids.length && error === undefined ? <Loading what="Reading jobs" /> : null}
      {jobs.length === 0 || jobs.length < ids.length ? null : <Compared jobs={jobs} remove={(id) => choose(ids.filter((one) => one !== id))} />}
    </Page>
  );
}

function Compared({ jobs, remove }: { jobs: readonly JobDetail[]; remove: (id: string) => void }): ReactElement {
  const [shown, choice] = useShown();
  const settings = useMemo(() => settingRows(jobs), [jobs]);
  const given = useMemo(() => givenRows(jobs), [jobs]);
  const plans = useMemo(() => planRows(jobs), [jobs]);
  const results = useMemo(() => resultRows(jobs), [jobs]);
  const points = useQueries({
    queries: jobs.map((job) => jobMetrics(job.id, `${job.status} ${job.newest?.step ?? 0}`)),
    combine: (found) => found.map((one) => drawnPoints(one.data ?? [])),
  });
  const columns = jobs.map((job) => ({ id: job.id, title: jobTitle(job), status: job.status, href: jobAddress(job.id) }));
  return (
    <>
      {choice}
      <Columns columns={columns} remove={remove}>
        <Section title="Settings" columns={jobs.length} rows={shown(settings)} same={settings.length} />
        <Scores title="What came of it" rows={results} columns={jobs.length} />
        <Section title="Component and data" columns={jobs.length} rows={shown(given)} same={given.length} />
        <Section title="Plan" columns={jobs.length} rows={shown(plans)} same={plans.length} />
      </Columns>
      <CurveComparison titles={columns.map((one) => one.title)} points={points} across="step" />
    </>
  );
}

function JobChoices({ chosen, add }: { chosen: readonly string[]; add: (id: string) => void }): ReactElement {
  const { data, error } = useQuery(jobList({}, 100));
  if (data === undefined) {
    return error === null ? <Loading what="Reading jobs" /> : <Trouble error={error} />;
  }
  return <Choices choices={data.items.map((job) => ({ ...job, title: jobTitle(job) }))} chosen={chosen} add={add} />;
}
