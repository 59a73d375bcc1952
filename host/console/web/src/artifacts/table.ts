// The first rows of a table artifact, whichever form it has.
// Never reads more of it than it shows, but for forms that keep what is needed at their end.

import { contentAddress, readContent, type Content } from "../api/client";
import { wholeMessages } from "./arrow";
import { rowsOf } from "./csv";
import { baseType, shownAs } from "./kind";

export interface TableRows {
  columns: string[];
  rows: string[][];
  /** Rows in all, where the form says so. */
  total: number | undefined;
  /** Whether there are rows that were not read. */
  more: boolean;
}

const ROWS_MAX = 1_000;
const BYTES_FIRST = 256 * 1_024;
const BYTES_MAX = 8 * 1_024 * 1_024;

export async function readTable(artifact: Content, signal?: AbortSignal): Promise<TableRows> {
  switch (shownAs(artifact)) {
    case "arrow":
      return readArrow(artifact, signal);
    case "parquet":
      return readParquet(artifact);
    default:
      return readText(artifact, signal);
  }
}

async function readText(artifact: Content, signal?: AbortSignal): Promise<TableRows> {
  const content = await readContent(artifact, 0, BYTES_FIRST, signal);
  const ended = content.byteLength >= artifact.sizeBytes;
  const separator = baseType(artifact.mediaType) === "text/tab-separated-values" ? "\t" : ",";
  const { rows } = rowsOf(new TextDecoder().decode(content), separator, ended);
  const [columns = [], ...rest] = rows;
  return { columns, rows: rest.slice(0, ROWS_MAX), total: ended ? rest.length : undefined, more: !ended || rest.length > ROWS_MAX };
}

async function readArrow(artifact: Content, signal?: AbortSignal): Promise<TableRows> {
  const { tableFromIPC } = await import("@uwdata/flechette");
  for (let length = BYTES_FIRST; ; length = Math.min(BYTES_MAX, length * 4)) {
    const content = await readContent(artifact, 0, length, signal);
    const ended = content.byteLength >= artifact.sizeBytes;
    const table = tableFromIPC(content.subarray(0, ended ? content.byteLength : wholeMessages(content)));
    if (table.numRows > 0 || ended || length === BYTES_MAX) {
      const columns = table.names.map(String);
      const read = table.names.map((name) => table.getChild(name));
      const count = Math.min(table.numRows, ROWS_MAX);
      const rows = Array.from({ length: count }, (_, row) => read.map((column) => cell(column.at(row))));
      return { columns, rows, total: ended ? table.numRows : undefined, more: !ended || table.numRows > count };
    }
  }
}

async function readParquet(artifact: Content): Promise<TableRows> {
  const { asyncBufferFromUrl, parquetMetadataAsync, parquetReadObjects } = await import("hyparquet");
  const file = await asyncBufferFromUrl({ url: contentAddress(artifact), byteLength: artifact.sizeBytes });
  const metadata = await parquetMetadataAsync(file);
  const total = Number(metadata.num_rows);
  const objects = (await parquetReadObjects({ file, metadata, rowEnd: Math.min(ROWS_MAX, total) })) as Record<string, unknown>[];
  const columns = Object.keys(objects[0] ?? {});
  return { columns, rows: objects.map((row) => columns.map((name) => cell(row[name]))), total, more: total > objects.length };
}

function cell(value: unknown): string {
  if (value === null || value === undefined) {
    return "";
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (typeof value === "object") {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
  }
  return typeof value === "number" || typeof value === "string" || typeof value === "boolean" || typeof value === "bigint" ? String(value) : "";
}
