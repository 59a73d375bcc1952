// A table in HTML as rows of text, so that it is shown in the page's own way.
// Never anything but text: where a table holds more, it is left to a frame.

export interface PlainCell {
  text: string;
  isHead: boolean;
  span: number;
}

export interface PlainTable {
  head: PlainCell[][];
  rows: PlainCell[][];
  /** What stands beside it. */
  words: string;
}

/** Larger ones are left to a frame. */
const CELLS_MAX = 20_000;

/** What may stand around a table and in its cells without being lost. */
const PLAIN = new Set(["BODY", "DIV", "TABLE", "THEAD", "TBODY", "TFOOT", "TR", "TH", "TD", "P", "B", "I", "EM", "STRONG", "CODE", "SPAN", "BR", "CAPTION"]);

/** The table that the HTML is; nothing where it is more than one, or something else. */
export function tableOf(html: string): PlainTable | undefined {
  if (!/<table\b/i.test(html)) {
    return undefined;
  }
  // A document that is parsed so runs no scripts and loads nothing.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  body.querySelectorAll("style").forEach((style) => style.remove());
  const tables = body.querySelectorAll("table");
  const table = tables[0];
  const all = [...body.querySelectorAll("*")];
  if (table === undefined || tables.length > 1 || all.length > CELLS_MAX || !all.every(({ tagName }) => PLAIN.has(tagName))) {
    return undefined;
  }
  const rows = [...table.rows].map((row) => ({ isHead: row.parentElement?.tagName === "THEAD", cells: [...row.cells].map(cellOf) }));
  table.remove();
  return {
    head: rows.filter(({ isHead }) => isHead).map(({ cells }) => cells),
    rows: rows.filter(({ isHead }) => !isHead).map(({ cells }) => cells),
    words: body.textContent.trim(),
  };
}

function cellOf(cell: HTMLTableCellElement): PlainCell {
  return { text: cell.textContent.trim(), isHead: cell.tagName === "TH", span: Math.max(1, Math.min(1_000, cell.colSpan)) };
}
