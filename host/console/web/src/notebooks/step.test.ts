// Cells as a document of a pipeline.
// Never runs it; the browser tests do.

import { expect, test } from "vitest";
import { parse } from "yaml";
import { nameFrom, packagesOf, sourceOf, stepDocument } from "./step";

const CELLS = [
  { id: "a", source: '%pip install six==1.17.0 -q\nwords = """one\n  two"""\n' },
  { id: "b", source: "print(words)" },
];

test("cells stand in the document as they are, magics as comments", () => {
  const source = sourceOf(CELLS);
  expect(source).toContain('# %pip install six==1.17.0 -q\nwords = """one\n  two"""\n');
  expect(source.indexOf("print(words)")).toBeLessThan(source.indexOf("def run_cells"));
});

test("the document is one step whose command is the SDK's", () => {
  const document = parse(stepDocument("my-step", CELLS)) as { deploymentSpec: { executors: Record<string, { container: { command: string[]; args: string[] } }> } };
  const { command, args } = document.deploymentSpec.executors["exec-my-step"]?.container ?? { command: [], args: [] };
  expect(command.slice(0, 2)).toEqual(["sh", "-c"]);
  expect(command[2]).toContain("pip install 'six==1.17.0'");
  expect(command[5]).toContain("kfp.dsl.executor_main");
  expect(command[6]).toBe(sourceOf(CELLS));
  expect(args.slice(2)).toEqual(["--function_to_execute", "run_cells"]);
});

test("packages are those that cells ask for, each once", () => {
  expect(packagesOf([...CELLS, ...CELLS])).toEqual(["six==1.17.0"]);
  expect(packagesOf([{ id: "a", source: "x = 1" }])).toEqual([]);
});

test("names are those of pipelines", () => {
  expect(nameFrom("My Analysis.ipynb")).toBe("my-analysis");
  expect(nameFrom("2026 report")).toBe("notebook-2026-report");
  expect(nameFrom("")).toBe("notebook");
});
