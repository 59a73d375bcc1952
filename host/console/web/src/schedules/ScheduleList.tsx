// All schedules: when each fires, when next, and what holds it up.
// Never changes one but to pause it or let it go on.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { schedules } from "../api/queries";
import { ColumnHeads, Empty, Loading, Moment, Page } from "../parts/Basics";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { PauseButton } from "./ScheduleActions";
import { timingWords } from "./timing";

export default function ScheduleList(): ReactElement {
  const { data, error } = useQuery(schedules());
  return (
    <Page
      title="Schedules"
      actions={
        <Link className="button" href="/pipelines/run">
          <Icon name="plus" /> New schedule
        </Link>
      }
    >
      {data === undefined ? error === null ? <Loading what="Reading schedules" /> : <Trouble error={error} /> : null}
      {data?.items.length === 0 ? (
        <Empty title="Nothing runs by itself yet">
          <p>A schedule runs a pipeline again and again. Open one, fill in its parameters, and choose Schedule instead of Run.</p>
          <p>
            <Link className="button primary" href="/pipelines/run">
              Open the workbench
            </Link>
          </p>
        </Empty>
      ) : null}
      {data === undefined || data.items.length === 0 ? null : (
        <div className="table-scroll">
          <table className="list">
            <ColumnHeads names={["Schedule", "State", "Fires", "Next"]} hasActions />
            <tbody>
              {data.items.map((one) => (
                <tr key={one.id}>
                  <td>
                    <Link href={`/schedules/${encodeURIComponent(one.id)}`}>{one.name}</Link>
                  </td>
                  <td>
                    <Status status={one.timing.paused ? "paused" : (one.problems ?? []).length > 0 ? "failed" : "active"} />
                  </td>
                  <td>
                    <code>{timingWords(one.timing)}</code>
                  </td>
                  <td>{one.nextAtMillis[0] === undefined ? "" : <Moment millis={one.nextAtMillis[0]} />}</td>
                  <td className="row-actions">
                    <PauseButton schedule={one} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
