// Places counted in characters and in units.
// Never an editor.

import { expect, test } from "vitest";
import { charactersTo, unitsTo } from "./positions";

test("a character beyond the first plane is one for the kernel and two for the browser", () => {
  const text = 'a = "🌾"; b';
  const units = text.length;
  expect(charactersTo(text, units)).toBe(units - 1);
  expect(unitsTo(text, units - 1)).toBe(units);
  expect(unitsTo(text, 1_000)).toBe(units);
});
