// Sentences about jobs, and what is taken in of their events.
// Never a node: events are written down here as the node's types say.

import { expect, test } from "vitest";
import type { JobEvent, StreamEvent } from "../api/types";
import { newestOf, takenIn } from "./live";
import { changeWords } from "./words";

const EMPTY = { changes: [], points: [], logNews: 0 };

function points(step: string, index: number, loss: number | null): StreamEvent {
  return { type: "points", sequence: index, atMillis: 1, step, index, values: { loss } };
}

test("events of a job are kept in order, points as series", () => {
  const began: StreamEvent = { type: "job", sequence: 1, atMillis: 1, change: "group-began", generation: 1, size: 2, restarts: 0, fromStep: 0 };
  const line: StreamEvent = { type: "log", sequence: 1, atMillis: 1, step: "worker-0", attempt: 1, stream: "info", text: "hello" };
  const once = takenIn(EMPTY, [began, points("worker-0", 1, 0.5), points("worker-1", 1, 0.6), line]);
  const twice = takenIn(once, [points("worker-0", 2, null), points("worker-1", 2, 0.4)]);
  expect(once.points).toHaveLength(2);
  expect(twice.points.map((point) => [point.step, point.index, point.value])).toEqual([
    ["worker-0", 1, 0.5],
    ["worker-1", 1, 0.6],
    ["worker-0", 2, null],
    ["worker-1", 2, 0.4],
  ]);
  expect([twice.changes.length, twice.logNews]).toEqual([1, 1]);
  expect(newestOf(twice.points)).toEqual({ step: 2, values: new Map([["loss", null]]) });
  expect(newestOf([])).toBeUndefined();
});

test("a lost worker and its replacement are told", () => {
  const lost: JobEvent = {
    sequence: 3,
    atMillis: 1,
    change: "worker-lost",
    rank: 1,
    step: 40,
    failure: { code: "SM0509", message: "the guest trapped", retryable: false },
  };
  expect(changeWords(lost)).toBe("Worker 1 lost after step 40: the guest trapped");
  const began: JobEvent = { sequence: 4, atMillis: 1, change: "group-began", generation: 2, size: 2, restarts: 1, fromStep: 30 };
  expect(changeWords(began)).toBe("Group 2 of 2 workers began from the checkpoint of step 30");
});
