// A table of what is compared: a column for each, rows of what they were given and of what they scored.
// Never knows whether runs or jobs stand in it.

import { useState, type ReactElement, type ReactNode } from "react";
import { Link } from "wouter";
import { number } from "../parts/format";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import type { Row, ScoreRow } from "./gather";

export interface Column {
  id: string;
  title: string;
  status: string;
  href: string;
}

/** Which rows are shown, and the switch that says so: those that differ, or all. */
export function useShown(): [(rows: readonly Row[]) => readonly Row[], ReactElement] {
  const [all, setAll] = useState(false);
  const choice = (
    <label className="choice">
      <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> Show what is the same as well
    </label>
  );
  return [(rows) => (all ? rows : rows.filter((row) => row.differs)), choice];
}

export function Columns({ columns, remove, children }: { columns: readonly Column[]; remove: (id: string) => void; children: ReactNode }): ReactElement {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Differences">
      <table className="list compare">
        <thead>
          <tr>
            <td />
            {columns.map((one, at) => (
              <th key={one.id} scope="col">
                <span className={`swatch swatch-${at}`} aria-hidden="true" /> <Link href={one.href}>{one.title}</Link>
                <button type="button" className="quiet" onClick={() => remove(one.id)} aria-label={`Take ${one.title} out`}>
                  <Icon name="close" />
                </button>
                <Status status={one.status} />
              </th>
            ))}
          </tr>
        </thead>
        {children}
      </table>
    </div>
  );
}

export function Section({ title, columns, rows, same }: { title: string; columns: number; rows: readonly Row[]; same: number }): ReactElement {
  return (
    <tbody>
      <tr className="compare-title">
        <th scope="rowgroup" colSpan={columns + 1}>
          {title} {rows.length === 0 ? <span className="quiet-text">{sameWords(same)}</span> : null}
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

function sameWords(count: number): string {
  return count === 0 ? "none" : count === 1 ? "the same" : `all ${count} are the same`;
}

/** Numbers, each with how far it lies between the least and the most of its row. */
export function Scores({ title, rows, columns }: { title: string; rows: readonly ScoreRow[]; columns: number }): ReactElement {
  return (
    <tbody>
      <tr className="compare-title">
        <th scope="rowgroup" colSpan={columns + 1}>
          {title} {rows.length === 0 ? <span className="quiet-text">none</span> : null}
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
