// A training job with its whole history and its series, kept up to date by its stream of events.
// Never guesses what an event does not say: workers, checkpoints and status are read again, soon but not at once.

import { answered, api } from "../api/client";
import { listen } from "../api/stream";
import type { JobDetail, JobEvent, SeriesPoint, StreamEvent } from "../api/types";

/** Events are taken in together, this often, so that a thousand of them are drawn once. */
const FLUSH_MILLIS = 120;
/** The job is not read again sooner than this. */
const REREAD_MILLIS = 300;
/** Where the node does not answer at first, it is asked again after this. */
const RETRY_MILLIS = 2_000;

export interface JobState {
  job: JobDetail | undefined;
  /** What happened to the job, oldest first. */
  changes: readonly JobEvent[];
  /** What was measured, oldest first; a step that was made again is there again. */
  points: readonly SeriesPoint[];
  /** Grows with every line of log: a sign to read on. */
  logNews: number;
  /** Lines of log that there were when the job was read first. */
  logLines: number;
  connected: boolean;
  error: unknown;
}

const NOTHING: JobState = { job: undefined, changes: [], points: [], logNews: 0, logLines: 0, connected: true, error: undefined };

export class LiveJob {
  readonly id: string;
  private state: JobState = NOTHING;
  private readonly watchers = new Set<() => void>();
  private pending: StreamEvent[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private rereadTimer: ReturnType<typeof setTimeout> | undefined;
  private stopListening: (() => void) | undefined;
  private stopped = true;
  /** Whether the last entry of the history is the job's end. */
  private ended = false;

  constructor(id: string) {
    this.id = id;
  }

  readonly snapshot = (): JobState => this.state;

  /** Follows the job for as long as somebody watches. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    if (this.stopped) {
      this.stopped = false;
      void this.begin();
    }
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) {
        this.stop();
      }
    };
  };

  /** Shows what was just asked for. A job that had ended is followed anew, from its first event on. */
  readonly refresh = (): void => {
    if (this.stopListening === undefined && !this.stopped) {
      void this.begin();
    } else {
      this.rereadSoon();
    }
  };

  private stop(): void {
    this.stopped = true;
    this.stopListening?.();
    this.stopListening = undefined;
    clearTimeout(this.flushTimer);
    clearTimeout(this.rereadTimer);
    this.flushTimer = this.rereadTimer = undefined;
  }

  private set(changes: Partial<JobState>): void {
    this.state = { ...this.state, ...changes };
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  private async begin(): Promise<void> {
    const job = await this.read();
    if (this.stopped || this.stopListening !== undefined) {
      return;
    }
    if (job === undefined) {
      this.rereadTimer = setTimeout(() => void this.begin(), RETRY_MILLIS);
      return;
    }
    // The history is read from its beginning, since it says more than the job does; the log is not.
    const logLines = Number(job.position.split(".")[1] ?? 0);
    this.pending = [];
    this.ended = false;
    this.set({ changes: [], points: [], logLines });
    this.stopListening = listen(`/api/v1/train-jobs/${encodeURIComponent(this.id)}/events`, `0.${logLines}`, {
      event: (event) => this.take(event),
      connected: (connected) => this.connection(connected),
    });
  }

  private async read(): Promise<JobDetail | undefined> {
    try {
      const job = await answered(api.GET("/api/v1/train-jobs/{job}", { params: { path: { job: this.id } } }));
      this.set({ job, error: undefined, connected: true });
      return job;
    } catch (error) {
      // What is shown stays; without anything to show, the reason is.
      this.set(this.state.job === undefined ? { error } : { connected: false });
      return undefined;
    }
  }

  private connection(connected: boolean): void {
    if (!connected && this.ended) {
      // The node ends the stream behind the job's end, which is no interruption.
      this.stopListening?.();
      this.stopListening = undefined;
      this.rereadSoon();
      return;
    }
    if (connected !== this.state.connected) {
      this.set({ connected });
    }
    if (connected) {
      this.rereadSoon();
    }
  }

  private take(event: StreamEvent): void {
    if (event.type === "job") {
      this.ended = event.change === "finished";
    }
    this.pending.push(event);
    this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_MILLIS);
  }

  private flush(): void {
    this.flushTimer = undefined;
    const taken = takenIn(this.state, this.pending);
    const changed = taken.changes.length > this.state.changes.length;
    this.pending = [];
    this.set(taken);
    if (changed) {
      this.rereadSoon();
    }
  }

  private rereadSoon(): void {
    this.rereadTimer ??= setTimeout(() => {
      this.rereadTimer = undefined;
      if (!this.stopped) {
        void this.read().then((job) => this.followAgain(job));
      }
    }, REREAD_MILLIS);
  }

  /** A job that had ended may have been made to go on meanwhile. */
  private followAgain(job: JobDetail | undefined): void {
    const open = job !== undefined && (job.finishedAtMillis === undefined || job.finishedAtMillis === null);
    if (open && this.stopListening === undefined && !this.stopped) {
      void this.begin();
    }
  }
}

type Taken = Pick<JobState, "changes" | "points" | "logNews">;

/** Takes events in. */
export function takenIn(state: Taken, events: readonly StreamEvent[]): Taken {
  const changes = [...state.changes];
  const points = [...state.points];
  let { logNews } = state;
  for (const event of events) {
    switch (event.type) {
      case "job":
        changes.push(event);
        break;
      case "points":
        for (const [name, value] of Object.entries(event.values)) {
          points.push({ step: event.step, name, index: event.index, value });
        }
        break;
      case "metric":
        points.push(event);
        break;
      case "log":
        logNews += 1;
        break;
      case "history":
      case "progress":
    }
  }
  return { changes, points, logNews };
}

/** The newest step that was made, and what its first worker measured in it. */
export function newestOf(points: readonly SeriesPoint[]): { step: number; values: ReadonlyMap<string, number | null> } | undefined {
  const last = points.findLast((point) => point.step === "worker-0");
  if (last === undefined) {
    return undefined;
  }
  const values = new Map<string, number | null>();
  // From the end backwards: one step's points stand together.
  for (let place = points.length - 1; place >= 0; place -= 1) {
    const point = points[place];
    if (point === undefined || (point.step === "worker-0" && point.index !== last.index)) {
      break;
    }
    if (point.step === "worker-0" && !values.has(point.name)) {
      values.set(point.name, point.value ?? null);
    }
  }
  return { step: last.index, values };
}
