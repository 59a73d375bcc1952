// Something at work, read once and kept up to date by its stream of events for as long as somebody watches.
// Never knows what it is that is followed: how that is read, and what an event makes of it, is said by whoever extends this.

import { listen } from "./stream";
import type { StreamEvent } from "./types";

/** Events are taken in together, this often, so that a thousand of them are drawn once. */
const FLUSH_MILLIS = 120;
/** Where the node does not answer at first, it is asked again after this. */
const RETRY_MILLIS = 2_000;

export interface LiveState {
  connected: boolean;
  error: unknown;
}

export abstract class Live<State extends LiveState> {
  readonly id: string;
  protected state: State;
  private readonly watchers = new Set<() => void>();
  private pending: StreamEvent[] = [];
  private flushTimer: ReturnType<typeof setTimeout> | undefined;
  private rereadTimer: ReturnType<typeof setTimeout> | undefined;
  private stopListening: (() => void) | undefined;
  private watched = false;

  protected constructor(id: string, nothing: State) {
    this.id = id;
    this.state = nothing;
  }

  readonly snapshot = (): State => this.state;

  /** Follows it for as long as somebody watches. */
  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    if (!this.watched) {
      this.watched = true;
      void this.begin();
    }
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) {
        this.stop();
      }
    };
  };

  /** Reads it, and listens from there on. */
  protected abstract begin(): Promise<void>;

  /** Reads it again, because events said less than there is to know. */
  protected abstract again(): Promise<void>;

  /** Takes events in. */
  protected abstract taken(events: readonly StreamEvent[]): void;

  /** It is not read again sooner than after this. */
  protected abstract rereadMillis(): number;

  /** Whether nothing comes behind an event, so that there is nothing to wait for. */
  protected abstract isLast(event: StreamEvent): boolean;

  /** Hears that events arrive, or that they do not. */
  protected connection(connected: boolean): void {
    if (connected !== this.state.connected) {
      this.show({ ...this.state, connected });
    }
  }

  protected get isWatched(): boolean {
    return this.watched;
  }

  protected get isListening(): boolean {
    return this.stopListening !== undefined;
  }

  protected stop(): void {
    this.watched = false;
    this.hangUp();
    clearTimeout(this.flushTimer);
    clearTimeout(this.rereadTimer);
    this.flushTimer = this.rereadTimer = undefined;
  }

  protected set(changes: Partial<State>): void {
    this.show({ ...this.state, ...changes });
  }

  private show(state: State): void {
    this.state = state;
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  /** What is shown stays where the node does not answer; without anything to show, the reason is. */
  protected unanswered(error: unknown, isShown: boolean): void {
    this.show(isShown ? { ...this.state, connected: false } : { ...this.state, error });
  }

  protected listen(path: string, position: string): void {
    this.pending = [];
    this.stopListening = listen(path, position, {
      event: (event) => this.take(event),
      connected: (connected) => this.connection(connected),
    });
  }

  protected hangUp(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }

  protected beginLater(): void {
    if (this.watched) {
      this.rereadTimer = setTimeout(() => void this.begin(), RETRY_MILLIS);
    }
  }

  protected rereadSoon(): void {
    this.rereadTimer ??= setTimeout(() => {
      this.rereadTimer = undefined;
      if (this.watched) {
        void this.again();
      }
    }, this.rereadMillis());
  }

  private take(event: StreamEvent): void {
    this.pending.push(event);
    if (this.isLast(event)) {
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
    this.taken(events);
  }
}
