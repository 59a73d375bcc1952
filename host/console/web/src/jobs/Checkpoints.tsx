// The checkpoints that a job can go on from.
// Never a way to download one: it is the component's own, and of no use without it.

import type { ReactElement } from "react";
import type { JobDetail } from "../api/types";
import { ColumnHeads, Digest, Empty } from "../parts/Basics";
import { bytes } from "../parts/format";

export function Checkpoints({ job }: { job: JobDetail }): ReactElement {
  if (job.checkpoints.length === 0) {
    return (
      <Empty title="No checkpoint yet">
        The first is written after the steps, or the time, that <code>checkpoint</code> of the document says; left out, after a minute.
      </Empty>
    );
  }
  return (
    <div className="table-scroll">
      <table className="list">
        <ColumnHeads names={["After step", "Size", "Digest"]} />
        <tbody>
          {[...job.checkpoints].reverse().map((checkpoint) => (
            <tr key={checkpoint.step}>
              <td className="number">{checkpoint.step}</td>
              <td className="number">{bytes(checkpoint.sizeBytes)}</td>
              <td>
                <Digest digest={checkpoint.digest} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
