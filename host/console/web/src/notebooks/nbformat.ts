// Notebooks as they are kept: nbformat 4.5, read with some patience and written as Jupyter writes it.
// Never drops what it does not know: metadata of others comes back as it was.

export type Json = Record<string, unknown>;

/** Media types and contents; text where it is text, anything else where it is JSON. */
export type MimeBundle = Record<string, unknown>;

export type Output =
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "error"; ename: string; evalue: string; traceback: string[] }
  | { type: "display_data" | "execute_result"; data: MimeBundle; metadata: Json; count?: number; displayId?: string };

export type CellKind = "code" | "markdown" | "raw";

export interface KeptCell {
  id: string;
  kind: CellKind;
  source: string;
  metadata: Json;
  outputs: Output[];
  count: number | null;
}

export interface Notebook {
  metadata: Json;
  cells: KeptCell[];
}

/** How cells follow each other: by hand, with marks where something is out of date, or by themselves. */
export const MODES = ["classic", "lazy", "reactive"] as const;
export type Mode = (typeof MODES)[number];

/** Where the console keeps what is its own in a notebook's metadata. */
const OWN = "sandmill";

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

const json = (value: unknown): Json => (isJson(value) ? value : {});

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Text is kept as it is, or as a list of lines. */
function text(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  return listOf(value).filter((line) => typeof line === "string").join("");
}

export function newCellId(): string {
  return crypto.randomUUID().slice(0, 8);
}

export function newCell(kind: CellKind = "code", source = ""): KeptCell {
  return { id: newCellId(), kind, source, metadata: {}, outputs: [], count: null };
}

export function modeOf(metadata: Json): Mode {
  const mode = json(metadata[OWN])["mode"];
  return MODES.find((one) => one === mode) ?? "classic";
}

export function withMode(metadata: Json, mode: Mode): Json {
  return { ...metadata, [OWN]: { ...json(metadata[OWN]), mode } };
}

/** A kernel by the name that a node knows it by, and what people read. */
export interface KernelSpec {
  name: string;
  label: string;
}

/** The kernel that every node has. */
export const PYTHON: KernelSpec = { name: "python3", label: "Python (sandbox)" };

/** The name of the kernel that the notebook is for. Other programs write names that no node knows. */
export function kernelOf(metadata: Json): string {
  const name = json(metadata["kernelspec"])["name"];
  return typeof name === "string" ? name : PYTHON.name;
}

export function withKernel(metadata: Json, { name, label }: KernelSpec): Json {
  return { ...metadata, kernelspec: kernelspec({ name, label }) };
}

const kernelspec = ({ name, label }: KernelSpec): Json => ({ display_name: label, language: "python", name });

/** The request whose outputs somebody took away: the session still knows them, and tells of them again. */
export function clearedOf(metadata: Json): string | undefined {
  const cleared = json(metadata[OWN])["cleared"];
  return typeof cleared === "string" ? cleared : undefined;
}

export function withCleared(metadata: Json, request: string): Json {
  return { ...metadata, [OWN]: { ...json(metadata[OWN]), cleared: request } };
}

/** A notebook from its file's content. */
export function readNotebook(content: unknown): Notebook {
  const file = json(content);
  const taken = new Set<string>();
  return { metadata: json(file["metadata"]), cells: listOf(file["cells"]).filter(isJson).map((cell) => readCell(cell, taken)) };
}

function readCell(cell: Json, taken: Set<string>): KeptCell {
  const kind = cell["cell_type"] === "markdown" ? "markdown" : cell["cell_type"] === "raw" ? "raw" : "code";
  const count = cell["execution_count"];
  return {
    id: freeId(cell["id"], taken),
    kind,
    source: text(cell["source"]),
    metadata: json(cell["metadata"]),
    outputs: kind === "code" ? listOf(cell["outputs"]).filter(isJson).flatMap(readOutput) : [],
    count: typeof count === "number" ? count : null,
  };
}

/** Ids are unique in a notebook; older notebooks have none. */
function freeId(id: unknown, taken: Set<string>): string {
  const free = typeof id === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(id) && !taken.has(id) ? id : newCellId();
  taken.add(free);
  return free;
}

function readOutput(output: Json): Output[] {
  switch (output["output_type"]) {
    case "stream":
      return [{ type: "stream", name: output["name"] === "stderr" ? "stderr" : "stdout", text: text(output["text"]) }];
    case "error":
      return [{ type: "error", ename: text(output["ename"]), evalue: text(output["evalue"]), traceback: listOf(output["traceback"]).map(text) }];
    case "display_data":
      return [{ type: "display_data", data: readBundle(output["data"]), metadata: json(output["metadata"]) }];
    case "execute_result": {
      const count = output["execution_count"];
      return [{ type: "execute_result", data: readBundle(output["data"]), metadata: json(output["metadata"]), ...(typeof count === "number" ? { count } : {}) }];
    }
    default:
      return [];
  }
}

/** What is no JSON is text, which may be kept in lines. */
export function readBundle(data: unknown): MimeBundle {
  const isData = (type: string): boolean => type === "application/json" || type.endsWith("+json");
  return Object.fromEntries(Object.entries(json(data)).map(([type, content]) => [type, isData(type) ? content : text(content)]));
}

/** Lines with their ends, so that differences of files are small. */
function lines(whole: string): string[] {
  return whole === "" ? [] : (whole.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** The content of a notebook's file. */
export function writeNotebook(notebook: Notebook): Json {
  const metadata = { kernelspec: kernelspec(PYTHON), language_info: { name: "python" }, ...notebook.metadata };
  return { cells: notebook.cells.map(writeCell), metadata, nbformat: 4, nbformat_minor: 5 };
}

function writeCell(cell: KeptCell): Json {
  const { id, kind, metadata } = cell;
  const always = { cell_type: kind, id, metadata, source: lines(cell.source) };
  return kind === "code" ? { ...always, execution_count: cell.count, outputs: cell.outputs.map(writeOutput) } : always;
}

function writeOutput(output: Output): Json {
  switch (output.type) {
    case "stream":
      return { output_type: "stream", name: output.name, text: lines(output.text) };
    case "error":
      return { output_type: "error", ename: output.ename, evalue: output.evalue, traceback: output.traceback };
    default: {
      const shown = { output_type: output.type, data: output.data, metadata: output.metadata };
      return output.type === "execute_result" ? { ...shown, execution_count: output.count ?? null } : shown;
    }
  }
}

/** Whether two contents of files are the same notebook, whatever the order of their names. */
export function isSame(one: unknown, other: unknown): boolean {
  const text = (content: unknown): string => JSON.stringify(sorted(writeNotebook(readNotebook(content))));
  return text(one) === text(other);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (!isJson(value)) {
    return value;
  }
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}
