// A run and its steps, read once and kept up to date by its stream of events.
// Never guesses what an event does not say: what only the node knows (steps that came into being, what was
// skipped) is read again, soon but not at once.

import { answered, api } from "../api/client";
import { Live, type LiveState } from "../api/live";
import type { Progress, Run, Step, StreamEvent } from "../api/types";

/** Steps asked for at a time. */
const STEPS_PER_READ = 10_000;

/** The run is not read again sooner than this, and later the more steps it has. */
const REREAD_MILLIS_MIN = 400;

/** After something was asked for, the run is looked at this often, this many times. */
const LOOK_MILLIS = 300;
const LOOKS_MAX = 20;

export interface RunState extends LiveState {
  run: Run | undefined;
  steps: ReadonlyMap<string, Step>;
  progress: ReadonlyMap<string, Progress>;
  /** Grows with every line of log and every point of a series: a sign to read on. */
  logNews: number;
  metricNews: number;
  /** Lines of log that there were when the run was read first. */
  logLines: number;
}

const NOTHING: RunState = {
  run: undefined,
  steps: new Map(),
  progress: new Map(),
  logNews: 0,
  metricNews: 0,
  logLines: 0,
  connected: true,
  error: undefined,
};

export class LiveRun extends Live<RunState> {
  private lookTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string) {
    super(id, NOTHING);
  }

  /** Follows what was just asked for: a retry is acknowledged before the run shows it. */
  readonly refresh = (): void => {
    const before = this.state.run;
    const look = async (times: number): Promise<void> => {
      if (!this.isWatched || this.isListening) {
        return;
      }
      await this.begin();
      const now = this.state.run;
      if (now?.finishedAtMillis === before?.finishedAtMillis && now?.status === before?.status && times > 0) {
        this.lookTimer = setTimeout(() => void look(times - 1), LOOK_MILLIS);
      }
    };
    if (this.isListening) {
      this.rereadSoon();
    } else {
      void look(LOOKS_MAX);
    }
  };

  protected override stop(): void {
    super.stop();
    clearTimeout(this.lookTimer);
  }

  protected override async begin(): Promise<void> {
    const position = await this.read();
    if (this.state.logLines === 0) {
      this.set({ logLines: Number(position?.split(".")[1] ?? 0) });
    }
    if (position === undefined) {
      this.beginLater();
      return;
    }
    if (!this.isWatched || this.isListening || this.state.run?.finishedAtMillis !== undefined) {
      return;
    }
    this.listen(`/api/v1/runs/${encodeURIComponent(this.id)}/events`, position);
  }

  protected override async again(): Promise<void> {
    await this.read();
  }

  protected override rereadMillis(): number {
    return Math.max(REREAD_MILLIS_MIN, this.state.steps.size);
  }

  /** The node ends the stream behind a run's end, which is no interruption. */
  protected override isLast(event: StreamEvent): boolean {
    return event.type === "history" && event.change === "finished";
  }

  /** Reads the run and all its steps; gives the position from which a stream goes on. */
  private async read(): Promise<string | undefined> {
    try {
      const steps = new Map<string, Step>();
      let position: string | undefined;
      let after: string | undefined;
      for (;;) {
        const query = after === undefined ? { limit: STEPS_PER_READ } : { limit: STEPS_PER_READ, after };
        const params = { path: { run: this.id }, query };
        const detail = await answered(api.GET("/api/v1/runs/{run}", { params }));
        position = after === undefined ? detail.position : position;
        for (const step of detail.steps) {
          steps.set(step.name, step);
        }
        after = detail.next ?? undefined;
        if (after === undefined) {
          this.set({ run: detail, steps, error: undefined, connected: true });
          return position;
        }
      }
    } catch (error) {
      this.unanswered(error, this.state.run !== undefined);
      return undefined;
    }
  }

  protected override taken(events: readonly StreamEvent[]): void {
    const { run } = this.state;
    if (run === undefined) {
      return;
    }
    const draft: Draft = {
      run: { ...run },
      steps: new Map(this.state.steps),
      progress: new Map(this.state.progress),
      logNews: this.state.logNews,
      metricNews: this.state.metricNews,
      reread: false,
    };
    for (const event of events) {
      apply(draft, event);
    }
    const { reread, ...changes } = draft;
    this.set(changes);
    if (draft.run.finishedAtMillis !== undefined) {
      this.hangUp();
    }
    if (reread) {
      this.rereadSoon();
    }
  }
}

export interface Draft {
  run: Run;
  steps: Map<string, Step>;
  progress: Map<string, Progress>;
  logNews: number;
  metricNews: number;
  /** Whether the node knows more than the events say. */
  reread: boolean;
}

/** Takes one event in. */
export function apply(draft: Draft, event: StreamEvent): void {
  switch (event.type) {
    case "log":
      draft.logNews += 1;
      return;
    case "metric":
      draft.metricNews += 1;
      return;
    case "progress":
      draft.progress.set(event.step, event);
      return;
    case "history":
      applyHistory(draft, event);
      return;
    // Of training jobs only.
    case "job":
    case "points":
  }
}

type HistoryEvent = Extract<StreamEvent, { type: "history" }>;

function applyHistory(draft: Draft, event: HistoryEvent): void {
  const { atMillis } = event;
  const set = (name: string, changes: Partial<Step>): void => {
    const step = draft.steps.get(name);
    if (step === undefined) {
      draft.reread = true;
      return;
    }
    draft.steps.set(name, { ...step, ...changes });
    // What holds the step changes with it, and only the node knows how.
    draft.reread ||= step.parent !== undefined && step.parent !== null;
  };
  const startedAt = (name: string): number => draft.steps.get(name)?.startedAtMillis ?? atMillis;
  switch (event.change) {
    case "submitted":
      return;
    case "attempt-started":
      set(event.step, { status: "running", attempts: event.attempt, startedAtMillis: startedAt(event.step) });
      return;
    case "step-succeeded":
      set(event.step, { status: "succeeded", outputs: event.outputs, usage: event.usage, finishedAtMillis: atMillis });
      draft.progress.delete(event.step);
      draft.run.stepsFinished += 1;
      return;
    case "step-reused": {
      const times = { startedAtMillis: startedAt(event.step), finishedAtMillis: atMillis };
      set(event.step, { status: "succeeded", reused: true, outputs: event.outputs, ...times });
      draft.run.stepsFinished += 1;
      return;
    }
    case "attempt-failed":
      set(event.step, { status: "failed", failure: event.failure, usage: event.usage });
      draft.progress.delete(event.step);
      draft.reread = true;
      return;
    case "attempt-interrupted":
    case "retry-due":
      set(event.step, { status: "waiting" });
      return;
    case "cancel-requested":
      draft.run.status = "cancelling";
      draft.reread = true;
      return;
    case "finished":
      draft.run.status = event.status;
      draft.run.finishedAtMillis = atMillis;
      draft.reread = true;
      return;
    case "deadline-reached":
    case "retry-requested":
      draft.reread = true;
  }
}
