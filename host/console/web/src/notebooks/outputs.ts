// What a cell shows, message by message.
// Never grows without end: what a cell writes beyond a limit is left out, and the cell says so.

import { readBundle, type Json, type Output } from "./nbformat";

/** Text of one cell that is kept, in characters. */
export const CELL_TEXT_MAX = 1_000_000;
/** Things that one cell shows. */
export const CELL_OUTPUTS_MAX = 500;

export const CUT = "\n[the rest of what this cell wrote is not kept here]\n";

export interface Shown {
  outputs: Output[];
  /** Whether what is shown goes as soon as something else comes. */
  clearsNext: boolean;
}

export const NOTHING: Shown = { outputs: [], clearsNext: false };

const string = (value: unknown): string => (typeof value === "string" ? value : "");
const json = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

/** What is shown after a message of a kernel; the same object where it changes nothing. */
export function shownAfter(shown: Shown, type: string, content: Json): Shown {
  if (type === "clear_output") {
    return content["wait"] === true ? { ...shown, clearsNext: true } : NOTHING;
  }
  const output = outputOf(type, content);
  if (output === undefined) {
    return shown;
  }
  return { outputs: added(shown.clearsNext ? [] : shown.outputs, output), clearsNext: false };
}

function outputOf(type: string, content: Json): Output | undefined {
  switch (type) {
    case "stream":
      return { type, name: content["name"] === "stderr" ? "stderr" : "stdout", text: string(content["text"]) };
    case "error": {
      const traceback = Array.isArray(content["traceback"]) ? content["traceback"].map(string) : [];
      return { type, ename: string(content["ename"]), evalue: string(content["evalue"]), traceback };
    }
    case "display_data":
    case "execute_result": {
      const id = json(content["transient"])["display_id"];
      const count = content["execution_count"];
      const numbered = typeof count === "number" ? { count } : {};
      const named = typeof id === "string" ? { displayId: id } : {};
      return { type, data: readBundle(content["data"]), metadata: json(content["metadata"]), ...numbered, ...named };
    }
    default:
      return undefined;
  }
}

function added(outputs: Output[], output: Output): Output[] {
  const last = outputs.at(-1);
  if (output.type === "stream" && last?.type === "stream" && last.name === output.name) {
    return [...outputs.slice(0, -1), { ...last, text: joined(last.text, output.text) }];
  }
  if (outputs.length >= CELL_OUTPUTS_MAX) {
    return outputs;
  }
  return [...outputs, output.type === "stream" ? { ...output, text: joined("", output.text) } : output];
}

/** Text behind text, as a terminal has it: what stands behind a lone return replaces the line. */
function joined(before: string, text: string): string {
  if (before.length > CELL_TEXT_MAX) {
    return before;
  }
  const start = before.lastIndexOf("\n") + 1;
  const open = before.slice(start) + text;
  const lines = open.includes("\r") ? open.split("\n").map(returned).join("\n") : open;
  const whole = before.slice(0, start) + lines;
  return whole.length > CELL_TEXT_MAX ? whole.slice(0, CELL_TEXT_MAX) + CUT : whole;
}

function returned(line: string): string {
  const end = line.endsWith("\r") ? "\r" : "";
  const parts = (end === "" ? line : line.slice(0, -1)).split("\r");
  return (parts.at(-1) ?? "") + end;
}

/** What is shown after something that was shown under a name is replaced; the same list where it is not there. */
export function replaced(outputs: Output[], content: Json): Output[] {
  const id = json(content["transient"])["display_id"];
  const isIt = (output: Output): boolean => "displayId" in output && output.displayId === id;
  if (typeof id !== "string" || !outputs.some(isIt)) {
    return outputs;
  }
  const data = { data: readBundle(content["data"]), metadata: json(content["metadata"]) };
  return outputs.map((output) => (isIt(output) ? ({ ...output, ...data }) : output));
}
