// Rows with a cell per job; what differs is known.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { JobDetail } from "../api/types";
import { drawnPoints, givenRows, planRows, resultRows, settingRows } from "./gatherJobs";

function job(id: string, changes: Partial<JobDetail>): JobDetail {
  return {
    id,
    name: "line",
    status: "succeeded",
    workers: 1,
    submittedAtMillis: 1,
    component: "a/line:1@sha256:00",
    settings: {},
    seed: 0,
    step: 5,
    generation: 1,
    size: 1,
    restarts: 0,
    workerStates: [],
    checkpoints: [],
    evaluation: {},
    dataSets: {},
    models: {},
    plan: {},
    position: "1.0",
    ...changes,
  };
}

const data = (digest: string) => ({ rows: { digest, kind: "data-set" as const, mediaType: "x/y", sizeBytes: 1 } });
const JOBS = [
  job("a", {
    settings: { rate: 0.1, depth: 2 },
    plan: { name: "one", workers: 1, settings: { rate: 0.1 }, limits: { memoryBytesMax: 64 } },
    dataSets: data("sha256:aa"),
    evaluation: { accuracy: 0.9, loss: null },
    newest: { step: 9, metrics: { loss: 0.5 } },
  }),
  job("b", { settings: { rate: 0.2, depth: 2 }, plan: { name: "other", workers: 2, limits: { memoryBytesMax: 64 } }, dataSets: data("sha256:bb") }),
];

const differing = (rows: readonly { name: string; differs: boolean }[]) => rows.map((row) => [row.name, row.differs]);

describe("compared jobs", () => {
  it("show which settings, data and plans differ", () => {
    expect(differing(settingRows(JOBS))).toEqual([["depth", false], ["rate", true]]);
    expect(differing(givenRows(JOBS))).toEqual([["component", false], ["data set rows", true]]);
    expect(differing(planRows(JOBS))).toEqual([["limits.memoryBytesMax", false], ["workers", true]]);
  });

  it("bring what came of them together, with gaps", () => {
    expect(resultRows(JOBS)).toEqual([
      { name: "evaluation accuracy", cells: [0.9, undefined] },
      { name: "last loss", cells: [0.5, undefined] },
      { name: "restarts", cells: [0, 0] },
      { name: "steps", cells: [9, 5] },
    ]);
  });

  it("are drawn by their first worker and their evaluations", () => {
    const point = (step: string) => ({ step, name: "loss", index: 1, value: 1 });
    expect(drawnPoints([point("worker-0"), point("worker-1"), point("evaluation")]).map((one) => one.step)).toEqual(["worker-0", "evaluation"]);
  });
});
