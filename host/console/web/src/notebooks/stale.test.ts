// Which cells are out of date, and in which order they run.
// Never runs one.

import { expect, test } from "vitest";
import { namesOf } from "./names";
import { editedCells, nextStale, providersOf, staleCells, type Analysed } from "./stale";

/** Cells by their text and the turn in which they ran; their ids are their places. */
function cells(...given: [source: string, turn?: number, ranSource?: string][]): Analysed[] {
  return given.map(([source, turn, ranSource], place) => ({
    id: String(place),
    names: namesOf(source),
    source,
    ran: turn === undefined ? undefined : { source: ranSource ?? source, turn },
  }));
}

/** Runs what is to be run until nothing is, as a reactive notebook does; gives the order. */
function wave(all: Analysed[]): string[] {
  const done = new Set<string>();
  let turn = 100;
  for (;;) {
    const next = nextStale(all, done);
    const cell = all.find(({ id }) => id === next);
    if (cell === undefined) {
      return [...done];
    }
    done.add(cell.id);
    cell.ran = { source: cell.source, turn: (turn += 1) };
  }
}

test("a name is taken from the nearest cell above, else from below", () => {
  const providers = providersOf(cells(["x = 1"], ["x = 2"], ["y = x + z"], ["x = 3"], ["z = 1"]));
  expect([...(providers.get("2") ?? [])].sort()).toEqual(["1", "4"]);
});

test("a cell is stale once what it takes ran again, and so is all behind it", () => {
  expect(staleCells(cells(["x = 1", 4], ["y = x", 2], ["z = y", 3], ["w = 1", 1]))).toEqual(new Set(["1", "2"]));
  expect(staleCells(cells(["x = 1", 1], ["y = x", 2], ["z = y", 3]))).toEqual(new Set());
});

test("an edited cell is stale, and so is what takes something from it", () => {
  const all = cells(["x = 2", 1, "x = 1"], ["y = x", 2], ["y"], ["1", 3]);
  expect(editedCells(all)).toEqual(new Set(["0"]));
  expect(staleCells(all)).toEqual(new Set(["0", "1"]));
  expect(nextStale(all, new Set())).toBeUndefined();
});

test("a changed part of a value makes those stale that take the value", () => {
  expect(staleCells(cells(["d = {}", 1], ["d['a'] = 1", 4], ["len(d)", 3]))).toEqual(new Set(["2"]));
});

test("stale cells run in the order in which they take from each other, each once", () => {
  expect(wave(cells(["z = y", 3], ["x = 1", 9], ["y = x", 2], ["w = x + z", 4]))).toEqual(["2", "0", "3"]);
  expect(wave(cells(["x = 1", 9], ["y = x"], ["z = x", 2, "z = 0"]))).toEqual([]);
});

test("a circle ends", () => {
  const order = wave(cells(["a = b", 5], ["b = a", 4]));
  expect(order.length).toBeLessThanOrEqual(2);
});
