// A notebook that is open in the page: read, connected, saved, and let go of when the page is left.
// Never opens the same one twice in a page.

import { useEffect, useState, useSyncExternalStore } from "react";
import { Book, type BookState } from "./book";
import { readFile } from "./jupyter";
import { Runner } from "./runner";
import { Saver } from "./saver";

export interface OpenNotebook {
  book: Book;
  runner: Runner;
  saver: Saver;
}

/** The notebook under a path; nothing while it is read. */
export function useNotebook(path: string): { open: OpenNotebook | undefined; error: unknown } {
  const [found, setFound] = useState<{ path: string; open?: OpenNotebook; error: unknown }>({ path, error: null });
  useEffect(() => {
    let left = false;
    let made: OpenNotebook | undefined;
    readFile(path).then(
      (entry) => {
        if (!left) {
          const book = new Book(path, entry.content);
          made = { book, runner: new Runner(book), saver: new Saver(book, entry.last_modified) };
          setFound({ path, open: made, error: null });
          void made.runner.open();
        }
      },
      (error: unknown) => setFound({ path, error }),
    );
    const leave = (): void => {
      if (document.visibilityState === "hidden") {
        made?.saver.leave();
      }
    };
    const warn = (event: BeforeUnloadEvent): void => {
      if (made?.saver.wouldLose === true) {
        event.preventDefault();
      }
    };
    window.addEventListener("beforeunload", warn);
    document.addEventListener("visibilitychange", leave);
    return () => {
      left = true;
      document.removeEventListener("visibilitychange", leave);
      window.removeEventListener("beforeunload", warn);
      made?.saver.close();
      made?.runner.close();
    };
  }, [path]);
  return found.path === path ? { open: found.open, error: found.error } : { open: undefined, error: null };
}

export function useBook(book: Book): BookState {
  return useSyncExternalStore(book.listen, book.read);
}
