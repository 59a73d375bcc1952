// What is watched, gathered and ended of something at work, over a stream that this test speaks.
// Never a node; the browser's own source of events is written down here.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live, type LiveState } from "./live";
import type { StreamEvent } from "./types";

/** Where the browser would listen. */
class Source {
  static opened: Source[] = [];
  readonly heard = new Map<string, (message: { data: string; lastEventId: string }) => void>();
  onopen: () => void = () => undefined;
  onerror: () => void = () => undefined;
  closed = false;

  constructor(readonly address: string) {
    Source.opened.push(this);
  }

  addEventListener(name: string, hear: (message: { data: string; lastEventId: string }) => void): void {
    this.heard.set(name, hear);
  }

  say(event: StreamEvent): void {
    this.heard.get(event.type)?.({ data: JSON.stringify(event), lastEventId: "7" });
  }

  close(): void {
    this.closed = true;
  }
}

interface Counted extends LiveState {
  taken: number[];
  reads: number;
}

class Counting extends Live<Counted> {
  constructor() {
    super("one", { connected: true, error: undefined, taken: [], reads: 0 });
  }

  protected override async begin(): Promise<void> {
    await this.again();
    this.listen("/events", "5");
  }

  protected override again(): Promise<void> {
    this.set({ reads: this.state.reads + 1 });
    return Promise.resolve();
  }

  protected override taken(events: readonly StreamEvent[]): void {
    this.set({ taken: [...this.state.taken, events.length] });
    this.rereadSoon();
  }

  protected override rereadMillis(): number {
    return 1_000;
  }

  protected override isLast(event: StreamEvent): boolean {
    return event.type === "history";
  }
}

const line = (text: string): StreamEvent => ({ type: "log", sequence: 1, atMillis: 1, step: "s", attempt: 1, stream: "info", text });

beforeEach(() => {
  Source.opened = [];
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Source);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("events are taken in together, and what they leave open is read once", async () => {
  const live = new Counting();
  const watcher = vi.fn();
  live.subscribe(watcher);
  await vi.advanceTimersByTimeAsync(0);
  const [source] = Source.opened;
  expect(source?.address).toBe("/events?after=5");
  source?.say(line("a"));
  source?.say(line("b"));
  expect(live.snapshot().taken).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  source?.say(line("c"));
  await vi.advanceTimersByTimeAsync(200);
  expect([live.snapshot().taken, live.snapshot().reads]).toEqual([[2, 1], 1]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(live.snapshot().reads).toBe(2);
  expect(watcher).toHaveBeenCalled();
  source?.say({ type: "history", sequence: 1, atMillis: 1, change: "finished", status: "succeeded" });
  expect(live.snapshot().taken, "an end waits for nothing").toEqual([2, 1, 1]);
});

test("it is followed as long as one watches, and anew by the next", async () => {
  const live = new Counting();
  const leave = live.subscribe(() => undefined);
  const leaveToo = live.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(Source.opened).toHaveLength(1);
  Source.opened[0]?.say(line("a"));
  leave();
  expect(Source.opened[0]?.closed).toBe(false);
  leaveToo();
  expect(Source.opened[0]?.closed).toBe(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([live.snapshot().taken, live.snapshot().reads], "nothing goes on for nobody").toEqual([[], 1]);
  live.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(Source.opened).toHaveLength(2);
});

test("a stream that breaks off is told and opened again behind the last event", async () => {
  const live = new Counting();
  live.subscribe(() => undefined);
  await vi.advanceTimersByTimeAsync(0);
  Source.opened[0]?.say(line("a"));
  Source.opened[0]?.onerror();
  expect(live.snapshot().connected).toBe(false);
  await vi.advanceTimersByTimeAsync(500);
  expect(Source.opened[1]?.address).toBe("/events?after=7");
  Source.opened[1]?.onopen();
  expect(live.snapshot().connected).toBe(true);
});
