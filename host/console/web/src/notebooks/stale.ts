// Which cells show what is no longer so, and which of them to run again in which order.
// Never runs a cell.

import type { Names } from "./names";

export interface Analysed {
  id: string;
  names: Names;
  source: string;
  /** What was run last in this session and in which turn; nothing where the cell was not run. */
  ran?: { source: string; turn: number } | undefined;
}

/** For each cell, the cells whose names it takes: of each name the nearest above, else the nearest below. */
export function providersOf(cells: readonly Analysed[]): Map<string, Set<string>> {
  const definers = new Map<string, number[]>();
  cells.forEach(({ names }, place) => {
    for (const name of names.defines) {
      definers.set(name, [...(definers.get(name) ?? []), place]);
    }
  });
  const providers = cells.map(({ id, names }, place): [string, Set<string>] => {
    const places = [...names.uses].map((name) => {
      const others = (definers.get(name) ?? []).filter((other) => other !== place);
      return others.findLast((other) => other < place) ?? others[0];
    });
    const ids = places.flatMap((other) => (other === undefined ? [] : [cells[other]?.id ?? ""]));
    return [id, new Set(ids)];
  });
  return new Map(providers);
}

/** Cells whose text was changed since they ran. */
export function editedCells(cells: readonly Analysed[]): Set<string> {
  return new Set(cells.filter(({ ran, source }) => ran !== undefined && ran.source !== source).map(({ id }) => id));
}

/** Cells that ran before something that they take was given anew, and all that take something of theirs. */
function outdatedCells(cells: readonly Analysed[], begun: ReadonlySet<string>): Set<string> {
  const providers = providersOf(cells);
  const turns = new Map(cells.map(({ id, ran }) => [id, ran?.turn]));
  const isBehind = ({ id, ran }: Analysed): boolean =>
    ran !== undefined && [...(providers.get(id) ?? [])].some((provider) => (turns.get(provider) ?? -1) > ran.turn);
  const outdated = new Set(begun);
  cells.filter(isBehind).forEach(({ id }) => outdated.add(id));
  for (let size = -1; size !== outdated.size; ) {
    size = outdated.size;
    for (const { id, ran } of cells) {
      if (ran !== undefined && [...(providers.get(id) ?? [])].some((provider) => outdated.has(provider))) {
        outdated.add(id);
      }
    }
  }
  return outdated;
}

/** Cells whose results are not those that running everything from the top would give. */
export function staleCells(cells: readonly Analysed[]): Set<string> {
  return outdatedCells(cells, editedCells(cells));
}

/**
 * What to run next so that nothing is out of date: a stale cell whose own providers are not. A cell that is being
 * edited, and what hangs on it alone, waits for whoever edits it. `done` are those that had their turn in this wave.
 */
export function nextStale(cells: readonly Analysed[], done: ReadonlySet<string>): string | undefined {
  const edited = editedCells(cells);
  const outdated = outdatedCells(cells, new Set());
  const providers = providersOf(cells);
  const waits = ({ id }: Analysed): boolean => [...(providers.get(id) ?? [])].some((provider) => outdated.has(provider) && !done.has(provider));
  const candidates = cells.filter(({ id }) => outdated.has(id) && !edited.has(id) && !done.has(id));
  // In a circle everybody waits for everybody: the first one begins.
  return (candidates.find((cell) => !waits(cell)) ?? candidates[0])?.id;
}
