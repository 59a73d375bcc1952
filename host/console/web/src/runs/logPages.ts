// A run's log in memory, page by page: what was asked for, and what came in since.
// Never holds more lines than can be looked at; the oldest are let go of, and can be read again.

import { answered, api } from "../api/client";
import type { LogLine, LogLines } from "../api/types";

const LINES_PER_READ = 1_000;
export const LINES_KEPT_MAX = 50_000;

export interface LogState {
  lines: readonly LogLine[];
  /** Whether the node has more behind the last line. */
  more: boolean;
  /** Whether lines before the first one were left out or let go of. */
  cut: boolean;
  reading: boolean;
  error: unknown;
}

export interface LogWanted {
  kind: "run" | "job";
  run: string;
  step: string | undefined;
  contains: string;
  /** Lines up to here are left out at first: a long log is read from near its end. */
  from: number;
}

const EMPTY: LogState = { lines: [], more: true, cut: false, reading: false, error: undefined };

export class LogPages {
  private readonly wanted: LogWanted;
  private state: LogState;
  private after: number;
  private closed = false;
  private again = false;
  private readonly changed: (state: LogState) => void;

  constructor(wanted: LogWanted, changed: (state: LogState) => void) {
    this.wanted = wanted;
    this.changed = changed;
    this.after = wanted.from;
    this.state = { ...EMPTY, cut: wanted.from > 0 };
  }

  close(): void {
    this.closed = true;
  }

  /** Reads one page more. Asked while one is being read, it reads another one after it. */
  async readOn(): Promise<void> {
    if (this.state.reading) {
      this.again = true;
      return;
    }
    this.set({ reading: true });
    for (let on = true; on; on = this.shouldReadOn()) {
      this.again = false;
      try {
        this.add(await this.read());
      } catch (error) {
        this.set({ error });
        break;
      }
    }
    this.set({ reading: false });
  }

  private shouldReadOn(): boolean {
    return this.again && !this.closed;
  }

  private read(): Promise<LogLines> {
    const { kind, run, step, contains } = this.wanted;
    const query = { after: this.after, limit: LINES_PER_READ, ...(step === undefined ? {} : { step }), ...(contains === "" ? {} : { contains }) };
    if (kind === "job") {
      return answered(api.GET("/api/v1/train-jobs/{job}/logs", { params: { path: { job: run }, query } }));
    }
    return answered(api.GET("/api/v1/runs/{run}/logs", { params: { path: { run }, query } }));
  }

  private add(page: LogLines): void {
    const last = page.items.at(-1)?.sequence;
    this.after = page.next ?? last ?? this.after;
    const all = this.state.lines.concat(page.items);
    const over = Math.max(0, all.length - LINES_KEPT_MAX);
    const lines = over === 0 ? all : all.slice(over);
    const more = page.next !== undefined && page.next !== null;
    this.set({ lines, more, cut: this.state.cut || over > 0, error: undefined });
  }

  private set(changes: Partial<LogState>): void {
    this.state = { ...this.state, ...changes };
    if (!this.closed) {
      this.changed(this.state);
    }
  }
}
