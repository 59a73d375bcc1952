// Rows of text with separators, as RFC 4180 writes them.
// Never guesses types: every cell is text.

export interface Rows {
  rows: string[][];
  /** Characters that were read to the end of a row. */
  read: number;
}

/** Whole rows of a text that may break off; what comes behind the last whole one is left unread unless `ended`. */
export function rowsOf(text: string, separator: string, ended: boolean): Rows {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  let read = 0;
  const endRow = (at: number): void => {
    row.push(cell);
    if (row.length > 1 || row[0] !== "") {
      rows.push(row);
    }
    row = [];
    cell = "";
    read = at;
  };
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? "";
    if (quoted) {
      if (letter !== '"') {
        cell += letter;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else {
        quoted = false;
      }
    } else if (letter === '"' && cell === "") {
      quoted = true;
    } else if (letter === separator) {
      row.push(cell);
      cell = "";
    } else if (letter === "\n") {
      endRow(at + 1);
    } else if (letter !== "\r") {
      cell += letter;
    }
  }
  if (ended && (cell !== "" || row.length > 0)) {
    endRow(text.length);
  }
  return { rows, read };
}
