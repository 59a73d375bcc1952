// Runs side by side: what they were given, what they scored, how they got there.
// Never more runs than can be read beside each other.

import { useQueries } from "@tanstack/react-query";
import { useMemo, useState, type ReactElement } from "react";
import { Link } from "wouter";
import { runAddress, useAddress } from "../app/address";
import { runDetail, runMetrics } from "../api/queries";
import type { RunDetail } from "../api/types";
import { Empty, Loading, Page } from "../parts/Basics";
import { number } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { CurveComparison, EvaluationComparison } from "./Drawings";
import { componentRows, outputRows, parameterRows, titleOf, type Row, type ScoreRow } from "./gather";
import { Picker } from "./Picker";

export const RUNS_MAX = 8;

export default function ComparePage(): ReactElement {
  const [query, change] = useAddress();
  const ids = useMemo(() => (query.get("runs") ?? "").split(",").filter((id) => id !== "").slice(0, RUNS_MAX), [query]);
  const found = useQueries({ queries: ids.map((id) => runDetail(id)) });
  const runs = found.flatMap((one) => (one.data === undefined ? [] : [one.data]));
  const error = found.find((one) => one.error !== null)?.error;
  const choose = (next: readonly string[]): void => change({ runs: next.join(",") });
  return (
    <Page wide title="Compare runs" above={<Link href="/runs">Runs</Link>} actions={<Picker chosen={ids} choose={choose} />}>
      {error === undefined ? null : <Trouble error={error} />}
      {ids.length < 2 ? (
        <Empty title={ids.length === 0 ? "Choose runs to compare" : "Choose another run"}>Parameters, scores, curves, confusion matrices and ROC of up to {RUNS_MAX} runs stand side by side here.</Empty>
      ) : null}
      {runs.length < ids.length && error === undefined ? <Loading what="Reading runs" /> : null}
      {runs.length === 0 || runs.length < ids.length ? null : <Compared runs={runs} remove={(id) => choose(ids.filter((one) => one !== id))} />}
    </Page>
  );
}

function Compared({ runs, remove }: { runs: readonly RunDetail[]; remove: (id: string) => void }): ReactElement {
  const [all, setAll] = useState(false);
  const parameters = useMemo(() => parameterRows(runs), [runs]);
  const components = useMemo(() => componentRows(runs), [runs]);
  const outputs = useMemo(() => outputRows(runs), [runs]);
  const points = useQueries({ queries: runs.map((run) => runMetrics(run.id, run.status)), combine: (results) => results.map((result) => result.data ?? []) });
  const shown = (rows: readonly Row[]): readonly Row[] => (all ? rows : rows.filter((row) => row.differs));
  return (
    <>
      <label className="choice">
        <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> Show what is the same as well
      </label>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Differences">
        <table className="list compare">
          <thead>
            <tr>
              <td />
              {runs.map((run, at) => (
                <th key={run.id} scope="col">
                  <span className={`swatch swatch-${at}`} aria-hidden="true" /> <Link href={runAddress(run.id)}>{titleOf(run)}</Link>
                  <button type="button" className="quiet" onClick={() => remove(run.id)} aria-label={`Take ${titleOf(run)} out`}>
                    <Icon name="close" />
                  </button>
                  <Status status={run.status} />
                </th>
              ))}
            </tr>
          </thead>
          <Section title="Parameters" columns={runs.length} rows={shown(parameters)} same={parameters.length} />
          <Scores rows={outputs} columns={runs.length} />
          <Section title="Components" columns={runs.length} rows={shown(components)} same={components.length} />
        </table>
      </div>
      <EvaluationComparison runs={runs} />
      <CurveComparison runs={runs} points={points} />
    </>
  );
}

function Section({ title, columns, rows, same }: { title: string; columns: number; rows: readonly Row[]; same: number }): ReactElement {
  return (
    <tbody>
      <tr className="compare-title">
        <th scope="rowgroup" colSpan={columns + 1}>
          {title} {rows.length === 0 ? <span className="quiet-text">{same === 0 ? "none" : `all ${same} are the same`}</span> : null}
        </th>
      </tr>
      {rows.map((row) => (
        <tr key={row.name} className={row.differs ? "differs" : ""}>
          <th scope="row">{row.name}</th>
          {row.cells.map((cell, at) => (
            <td key={at} title={cell}>
              {cell ?? <span className="quiet-text">not given</span>}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** Numbers, each with how far it lies between the least and the most of its row. */
function Scores({ rows, columns }: { rows: readonly ScoreRow[]; columns: number }): ReactElement {
  return (
    <tbody>
      <tr className="compare-title">
        <th scope="rowgroup" colSpan={columns + 1}>
          Numbers that steps gave {rows.length === 0 ? <span className="quiet-text">none</span> : null}
        </th>
      </tr>
      {rows.map((row) => {
        const given = row.cells.filter((cell) => cell !== undefined);
        const [least, most] = [Math.min(...given), Math.max(...given)];
        return (
          <tr key={row.name} className={least === most ? "" : "differs"}>
            <th scope="row">{row.name}</th>
            {row.cells.map((cell, at) => (
              <td key={at}>
                {cell === undefined ? (
                  <span className="quiet-text">none</span>
                ) : (
                  <>
                    <span className="number">{number(cell)}</span> {least === most ? null : <meter min={least} max={most} value={cell} aria-label={`${row.name} between least and most`} />}
                  </>
                )}
              </td>
            ))}
          </tr>
        );
      })}
    </tbody>
  );
}
