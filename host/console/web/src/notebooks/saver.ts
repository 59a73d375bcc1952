// Saves an open notebook by itself, a moment after each change.
// Never writes over what somebody else wrote meanwhile: it asks first.

import { Refused } from "../api/client";
import { isHolding } from "../login/gate";
import type { Book } from "./book";
import { aboutFile, canLeaveWith, readFile, saveFile, type Entry } from "./jupyter";
import { isSame, type Json } from "./nbformat";

/** After the last change, in milliseconds. */
const QUIET_MILLIS = 800;
/** While changes go on and on, at the latest after so long. */
const PATIENCE_MILLIS = 5_000;
const AGAIN_MILLIS = 3_000;

export class Saver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since: number | undefined;
  private saving = false;
  private held = false;
  /** The end of the saving that was asked for last. */
  private last = Promise.resolve();
  private changedMeanwhile = false;
  /** What the file held when it was last seen to be as it should be. */
  private kept: Json;

  constructor(
    private readonly book: Book,
    private modified: string,
  ) {
    this.kept = book.content();
    book.onChange = () => this.changed();
  }

  private changed(): void {
    this.changedMeanwhile = true;
    if (this.held || this.book.read().saving === "elsewhere") {
      return;
    }
    if (this.book.read().saving !== "unsaved" && !this.saving) {
      this.book.set({ saving: "unsaved" });
    }
    const now = Date.now();
    this.since ??= now;
    this.plan(Math.min(QUIET_MILLIS, Math.max(0, this.since + PATIENCE_MILLIS - now)));
  }

  private plan(millis: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), millis);
  }

  close(): void {
    clearTimeout(this.timer);
    this.leave();
  }

  /** Saves, and then does something to the file with which no saving may interfere; goes on saving where that fails. */
  async meanwhile(work: () => Promise<void>): Promise<void> {
    await this.save();
    this.held = true;
    clearTimeout(this.timer);
    try {
      await work();
    } catch (error) {
      this.held = false;
      throw error;
    }
  }

  /** Whether something would be lost if the page went away now. */
  get wouldLose(): boolean {
    const { saving } = this.book.read();
    const isHeld = saving === "failed" || saving === "elsewhere" || (saving === "saving" && isHolding());
    return isHeld || (this.changedMeanwhile && !canLeaveWith(this.book.content()));
  }

  /** The page may go away: saves what is not saved, without waiting for an answer. */
  leave(): void {
    const { saving, path } = this.book.read();
    if (this.changedMeanwhile && !this.held && saving !== "elsewhere") {
      this.changedMeanwhile = false;
      void saveFile(path, this.book.content(), true).then(
        (entry) => this.saved(entry),
        (error: unknown) => this.failed(error),
      );
    }
  }

  /** Saves once what is being saved is. With `over`, whatever is there. */
  save(over = false): Promise<void> {
    clearTimeout(this.timer);
    this.last = this.last.then(() => this.saveNow(over));
    return this.last;
  }

  private async saveNow(over: boolean): Promise<void> {
    if (this.held) {
      return;
    }
    this.saving = true;
    this.since = undefined;
    this.book.set({ saving: "saving" });
    try {
      await this.write(over);
    } catch (error) {
      this.failed(error);
    } finally {
      this.saving = false;
    }
  }

  private async write(over: boolean): Promise<void> {
    const { path } = this.book.read();
    if (!over && (await aboutFile(path)).last_modified !== this.modified && !(await this.isOurs(path))) {
      this.book.set({ saving: "elsewhere" });
      return;
    }
    this.changedMeanwhile = false;
    const content = this.book.content();
    this.saved(await saveFile(path, content));
    this.kept = content;
  }

  private saved(entry: Entry): void {
    this.modified = entry.last_modified;
    this.book.set({ saving: this.changedMeanwhile ? "unsaved" : "saved", error: null });
  }

  /** Whether the file holds what was or is here: another page that follows the same session wrote the same. */
  private async isOurs(path: string): Promise<boolean> {
    const { content } = await readFile(path);
    return isSame(content, this.kept) || isSame(content, this.book.content());
  }

  private failed(error: unknown): void {
    this.changedMeanwhile = true;
    this.book.set({ saving: "failed", error });
    if (error instanceof Refused && error.mayPass) {
      this.plan(AGAIN_MILLIS);
    }
  }

  /** Takes what somebody else wrote in place of what stands here. */
  async takeTheirs(): Promise<void> {
    const { content, last_modified: modified } = await readFile(this.book.read().path);
    this.modified = modified;
    this.changedMeanwhile = false;
    this.book.replace(content);
    this.kept = this.book.content();
    this.book.set({ saving: "saved" });
  }
}
