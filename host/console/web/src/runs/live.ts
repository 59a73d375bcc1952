// A run and its steps, read once and kept up to date by its stream of events.
// Never guesses what an event does not say: what only the node knows (steps that came into being, what was
// skipped) is read again, soon but not at once.

import { answered, api } from "../api/client";
import { listen } from "../api/stream";
import type { Progress, Run, Step, StreamEvent } from "../api/types";

/** Steps asked for at a time. */
const STEPS_PER_READ = 10_000;

/** Events are taken in together, this often, so that a thousand of them are drawn once. */
const FLUSH_MILLIS = 120;

/** The run is not read again sooner than this, and later the more steps it has. */
const REREAD_MILLIS_MIN = 400;

/** After something was asked for, the run is looked at this often, this many times. */
const LOOK_MILLIS = 300;
const LOOKS_MAX = 20;

export interface LiveState {
  run: Run | undefined;
  steps: ReadonlyMap<string, Step>;
  progress: ReadonlyMap<string, Progress>;
  /** Grows with every line of log and every point of a series: a sign to read on. */
  logNews: number;
  metricNews: number;
  /** Lines of log that there were when the run was read first. */
  logLines: number;
  connected: boolean;
  error: unknown;
}

const NOTHING: LiveState = {
  run: undefined,
  steps: new Map(),
  progress: new Map(),
  logNews: 0,
  metricNews: 0,
  logLines: 0,
  connected: true,
  error: undefined,
};

export class LiveRun {
  readonly id: string;
  private state: LiveState = NOTHING;
  private readonly watchers = new Set<() => void>();
  private pending: StreamEvent[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private rereadTimer: ReturnType<typeof setTimeout> | undefined;
  private lookTimer: ReturnType<typeof setTimeout> | undefined;
  private stopListening: (() => void) | undefined;
  private stopped = true;

  constructor(id: string) {
    this.id = id;
  }

  readonly snapshot = (): LiveState => this.state;

  /** Follows the run for as long as somebody watches. */
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

  /** Follows what was just asked for: a retry is acknowledged before the run shows it. */
  readonly refresh = (): void => {
    const before = this.state.run;
    const look = async (times: number): Promise<void> => {
      if (this.stopped || this.stopListening !== undefined) {
        return;
      }
      await this.begin();
      const now = this.state.run;
      if (now?.finishedAtMillis === before?.finishedAtMillis && now?.status === before?.status && times > 0) {
        this.lookTimer = setTimeout(() => void look(times - 1), LOOK_MILLIS);
      }
    };
    if (this.stopListening === undefined) {
      void look(LOOKS_MAX);
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
    clearTimeout(this.lookTimer);
    this.flushTimer = this.rereadTimer = undefined;
  }

  private set(changes: Partial<LiveState>): void {
    this.state = { ...this.state, ...changes };
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  private async begin(): Promise<void> {
    const position = await this.read();
    if (this.state.logLines === 0) {
      this.set({ logLines: Number(position?.split(".")[1] ?? 0) });
    }
    if (position === undefined) {
      if (!this.stopped) {
        this.rereadTimer = setTimeout(() => void this.begin(), 2_000);
      }
      return;
    }
    if (this.stopped || this.stopListening !== undefined || this.state.run?.finishedAtMillis !== undefined) {
      return;
    }
    this.stopListening = listen(`/api/v1/runs/${encodeURIComponent(this.id)}/events`, position, {
      event: (event) => this.take(event),
      connected: (connected) => (connected === this.state.connected ? undefined : this.set({ connected })),
    });
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
      // What is shown stays; without anything to show, the reason is.
      this.set(this.state.run === undefined ? { error } : { connected: false });
      return undefined;
    }
  }

  private take(event: StreamEvent): void {
    this.pending.push(event);
    if (event.type === "history" && event.change === "finished") {
      // The node ends the stream now, which is no interruption.
      clearTimeout(this.flushTimer);
      this.flush();
      return;
    }
    this.flushTimer ??= setTimeout(() => this.flush(), FLUSH_MILLIS);
  }

  private flush(): void {
    this.flushTimer = undefined;
    const events = this.pending;
    this.pending = [];
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
      this.stopListening?.();
      this.stopListening = undefined;
    }
    if (reread) {
      this.rereadSoon();
    }
  }

  private rereadSoon(): void {
    const wait = Math.max(REREAD_MILLIS_MIN, this.state.steps.size);
    this.rereadTimer ??= setTimeout(() => {
      this.rereadTimer = undefined;
      if (!this.stopped) {
        void this.read();
      }
    }, wait);
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
