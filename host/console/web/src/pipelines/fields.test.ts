// What is typed becomes values of the right type, or a word on what is wrong.
// Never asks a node.

import { describe, expect, it } from "vitest";
import type { ArtifactRef, PipelineParameter } from "../api/types";
import { entryOf, filled, textOf } from "./fields";

const parameter = (name: string, type: string, more: Partial<PipelineParameter> = {}): PipelineParameter => ({ name, type, required: false, ...more });
const artifact: ArtifactRef = { digest: "sha256:00", kind: "data-set", mediaType: "text/csv", sizeBytes: 1 };

describe("a run form", () => {
  it("reads each type", () => {
    const parameters = ["string", "integer", "number", "boolean", "list", "object"].map((type) => parameter(type, type));
    const entries = { string: { text: "" }, integer: { text: "-3" }, number: { text: "1e-3" }, boolean: { text: "true" }, list: { text: "[1]" }, object: { text: "{}" } };
    expect(filled(parameters, entries)).toEqual({
      values: { string: { plain: "" }, integer: { plain: -3 }, number: { plain: 0.001 }, boolean: { plain: true }, list: { plain: [1] }, object: { plain: {} } },
      wrong: {},
    });
  });

  it("leaves what was not touched to its default, and asks for what has none", () => {
    const found = filled([parameter("a", "integer", { default: 7 }), parameter("b", "string", { required: true }), parameter("c", "model", { required: true })], {});
    expect(found.values).toEqual({});
    expect(Object.keys(found.wrong)).toEqual(["b", "c"]);
  });

  it("says what is wrong", () => {
    const parameters = [parameter("i", "integer"), parameter("n", "number"), parameter("l", "list"), parameter("o", "object")];
    const found = filled(parameters, { i: { text: "1.5" }, n: { text: "x" }, l: { text: "{}" }, o: { text: "{" } });
    expect(Object.keys(found.wrong)).toEqual(["i", "n", "l", "o"]);
  });

  it("takes choices as the author wrote them, and artifacts as they are", () => {
    const parameters = [parameter("c", "object", { choices: [3, "3x"] }), parameter("d", "data-set")];
    expect(filled(parameters, { c: { text: "3" }, d: { artifact } }).values).toEqual({ c: { plain: 3 }, d: { artifact } });
  });

  it("shows values of an earlier run again", () => {
    expect([entryOf({ plain: { a: 1 } }), entryOf({ artifact }), entryOf({ list: [] }), textOf(null)]).toEqual([{ text: '{\n  "a": 1\n}' }, { artifact }, undefined, ""]);
  });
});
