// Runs the cells of an open notebook in its session, one after the other, and puts what the kernel says into them.
// Never runs two at once, and never takes an old output for a new one: each belongs to the request that it follows from.

import { Channel, type KernelMessage, type Link } from "./channel";
import type { Book, Cell } from "./book";
import { beginSession, endSession, interruptKernel, kernelSpecs, restartKernel, sessions, variablesOf } from "./jupyter";
import { clearedOf, kernelOf, PYTHON, type Json, type KernelSpec, type Mode } from "./nbformat";
import { NOTHING, replaced, shownAfter } from "./outputs";
import { nextStale } from "./stale";

/** After a connection came back, what a running cell says comes at once; else it was lost on its way. */
const SILENCE_MILLIS = 1_500;
const VARIABLES_MILLIS = 200;

const LOST = "The connection broke before this cell reached the kernel. Run it again.";

export class Runner {
  private channel: Channel | undefined;
  private queue: string[] = [];
  /** The request of the cell under way. */
  private request: string | undefined;
  /** Requests whose beginning was heard over this connection: only their outputs are whole. */
  private begun = new Set<string>();
  private turn = 0;
  /** Cells that had their turn since somebody ran one by hand. */
  private wave = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly book: Book) {}

  get kernel(): string | undefined {
    return this.channel?.kernel;
  }

  /** Connects to the notebook's session, or begins one. */
  async open(): Promise<void> {
    const { path } = this.book.read();
    this.book.set({ link: "connecting", notice: undefined, error: null });
    try {
      const known = (await sessions()).find((session) => session.path === path);
      const session = known ?? (await beginSession(path, await this.wanted()));
      if (!this.closed) {
        this.begin(session.kernel.id, known !== undefined);
        this.book.set({ notice: session.kernel.execution_state === "starting" ? session.kernel.reason : undefined });
      }
    } catch (error) {
      this.book.set({ link: "over", error });
    }
  }

  /** The notebook's kernel, where the node has it. */
  private async wanted(): Promise<string> {
    const wanted = kernelOf(this.book.read().metadata);
    return wanted === PYTHON.name || (await kernelSpecs()).some(({ name }) => name === wanted) ? wanted : PYTHON.name;
  }

  /** Another kernel from here on; what was defined is gone. */
  async choose(kernel: KernelSpec): Promise<void> {
    const { kernel: before } = this;
    this.book.setKernel(kernel);
    this.empty();
    this.channel?.close();
    this.channel = undefined;
    this.forget();
    if (before !== undefined) {
      // One that is over already is as good.
      await endSession(before).catch(() => undefined);
    }
    await this.open();
  }

  private begin(kernel: string, isKnown: boolean): void {
    this.channel?.close();
    this.forget();
    if (isKnown) {
      // What the notebook shows came from this session: the cells' numbers tell their order.
      const { cells } = this.book.read();
      this.turn = Math.max(0, ...cells.map(({ count }) => count ?? 0));
      this.book.set({ cells: cells.map((cell) => ({ ...cell, ran: cell.ran ?? (cell.count === null ? undefined : { source: cell.source, turn: cell.count }) })) });
    }
    this.channel = new Channel(kernel, { message: (message) => this.take(message), link: (link) => this.linked(link) });
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.channel?.close();
  }

  /** Runs cells in this order, behind those that wait already. */
  run(ids: readonly string[]): void {
    this.wave.clear();
    this.enqueue(ids);
  }

  runAll(): void {
    this.run(this.book.read().cells.map(({ id }) => id));
  }

  private enqueue(ids: readonly string[]): void {
    for (const id of ids) {
      const cell = this.book.cell(id);
      if (cell?.kind === "code" && !this.queue.includes(id)) {
        this.queue.push(id);
        if (cell.state === "idle") {
          this.book.mark(id, { state: "queued" });
        }
      }
    }
    if (this.book.read().link === "over") {
      void this.open();
    }
    this.next();
  }

  /** Ends what runs, keeps what was defined, and lets nothing run that waits. */
  async interrupt(): Promise<void> {
    this.empty();
    const { kernel } = this;
    if (kernel !== undefined) {
      await interruptKernel(kernel).catch((error: unknown) => this.book.set({ error }));
    }
  }

  /** A new kernel; what was defined is gone. */
  async restart(): Promise<void> {
    const { kernel } = this;
    if (kernel === undefined || this.book.read().link === "over") {
      await this.open();
      return;
    }
    this.empty();
    await restartKernel(kernel).catch((error: unknown) => this.book.set({ error }));
  }

  answer(id: string, value: string): void {
    this.channel?.answer(value);
    this.book.mark(id, { question: undefined });
  }

  async complete(code: string, cursor: number): Promise<Json | undefined> {
    // The kernel does one thing after the other: it would answer once the cell is done.
    return this.request === undefined ? this.channel?.request("complete_request", { code, cursor_pos: cursor }) : undefined;
  }

  private empty(): void {
    this.queue = [];
    this.wave.clear();
    for (const cell of this.book.read().cells.filter(({ state }) => state === "queued")) {
      this.book.mark(cell.id, { state: "idle" });
    }
  }

  /** Nothing is under way and nothing ran: a new session, or a new kernel in it. */
  private forget(): void {
    this.request = undefined;
    this.begun.clear();
    this.turn = 0;
    const cells = this.book.read().cells.map((cell): Cell => ({ ...cell, state: this.queue.includes(cell.id) ? "queued" : "idle", question: undefined, ran: undefined }));
    this.book.set({ cells, variables: [] });
  }

  private next(): void {
    if (this.request !== undefined || this.book.read().link !== "connected") {
      return;
    }
    const id = this.queue.shift();
    const cell = id === undefined ? undefined : this.book.cell(id);
    if (id === undefined) {
      this.followUp();
    } else if (cell === undefined) {
      this.next();
    } else {
      this.execute(cell);
    }
  }

  private execute(cell: Cell): void {
    const { id, source } = cell;
    const request = `${id}_${crypto.randomUUID()}`;
    this.wave.add(id);
    this.request = request;
    this.book.change(id, { state: "running", request, ...NOTHING, ran: { source, turn: (this.turn += 1) } });
    this.channel?.send("execute_request", { code: source, silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true }, request);
  }

  setMode(mode: Mode): void {
    this.book.setMode(mode);
    this.wave.clear();
    if (this.request === undefined && this.queue.length === 0) {
      this.runStale();
    }
  }

  /** In a reactive notebook, what became stale runs by itself; whether something does. */
  private runStale(): boolean {
    const next = this.book.mode === "reactive" ? nextStale(this.book.analysed(), this.wave) : undefined;
    if (next !== undefined) {
      this.enqueue([next]);
    }
    return next !== undefined;
  }

  private followUp(): void {
    if (this.wave.size > 0 && this.runStale()) {
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.readVariables(), VARIABLES_MILLIS);
  }

  private async readVariables(): Promise<void> {
    const { kernel } = this;
    if (kernel !== undefined && this.request === undefined) {
      const variables = await variablesOf(kernel).catch(() => undefined);
      if (variables !== undefined && kernel === this.kernel) {
        this.book.set({ variables });
      }
    }
  }

  private linked(link: Link): void {
    this.book.set({ link });
    if (link === "connected") {
      this.begun.clear();
      const { request } = this;
      this.timer = setTimeout(() => {
        if (request !== undefined && request === this.request && !this.begun.has(request)) {
          this.ended(request, LOST);
        }
      }, SILENCE_MILLIS);
      this.next();
    } else if (link === "over") {
      this.queue = [];
      this.forget();
      this.book.set({ notice: "This session is over: the node was started again, or somebody ended it. What was defined is gone; what cells showed is kept." });
    }
  }

  private take(message: KernelMessage): void {
    const { type, parent, content } = message;
    if (type === "status" && parent === "") {
      this.stateOfItself(content);
      return;
    }
    const at = parent.lastIndexOf("_");
    const cell = at < 0 ? undefined : this.book.cell(parent.slice(0, at));
    if (type === "update_display_data") {
      this.update(content);
    } else if (cell !== undefined && type === "execute_input") {
      this.began(cell, parent, content);
    } else if (cell !== undefined && this.begun.has(parent)) {
      this.said(cell, parent, message);
    }
  }

  /** A kernel that speaks of itself is a new one. */
  private stateOfItself({ execution_state: state }: Json): void {
    if (state === "restarting") {
      this.book.set({ notice: "The kernel ended and a new one took its place. What was defined is gone." });
    } else if (state === "starting") {
      if (this.request !== undefined) {
        this.ended(this.request);
      }
      this.forget();
      this.next();
    }
  }

  /** Outputs are built anew from here on, whether the cell runs now or is told of again. */
  private began(cell: Cell, request: string, content: Json): void {
    this.begun.add(request);
    this.request ??= request;
    const turn = typeof content["execution_count"] === "number" ? content["execution_count"] : 0;
    const count = turn === 0 || clearedOf(cell.metadata) === request ? null : turn;
    const source = typeof content["code"] === "string" ? content["code"] : cell.source;
    this.turn = Math.max(this.turn, turn);
    this.book.mark(cell.id, { state: "running", request, count, ...NOTHING, question: undefined, ran: { source, turn: Math.max(cell.ran?.turn ?? 0, turn) } });
  }

  private said(cell: Cell, request: string, { type, content }: KernelMessage): void {
    if (type === "input_request") {
      this.book.mark(cell.id, { question: { prompt: typeof content["prompt"] === "string" ? content["prompt"] : "", secret: content["password"] === true } });
    } else if (type === "status" && content["execution_state"] === "idle") {
      this.ended(request);
    } else if (clearedOf(cell.metadata) !== request) {
      const shown = shownAfter({ outputs: cell.outputs, clearsNext: cell.clearsNext }, type, content);
      if (shown.outputs !== cell.outputs || shown.clearsNext !== cell.clearsNext) {
        this.book.change(cell.id, { ...shown, question: undefined }, "soon");
      }
      if (type === "error") {
        // What was to run behind it may need what it did not do.
        this.empty();
      }
    }
  }

  private ended(request: string, reason?: string): void {
    const id = request.slice(0, request.lastIndexOf("_"));
    if (this.request === request) {
      this.request = undefined;
    }
    this.book.change(id, { state: this.queue.includes(id) ? "queued" : "idle", question: undefined });
    if (reason !== undefined) {
      this.book.set({ notice: reason });
    }
    this.next();
  }

  private update(content: Json): void {
    const { cells } = this.book.read();
    for (const cell of cells) {
      const outputs = replaced(cell.outputs, content);
      if (outputs !== cell.outputs) {
        this.book.change(cell.id, { outputs });
      }
    }
  }
}
