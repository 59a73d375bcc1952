// The workers of a job: how each is, in which group, and what it measured last.
// Never what a worker holds; its guest is its own.

import { useMemo, type ReactElement } from "react";
import type { JobDetail, SeriesPoint } from "../api/types";
import { ColumnHeads, Took, useThrottled } from "../parts/Basics";
import { Status } from "../parts/Status";
import { Problems } from "../parts/Trouble";
import { valueWords } from "./words";

const READ_MILLIS = 500;

export function Workers({ job, points }: { job: JobDetail; points: readonly SeriesPoint[] }): ReactElement {
  const settled = useThrottled(points, READ_MILLIS);
  const last = useMemo(() => lastOf(settled), [settled]);
  return (
    <div className="table-scroll">
      <table className="list">
        <ColumnHeads names={["Status", "Worker", "Group", "Measured last", "Works for", "Lost because"]} />
        <tbody>
          {job.workerStates.map((worker) => (
            <tr key={worker.name}>
              <td>
                <Status status={worker.status} />
              </td>
              <td>{worker.name}</td>
              <td className="number">{worker.attempts}</td>
              <td className="parameters-cell">{last.get(worker.name) ?? ""}</td>
              <td className="number">
                <Took from={worker.startedAtMillis} to={worker.finishedAtMillis} />
              </td>
              <td>{worker.failure === undefined || worker.failure === null ? null : <Problems problems={[worker.failure]} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What each worker measured last, as text. */
function lastOf(points: readonly SeriesPoint[]): ReadonlyMap<string, string> {
  const values = new Map<string, Map<string, string>>();
  for (const point of points) {
    const own = values.get(point.step) ?? new Map<string, string>();
    own.set(point.name, `${point.name} ${valueWords(point.value)} @${point.index}`);
    values.set(point.step, own);
  }
  return new Map([...values].map(([worker, own]) => [worker, [...own.values()].join("  ")]));
}
