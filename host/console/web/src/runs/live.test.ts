// What events make of a run that is shown.
// Never asks a node; events are written down here as the node sends them.

import { describe, expect, it } from "vitest";
import type { Run, Step, StreamEvent } from "../api/types";
import { apply, type Draft } from "./live";

function step(name: string, parent?: string): Step {
  const bare = { name, kind: "step", status: "waiting", attempts: 0, reused: false, component: "a/b:1@sha256:00" };
  return parent === undefined ? bare : { ...bare, parent };
}

function draft(...steps: Step[]): Draft {
  const run: Run = {
    id: "r",
    pipeline: "p",
    parameters: {},
    status: "running",
    submittedAtMillis: 1,
    stepsTotal: steps.length,
    stepsFinished: 0,
  };
  const named = new Map(steps.map((one) => [one.name, one]));
  return { run, steps: named, progress: new Map(), logNews: 0, metricNews: 0, reread: false };
}

const usage = { wallMicros: 1, cpuMillis: 1, memoryBytesPeak: 1, outputBytes: 1, logBytes: 1, logMessagesDropped: 0 };

function history(change: object): StreamEvent {
  return { type: "history", sequence: 1, atMillis: 50, ...change } as StreamEvent;
}

describe("a live run", () => {
  it("follows a step from its start to its end", () => {
    const state = draft(step("load"));
    apply(state, history({ change: "attempt-started", step: "load", attempt: 1 }));
    expect(state.steps.get("load")).toMatchObject({ status: "running", attempts: 1, startedAtMillis: 50 });
    apply(state, history({ change: "step-succeeded", step: "load", attempt: 1, outputs: {}, usage }));
    expect(state.steps.get("load")).toMatchObject({ status: "succeeded", finishedAtMillis: 50 });
    expect([state.run.stepsFinished, state.reread]).toEqual([1, false]);
  });

  it("asks again for what events do not say", () => {
    const unknown = draft();
    apply(unknown, history({ change: "attempt-started", step: "loop/0/work", attempt: 1 }));
    expect(unknown.reread).toBe(true);
    const inside = draft(step("loop/0/work", "loop/0"));
    apply(inside, history({ change: "step-succeeded", step: "loop/0/work", attempt: 1, outputs: {}, usage }));
    expect(inside.reread).toBe(true);
    const failed = draft(step("load"), step("train"));
    apply(failed, history({ change: "attempt-failed", step: "load", attempt: 1, failure: { code: "SM0501", message: "no" }, usage }));
    expect([failed.steps.get("load")?.failure?.message, failed.reread]).toEqual(["no", true]);
  });

  it("ends with the run", () => {
    const state = draft(step("load"));
    apply(state, history({ change: "finished", status: "failed" }));
    expect(state.run).toMatchObject({ status: "failed", finishedAtMillis: 50 });
  });

  it("counts what others read on", () => {
    const state = draft(step("load"));
    apply(state, { type: "log", sequence: 1, atMillis: 1, step: "load", attempt: 1, stream: "info", text: "x" });
    apply(state, { type: "metric", sequence: 1, atMillis: 1, step: "load", name: "loss", index: 0, value: 1 });
    expect([state.logNews, state.metricNews]).toEqual([1, 1]);
  });
});
