// What cells show, message by message.
// Never a kernel.

import { expect, test } from "vitest";
import type { Json, Output } from "./nbformat";
import { CELL_OUTPUTS_MAX, CELL_TEXT_MAX, CUT, NOTHING, replaced, shownAfter, type Shown } from "./outputs";

const after = (messages: [string, Json][]): Shown => messages.reduce((shown, [type, content]) => shownAfter(shown, type, content), NOTHING);
const wrote = (text: string, name = "stdout"): [string, Json] => ["stream", { name, text }];
const text = (output: Output | undefined): string => (output?.type === "stream" ? output.text : "");

test("text of one stream is joined, other things stand between", () => {
  const { outputs } = after([wrote("a"), wrote("b\n"), wrote("bad", "stderr"), ["display_data", { data: { "text/plain": "x" } }], wrote("c")]);
  expect(outputs.map((output) => (output.type === "stream" ? output.text : output.type))).toEqual(["ab\n", "bad", "display_data", "c"]);
});

test("a return replaces the line, also across messages", () => {
  expect(text(after([wrote("10 %\r20 %"), wrote("\r30 %\n"), wrote("done\r\nnext")]).outputs[0])).toBe("30 %\ndone\r\nnext");
});

test("what is cleared goes at once, or when something comes", () => {
  expect(after([wrote("a"), ["clear_output", { wait: false }]]).outputs).toEqual([]);
  const waiting = after([wrote("a"), ["clear_output", { wait: true }]]);
  expect(text(waiting.outputs[0])).toBe("a");
  expect(text(shownAfter(waiting, ...wrote("b")).outputs[0])).toBe("b");
});

test("what was shown under a name is replaced where it stands", () => {
  const { outputs } = after([["display_data", { data: { "text/plain": "1" }, transient: { display_id: "bar" } }], wrote("x")]);
  const next = replaced(outputs, { data: { "text/plain": "2" }, transient: { display_id: "bar" } });
  expect(next[0]).toMatchObject({ data: { "text/plain": "2" } });
  expect(replaced(outputs, { data: {}, transient: { display_id: "other" } })).toBe(outputs);
});

test("a flood ends at the limits and says so", () => {
  const full = after([wrote("a".repeat(CELL_TEXT_MAX))]);
  expect(text(full.outputs[0])).toHaveLength(CELL_TEXT_MAX);
  const over = [wrote("b"), wrote("c")].reduce((shown, message) => shownAfter(shown, ...message), full);
  expect(text(over.outputs[0])).toBe("a".repeat(CELL_TEXT_MAX) + CUT);
  const shown: [string, Json] = ["display_data", { data: {} }];
  expect(after(Array.from({ length: CELL_OUTPUTS_MAX + 1 }, () => shown)).outputs).toHaveLength(CELL_OUTPUTS_MAX);
});
