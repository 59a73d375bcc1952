// What a command does to an open notebook, and which cell it leads to.
// Never touches the page.

import type { CellKey } from "./CellEditor";
import type { Command } from "./keys";
import type { OpenNotebook } from "./useNotebook";

export interface Next {
  id: string;
  /** Whether its text is to be written in. */
  edits: boolean;
}

/** Does it for a cell; nothing comes back where whoever sits there stays where they are. */
export function carriedOut(open: OpenNotebook, command: Command | CellKey | "wordsBelow", id: string): Next | undefined {
  const { book, runner, saver } = open;
  const { cells } = book.read();
  const place = book.place(id);
  const at = (other: number): string => cells[Math.max(0, Math.min(cells.length - 1, other))]?.id ?? id;
  const stay = { id, edits: false };
  switch (command) {
    case "edit":
      return { id, edits: true };
    case "up":
      return { id: at(place - 1), edits: false };
    case "down":
      return { id: at(place + 1), edits: false };
    case "above":
      return { id: book.insert(place), edits: false };
    case "below":
      return { id: book.insert(place + 1), edits: false };
    case "wordsBelow":
      return { id: book.insert(place + 1, "markdown"), edits: true };
    case "delete":
      return { id: book.remove(id), edits: false };
    case "undo":
      return { id: book.restore() ?? id, edits: false };
    case "words":
    case "code":
      book.setKind(id, command === "code" ? "code" : "markdown");
      return stay;
    case "moveUp":
    case "moveDown":
      book.move(id, command === "moveUp" ? -1 : 1);
      return stay;
    case "run":
      runner.run([id]);
      return stay;
    case "runAndNext": {
      runner.run([id]);
      const isLast = place === cells.length - 1;
      return isLast ? { id: book.insert(place + 1), edits: true } : { id: at(place + 1), edits: false };
    }
    case "runAndInsert":
      runner.run([id]);
      return { id: book.insert(place + 1), edits: true };
    case "interrupt":
      void runner.interrupt();
      return undefined;
    case "restart":
      void runner.restart();
      return undefined;
    case "save":
      void saver.save();
      return undefined;
    case "leave":
      return stay;
  }
}
