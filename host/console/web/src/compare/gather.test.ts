// Rows with a cell per run; what differs is known.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { RunDetail, Step, Value } from "../api/types";
import { componentRows, metricsOf, outputRows, parameterRows } from "./gather";

function run(id: string, parameters: Record<string, Value>, steps: Partial<Step>[]): RunDetail {
  const whole = steps.map((step): Step => ({ name: "s", kind: "step", status: "succeeded", attempts: 1, reused: false, component: "", ...step }));
  return { id, pipeline: "p", parameters, status: "succeeded", submittedAtMillis: 1, stepsTotal: 1, stepsFinished: 1, steps: whole, position: "" };
}

const metrics: Value = { artifact: { digest: "sha256:00", kind: "metrics", mediaType: "x/y", sizeBytes: 1 } };
const RUNS = [
  run("a", { seed: { plain: 1 }, rows: { plain: "x" } }, [{ name: "train", component: "c/t:1@sha256:aa", outputs: { accuracy: { plain: 0.9 }, found: metrics } }]),
  run("b", { seed: { plain: 2 }, rows: { plain: "x" } }, [{ name: "train", component: "c/t:1@sha256:bb", outputs: { accuracy: { plain: 0.8 } } }]),
];

describe("compared runs", () => {
  it("show which parameters differ", () => {
    expect(parameterRows(RUNS).map((row) => [row.name, row.differs])).toEqual([["rows", false], ["seed", true]]);
  });

  it("show that a name meant another component", () => {
    expect(componentRows(RUNS)).toEqual([{ name: "train", cells: ["c/t:1 aa", "c/t:1 bb"], differs: true }]);
  });

  it("bring scores together, with gaps", () => {
    expect(outputRows(RUNS)).toEqual([{ name: "train.accuracy", cells: [0.9, 0.8] }]);
    expect(metricsOf(RUNS).map((found) => [found.name, found.run])).toEqual([["train.found", 0]]);
  });
});
