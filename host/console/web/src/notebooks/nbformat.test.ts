// Notebooks read and written.
// Never a real file.

import { expect, test } from "vitest";
import { clearedOf, isSame, kernelOf, modeOf, readNotebook, withCleared, withKernel, withMode, writeNotebook } from "./nbformat";

const FILE = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { title: "mine", kernelspec: { name: "other" } },
  cells: [
    { cell_type: "markdown", id: "words", metadata: { tags: ["a"] }, source: ["# One\n", "two"] },
    {
      cell_type: "code",
      id: "sum",
      metadata: {},
      source: "1 + 1",
      execution_count: 3,
      outputs: [
        { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
        { output_type: "execute_result", execution_count: 3, metadata: {}, data: { "text/plain": ["2"], "application/json": ["kept", "as it is"] } },
        { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
      ],
    },
  ],
};

test("a notebook comes back as it was, with what is not known here", () => {
  const written = writeNotebook(readNotebook(FILE));
  expect(written["metadata"]).toMatchObject({ title: "mine", kernelspec: { name: "other" } });
  expect(readNotebook(written).cells).toEqual(readNotebook(FILE).cells);
  expect(written["cells"]).toMatchObject([{ source: ["# One\n", "two"], metadata: { tags: ["a"] } }, { outputs: [{ text: ["a\n", "b"] }, { data: { "application/json": ["kept", "as it is"] } }, { ename: "E" }] }]);
});

test("cells get ids of their own where they have none, a bad one, or another's", () => {
  const cell = { cell_type: "code", source: "" };
  const { cells } = readNotebook({ cells: [cell, { ...cell, id: "same" }, { ...cell, id: "same" }, { ...cell, id: "not an id" }] });
  expect(new Set(cells.map(({ id }) => id)).size).toBe(4);
  expect(cells[1]?.id).toBe("same");
  expect(cells.every(({ id }) => /^[A-Za-z0-9_-]{1,64}$/.test(id))).toBe(true);
});

test("what is no notebook is an empty one", () => {
  for (const content of [null, [], "text", { cells: 3 }, { cells: [1, null] }]) {
    expect(readNotebook(content).cells).toEqual([]);
  }
});

test("the mode is kept beside what others keep", () => {
  const metadata = withMode({ sandmill: { other: 1 } }, "lazy");
  expect(metadata).toEqual({ sandmill: { other: 1, mode: "lazy" } });
  expect(modeOf(metadata)).toBe("lazy");
  expect(modeOf({ sandmill: { mode: "wild" } })).toBe("classic");
});

test("which outputs were taken away is kept beside what others keep", () => {
  const metadata = withCleared({ tags: ["a"], sandmill: { own: 1 } }, "cell_1");
  expect(metadata).toEqual({ tags: ["a"], sandmill: { own: 1, cleared: "cell_1" } });
  expect([clearedOf(metadata), clearedOf({}), clearedOf({ sandmill: { cleared: 7 } })]).toEqual(["cell_1", undefined, undefined]);
});

test("the same notebook is the same in any order", () => {
  const other = { cells: FILE.cells.map((cell) => Object.fromEntries(Object.entries(cell).toReversed())), metadata: FILE.metadata };
  expect(isSame(FILE, other)).toBe(true);
  expect(isSame(FILE, { ...FILE, cells: FILE.cells.slice(1) })).toBe(false);
});

test("a notebook names its kernel, and the node's own Python where it names none", () => {
  expect(kernelOf({})).toBe("python3");
  expect(kernelOf({ kernelspec: { name: 3 } })).toBe("python3");
  const metadata = withKernel({ title: "mine" }, { name: "science", label: "With numpy" });
  expect(kernelOf(metadata)).toBe("science");
  expect(writeNotebook({ metadata, cells: [] })["metadata"]).toMatchObject({ title: "mine", kernelspec: { name: "science", display_name: "With numpy", language: "python" } });
});
