// What happened to a job, newest first: groups, lost workers, checkpoints, wishes and its end.
// Never its steps; the curves show those.

import type { ReactElement } from "react";
import type { JobEvent } from "../api/types";
import { ColumnHeads, Moment } from "../parts/Basics";
import { changeWords } from "./words";

/** More than these are not drawn: a job that writes a checkpoint every step has as many events as steps. */
const ROWS_MAX = 500;

export function History({ changes }: { changes: readonly JobEvent[] }): ReactElement {
  const shown = changes.slice(-ROWS_MAX).reverse();
  return (
    <>
      <div className="table-scroll">
        <table className="list">
          <ColumnHeads names={["When", "What happened"]} />
          <tbody>
            {shown.map((event) => (
              <tr key={event.sequence} className={`job-change job-${event.change}`}>
                <td>
                  <Moment millis={event.atMillis} />
                </td>
                <td>{changeWords(event)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changes.length > ROWS_MAX ? <p className="quiet-text">The newest {ROWS_MAX} of {changes.length.toLocaleString("en-GB")} are shown; `sandmill train watch --json` prints all.</p> : null}
    </>
  );
}
