// What keys do to cells.
// Never a browser.

import { expect, test } from "vitest";
import { CommandKeys, type Command } from "./keys";

const pressed = (key: string, timeStamp = 0, more: Partial<Record<"ctrlKey" | "shiftKey" | "altKey", boolean>> = {}) => ({ key, timeStamp, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

test("some keys mean something only when they are pressed twice, soon", () => {
  const keys = new CommandKeys();
  const all: (Command | undefined)[] = [pressed("d", 0), pressed("d", 800), pressed("d", 900), pressed("d", 1_701), pressed("i", 2_000), pressed("a", 2_001), pressed("i", 2_002)].map((one) => keys.command(one));
  expect(all).toEqual([undefined, "delete", undefined, undefined, undefined, "above", undefined]);
});

test("Enter runs with a modifier and edits without", () => {
  const keys = new CommandKeys();
  expect(keys.command(pressed("Enter"))).toBe("edit");
  expect(keys.command(pressed("Enter", 0, { shiftKey: true }))).toBe("runAndNext");
  expect(keys.command(pressed("Enter", 0, { ctrlKey: true }))).toBe("run");
  expect(keys.command(pressed("Enter", 0, { altKey: true }))).toBe("runAndInsert");
});

test("keys of the browser and of the console are left to them", () => {
  const keys = new CommandKeys();
  expect(keys.command(pressed("a", 0, { ctrlKey: true }))).toBeUndefined();
  expect(keys.command(pressed("g"))).toBeUndefined();
});
