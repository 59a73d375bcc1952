// Problems stand at the lines that they speak of; a document's steps are known while it is written.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { Problem } from "../api/types";
import { diagnosticsOf, marksOf } from "./marks";
import { outlineOf } from "./outline";

const TEXT = `kind: Pipeline
spec:
  steps:
    load:
      component: a/b:1
    train:
      component: c/d:1
      arguments:
        table: \${steps.load.table}
      after: [load]
`;

const problem = (message: string): Problem => ({ code: "SM0102", message, retryable: false });

describe("marks", () => {
  it("stand where the node says", () => {
    const marks = marksOf(TEXT, [problem("line 7, column 7: unknown key `componen`")]);
    expect(marks).toEqual([{ line: 7, column: 7, message: "unknown key `componen`" }]);
    const [first] = diagnosticsOf(TEXT, marks);
    expect(TEXT.slice(first?.from, first?.to)).toBe("component: c/d:1");
  });

  it("stand at the innermost key that is named", () => {
    const marks = marksOf(TEXT, [problem("step `train`: argument `table` wants text"), problem("it is odd")]);
    expect(marks.map((mark) => mark.line)).toEqual([9, 1]);
  });

  it("never lie outside of the text", () => {
    expect(diagnosticsOf("a\nb", [{ line: 99, column: 99, message: "x" }])).toEqual([{ from: 3, to: 3, severity: "error", message: "x" }]);
  });
});

describe("the outline", () => {
  it("knows steps and what they need", () => {
    const tasks = outlineOf(TEXT);
    expect(tasks?.map((task) => [task.name, task.needs])).toEqual([
      ["load", []],
      ["train", ["load"]],
    ]);
  });

  it("is none of what cannot be read", () => {
    expect([outlineOf("a: [b"), outlineOf("x: 1"), outlineOf("")]).toEqual([undefined, undefined, undefined]);
  });
});
