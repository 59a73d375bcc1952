// Who calls a component: the pipelines whose runs do, and those runs, newest first, page by page.
// Never looks through runs itself: the ledger knows.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { Link } from "wouter";
import { address, runAddress } from "../app/address";
import { callingPipelines, runList } from "../api/queries";
import { ColumnHeads, Empty, Loading, Moment } from "../parts/Basics";
import { shortId } from "../parts/format";
import { Pages } from "../parts/Pages";
import { Trouble } from "../parts/Trouble";
import { RunTable } from "../runs/RunList";

const RUNS_SHOWN = 20;

export function UsedBy({ digest }: { digest: string }): ReactElement {
  const [page, setPage] = useState<string | null>(null);
  const filter = page === null ? { component: digest } : { component: digest, page };
  const { data, error, isPlaceholderData } = useQuery(runList(filter, RUNS_SHOWN));
  if (data === undefined) {
    return error === null ? <Loading what="Reading runs" /> : <Trouble error={error} />;
  }
  if (data.items.length === 0 && page === null) {
    return <Empty title="No run called it yet">A step names it as its component; “As a step” beside a function shows how.</Empty>;
  }
  return (
    <>
      <Callers digest={digest} />
      <h2>Runs</h2>
      <p className="quiet-text">
        <Link href={address("/runs", { component: digest })}>Filter them in the list of runs</Link>
      </p>
      <RunTable runs={data.items} stale={isPlaceholderData} />
      <Pages next={data.next ?? undefined} first={page === null} turn={setPage} />
    </>
  );
}

function Callers({ digest }: { digest: string }): ReactElement {
  const [page, setPage] = useState<string | null>(null);
  const { data, error } = useQuery(callingPipelines(digest, page));
  if (data === undefined) {
    return error === null ? <Loading what="Reading pipelines" /> : <Trouble error={error} />;
  }
  return (
    <>
      <h2>Pipelines</h2>
      <div className="table-scroll">
        <table className="list">
          <ColumnHeads names={["Pipeline", "Runs that call it", "Newest", "Submitted"]} />
          <tbody>
            {data.items.map((one) => (
              <tr key={one.pipeline}>
                <td>
                  <Link href={address("/runs", { component: digest, pipeline: one.pipeline })}>{one.pipeline}</Link>
                </td>
                <td>{one.runs.toLocaleString()}</td>
                <td>
                  <Link href={runAddress(one.newestRun)}>
                    <code>{shortId(one.newestRun)}</code>
                  </Link>
                </td>
                <td>
                  <Moment millis={one.newestAtMillis} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Pages next={data.next ?? undefined} first={page === null} turn={setPage} label="Pages of pipelines" back="First" on="More" />
    </>
  );
}
