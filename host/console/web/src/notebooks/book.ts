// A notebook that is open: its cells as they are now, and every way to change them.
// Never talks to the node; who does (the runner, the saver) changes it here and listens here.

import type { Link } from "./channel";
import type { Variable } from "./jupyter";
import { modeOf, newCell, readNotebook, withCleared, withKernel, withMode, writeNotebook, type CellKind, type Json, type KeptCell, type KernelSpec, type Mode } from "./nbformat";
import { namesOf, type Names } from "./names";
import { staleCells, type Analysed } from "./stale";

export interface Cell extends KeptCell {
  state: "idle" | "queued" | "running";
  /** What of it ran last in this session, and in which turn. */
  ran?: { source: string; turn: number } | undefined;
  /** The request that its outputs follow from. */
  request?: string | undefined;
  /** What the cell asks whoever sits here. */
  question?: { prompt: string; secret: boolean } | undefined;
  clearsNext: boolean;
}

export type Saving = "saved" | "unsaved" | "saving" | "elsewhere" | "failed";

export interface BookState {
  path: string;
  metadata: Json;
  cells: readonly Cell[];
  stale: ReadonlySet<string>;
  saving: Saving;
  link: Link;
  variables: readonly Variable[];
  /** What happened that somebody should know. */
  notice: string | undefined;
  error: unknown;
}

const SOON_MILLIS = 50;

/** Without its outputs, now and when its session tells of them again. What still runs goes on to say things. */
function cleared(cell: Cell): Cell {
  const metadata = cell.request === undefined || cell.state === "running" ? cell.metadata : withCleared(cell.metadata, cell.request);
  return { ...cell, metadata, outputs: [], count: null };
}

const opened = (cell: KeptCell): Cell => ({ ...cell, state: "idle", clearsNext: false });

export class Book {
  private state: BookState;
  private readonly listeners = new Set<() => void>();
  private readonly names = new Map<string, Names>();
  private telling: ReturnType<typeof setTimeout> | undefined;
  private deleted: { cell: Cell; place: number }[] = [];
  /** Called whenever something changed that belongs into the file. */
  onChange: () => void = () => undefined;

  constructor(path: string, content: unknown) {
    const { cells, metadata } = readNotebook(content);
    const first = cells.length === 0 ? [newCell()] : cells;
    this.state = { path, metadata, cells: first.map(opened), stale: new Set(), saving: "saved", link: "connecting", variables: [], notice: undefined, error: null };
  }

  readonly read = (): BookState => this.state;

  readonly listen = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get mode(): Mode {
    return modeOf(this.state.metadata);
  }

  cell(id: string): Cell | undefined {
    return this.state.cells.find((cell) => cell.id === id);
  }

  /** As it belongs into the file. */
  content(): Json {
    return writeNotebook({ metadata: this.state.metadata, cells: [...this.state.cells] });
  }

  /** Changes something that is not kept. Whoever looks is told at once, or soon: a cell can write faster than one reads. */
  set(changes: Partial<BookState>, when: "now" | "soon" = "now"): void {
    this.state = { ...this.state, ...changes };
    if (changes.cells !== undefined || changes.metadata !== undefined) {
      this.state.stale = this.mode === "classic" ? new Set() : staleCells(this.analysed());
    }
    if (when === "now") {
      this.tell();
    } else {
      this.telling ??= setTimeout(() => this.tell(), SOON_MILLIS);
    }
  }

  private tell(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.listeners.forEach((listener) => listener());
  }

  /** Changes something that is kept. */
  private keep(changes: Partial<BookState>, when: "now" | "soon" = "now"): void {
    this.set(changes, when);
    this.onChange();
  }

  /** Takes the file's content in place of its own. */
  replace(content: unknown): void {
    const { cells, metadata } = readNotebook(content);
    const known = new Map(this.state.cells.map((cell) => [cell.id, cell]));
    this.set({ metadata, cells: cells.map((cell) => ({ ...opened(cell), ran: known.get(cell.id)?.ran })) });
  }

  analysed(): Analysed[] {
    const code = this.state.cells.filter(({ kind }) => kind === "code");
    return code.map(({ id, source, ran }) => ({ id, source, ran, names: this.namesOf(source) }));
  }

  /** Read once for each text. */
  private namesOf(source: string): Names {
    const known = this.names.get(source);
    if (known !== undefined) {
      return known;
    }
    // Of texts that are being typed, only the newest matter.
    if (this.names.size > 4 * this.state.cells.length + 100) {
      this.names.clear();
    }
    const names = namesOf(source);
    this.names.set(source, names);
    return names;
  }

  /** Changes a cell in what is kept. */
  change(id: string, changes: Partial<Cell>, when: "now" | "soon" = "now"): void {
    this.keep({ cells: this.changed(id, changes) }, when);
  }

  /** Changes a cell in what is not kept. */
  mark(id: string, changes: Partial<Cell>): void {
    this.set({ cells: this.changed(id, changes) });
  }

  private changed(id: string, changes: Partial<Cell>): Cell[] {
    return this.state.cells.map((cell) => (cell.id === id ? { ...cell, ...changes } : cell));
  }

  edit(id: string, source: string): void {
    if (this.cell(id)?.source !== source) {
      this.change(id, { source });
    }
  }

  setMode(mode: Mode): void {
    this.keep({ metadata: withMode(this.state.metadata, mode) });
  }

  setKernel(kernel: KernelSpec): void {
    this.keep({ metadata: withKernel(this.state.metadata, kernel) });
  }

  setKind(id: string, kind: CellKind): void {
    this.change(id, { kind, outputs: [], count: null, ran: undefined });
  }

  /** A new cell at a place; gives its id. */
  insert(place: number, kind: CellKind = "code"): string {
    const cell = opened(newCell(kind));
    this.keep({ cells: this.state.cells.toSpliced(place, 0, cell) });
    return cell.id;
  }

  /** Takes a cell out; gives the id of the one that stands there then. There is always one left. */
  remove(id: string): string {
    const place = this.place(id);
    const cell = this.state.cells[place];
    if (cell === undefined) {
      return id;
    }
    this.deleted = [...this.deleted, { cell, place }].slice(-20);
    const left = this.state.cells.toSpliced(place, 1);
    const cells = left.length === 0 ? [opened(newCell())] : left;
    this.keep({ cells });
    return cells[Math.min(place, cells.length - 1)]?.id ?? id;
  }

  /** Puts the cell back that was deleted last. */
  restore(): string | undefined {
    const last = this.deleted.pop();
    if (last !== undefined) {
      this.keep({ cells: this.state.cells.toSpliced(last.place, 0, { ...last.cell, state: "idle" }) });
    }
    return last?.cell.id;
  }

  move(id: string, by: -1 | 1): void {
    const place = this.place(id);
    const cell = this.state.cells[place];
    const to = place + by;
    if (cell !== undefined && to >= 0 && to < this.state.cells.length) {
      this.keep({ cells: this.state.cells.toSpliced(place, 1).toSpliced(to, 0, cell) });
    }
  }

  clearOutputs(): void {
    this.keep({ cells: this.state.cells.map(cleared) });
  }

  place(id: string): number {
    return this.state.cells.findIndex((cell) => cell.id === id);
  }
}
