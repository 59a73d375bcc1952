// The first rows of a table, under its columns.
// Never sorts or counts what it has not read.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { contentAddress, type Content } from "../api/client";
import { Loading } from "../parts/Basics";
import { Trouble } from "../parts/Trouble";
import { Cut } from "./Preview";
import { readTable } from "./table";

/** A wide table of more rows would be tens of thousands of cells. */
const ROWS_SHOWN = 100;
const COLUMNS_SHOWN = 100;

export function TablePreview({ artifact }: { artifact: Content }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ["table", contentAddress(artifact)],
    queryFn: ({ signal }) => readTable(artifact, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (data === undefined) {
    return error === null ? <Loading what="Reading rows" /> : <Trouble error={error} />;
  }
  const columns = data.columns.slice(0, COLUMNS_SHOWN);
  const rows = data.rows.slice(0, ROWS_SHOWN);
  const total = data.total === undefined ? "" : ` of ${data.total.toLocaleString("en-GB")}`;
  const wide = data.columns.length > COLUMNS_SHOWN ? `, ${COLUMNS_SHOWN} of ${data.columns.length} columns` : "";
  return (
    <figure className="preview-table">
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Rows">
        <table className="data">
          <thead>
            <tr>
              <th className="row-number" scope="col">
                <span className="unseen">Row</span>
              </th>
              {columns.map((name, place) => (
                <th key={place} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                <td className="row-number">{place + 1}</td>
                {columns.map((_, column) => (
                  <td key={column} className={isNumber(row[column]) ? "number" : ""}>
                    {row[column]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <figcaption className="quiet-text">
        {rows.length.toLocaleString("en-GB")}
        {total} rows{wide}
      </figcaption>
      {data.more && data.total === undefined ? <Cut artifact={artifact} /> : null}
    </figure>
  );
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && text !== "" && Number.isFinite(Number(text));
}
