// Where in a document the node's problems are: at the line that they name, or at the step that they speak of.
// Never a problem of its own.

import type { Problem } from "../api/types";

export interface Mark {
  line: number;
  column: number;
  message: string;
}

const PLACE = /^line (\d+), column (\d+): /;
const QUOTED = /`([^`\s]+)`/g;

export function marksOf(text: string, problems: readonly Problem[]): Mark[] {
  const lines = text.split("\n");
  return problems.map((problem) => {
    const hint = problem.hint === undefined || problem.hint === null ? "" : `\n${problem.hint}`;
    const placed = PLACE.exec(problem.message);
    if (placed !== null) {
      return { line: Number(placed[1]), column: Number(placed[2]), message: problem.message.slice(placed[0].length) + hint };
    }
    return { ...lineOf(lines, problem.message), message: problem.message + hint };
  });
}

/** The last of the names in a message that stands as a key in the document: inner names come behind outer ones. */
function lineOf(lines: readonly string[], message: string): { line: number; column: number } {
  let found = { line: 1, column: 1 };
  let from = 0;
  for (const [, name = ""] of message.matchAll(QUOTED)) {
    const place = lines.findIndex((line, at) => at >= from && line.trimStart().startsWith(`${name}:`));
    if (place >= 0) {
      found = { line: place + 1, column: (lines[place] ?? "").indexOf(name) + 1 };
      from = place;
    }
  }
  return found;
}

export interface Diagnostic {
  from: number;
  to: number;
  severity: "error";
  message: string;
}

/** The same as ranges of the text: from where a mark stands to the end of its line. */
export function diagnosticsOf(text: string, marks: readonly Mark[]): Diagnostic[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  const found = marks.map((mark): Diagnostic => {
    const start = starts[Math.min(mark.line, starts.length) - 1] ?? 0;
    const end = starts[mark.line] === undefined ? text.length : (starts[mark.line] ?? 1) - 1;
    const from = Math.min(end, start + mark.column - 1);
    return { from, to: Math.max(from, end), severity: "error", message: mark.message };
  });
  return found.sort((one, other) => one.from - other.from);
}
