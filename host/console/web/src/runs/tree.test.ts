// Steps as a tree, as rows, and what each waits for.
// Never about how rows look.

import { describe, expect, it } from "vitest";
import type { PlannedTask, Step } from "../api/types";
import { needsOf, planPath, rowsOf, treeOf } from "./tree";

function step(name: string, kind = "step", startedAtMillis?: number): Step {
  const at = name.lastIndexOf("/");
  const bare = { name, kind, status: "waiting", attempts: 0, reused: false, component: "" };
  const placed = at < 0 ? bare : { ...bare, parent: name.slice(0, at) };
  return startedAtMillis === undefined ? placed : { ...placed, startedAtMillis };
}

const STEPS = [
  step("loop", "loop", 5),
  step("loop/10", "iteration"),
  step("loop/2", "iteration"),
  step("loop/2/train"),
  step("loop/2/load", "step", 7),
  step("load", "step", 1),
];
const NAMED = new Map(STEPS.map((one) => [one.name, one]));
const NOTHING = { text: "", status: "" };

const names = (rows: { step: Step }[]): string[] => rows.map((row) => row.step.name);

describe("the tree of a run", () => {
  it("puts earlier steps first and numbers in their order", () => {
    const rows = rowsOf(treeOf(STEPS), new Map(), NOTHING);
    expect(names(rows)).toEqual(["load", "loop", "loop/2", "loop/2/load", "loop/2/train", "loop/10"]);
    expect(rows.map((row) => row.depth)).toEqual([0, 0, 1, 2, 2, 1]);
  });

  it("hides what is folded, and long lists at first", () => {
    expect(names(rowsOf(treeOf(STEPS), new Map([["loop", false]]), NOTHING))).toEqual(["load", "loop"]);
    const many = [step("loop", "loop"), ...Array.from({ length: 40 }, (_, place) => step(`loop/${place}`, "iteration"))];
    expect(rowsOf(treeOf(many), new Map(), NOTHING)).toHaveLength(1);
    expect(rowsOf(treeOf(many), new Map([["loop", true]]), NOTHING)).toHaveLength(41);
  });

  it("finds steps with what holds them", () => {
    expect(names(rowsOf(treeOf(STEPS), new Map(), { text: "TRAIN", status: "" }))).toEqual(["loop", "loop/2", "loop/2/train"]);
    expect(rowsOf(treeOf(STEPS), new Map(), { text: "", status: "failed" })).toEqual([]);
  });

  it("knows what a step waits for, in whichever round", () => {
    const task = (name: string, needs: string[]): PlannedTask => ({ name, kind: "step", needs });
    const tasks = new Map([task("loop/load", []), task("loop/train", ["loop/load"]), task("loop", ["load"])].map((one) => [one.name, one]));
    const [loop, train] = [NAMED.get("loop"), NAMED.get("loop/2/train")];
    expect(loop && needsOf(loop, NAMED, tasks)).toEqual(["load"]);
    expect(train && [planPath(train, NAMED), needsOf(train, NAMED, tasks)]).toEqual(["loop/train", ["loop/2/load"]]);
  });
});
