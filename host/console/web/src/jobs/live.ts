// A training job with its whole history and its series, kept up to date by its stream of events.
// Never guesses what an event does not say: workers, checkpoints and status are read again, soon but not at once.

import { answered, api } from "../api/client";
import { Live, type LiveState } from "../api/live";
import type { JobDetail, JobEvent, SeriesPoint, StreamEvent } from "../api/types";

/** The job is not read again sooner than this. */
const REREAD_MILLIS = 300;

export interface JobState extends LiveState {
  job: JobDetail | undefined;
  /** What happened to the job, oldest first. */
  changes: readonly JobEvent[];
  /** What was measured, oldest first; a step that was made again is there again. */
  points: readonly SeriesPoint[];
  /** Grows with every line of log: a sign to read on. */
  logNews: number;
  /** Lines of log that there were when the job was read first. */
  logLines: number;
}

const NOTHING: JobState = { job: undefined, changes: [], points: [], logNews: 0, logLines: 0, connected: true, error: undefined };

export class LiveJob extends Live<JobState> {
  /** Whether the last entry of the history is the job's end. */
  private ended = false;

  constructor(id: string) {
    super(id, NOTHING);
  }

  /** Shows what was just asked for. A job that had ended is followed anew, from its first event on. */
  readonly refresh = (): void => {
    if (this.isWatched && !this.isListening) {
      void this.begin();
    } else {
      this.rereadSoon();
    }
  };

  protected override async begin(): Promise<void> {
    const job = await this.read();
    if (!this.isWatched || this.isListening) {
      return;
    }
    if (job === undefined) {
      this.beginLater();
      return;
    }
    // The history is read from its beginning, since it says more than the job does; the log is not.
    const logLines = Number(job.position.split(".")[1] ?? 0);
    this.ended = false;
    this.set({ changes: [], points: [], logLines });
    this.listen(`/api/v1/train-jobs/${encodeURIComponent(this.id)}/events`, `0.${logLines}`);
  }

  /** A job that had ended may have been made to go on meanwhile. */
  protected override async again(): Promise<void> {
    const job = await this.read();
    const open = job !== undefined && (job.finishedAtMillis === undefined || job.finishedAtMillis === null);
    if (open && !this.isListening && this.isWatched) {
      void this.begin();
    }
  }

  protected override rereadMillis(): number {
    return REREAD_MILLIS;
  }

  private async read(): Promise<JobDetail | undefined> {
    try {
      const job = await answered(api.GET("/api/v1/train-jobs/{job}", { params: { path: { job: this.id } } }));
      this.set({ job, error: undefined, connected: true });
      return job;
    } catch (error) {
      this.unanswered(error, this.state.job !== undefined);
      return undefined;
    }
  }

  /** An ended job may be made to go on, on the same stream. */
  protected override isLast(): boolean {
    return false;
  }

  protected override connection(connected: boolean): void {
    if (!connected && this.ended) {
      // The node ends the stream behind the job's end, which is no interruption.
      this.hangUp();
      this.rereadSoon();
      return;
    }
    super.connection(connected);
    if (connected) {
      this.rereadSoon();
    }
  }

  protected override taken(events: readonly StreamEvent[]): void {
    const taken = takenIn(this.state, events);
    const changed = taken.changes.length > this.state.changes.length;
    this.set(taken);
    if (changed) {
      this.rereadSoon();
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
