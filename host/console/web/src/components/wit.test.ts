// A function's documentation is what stands right above it.
// Never that of its neighbour.

import { describe, expect, it } from "vitest";
import { documentationOf } from "./WitText";

const WIT = `world root {
  /// Splits rows.
  ///
  /// Twice.
  export split-rows: func(table: borrow<t>);
  export other: func();
}`;

describe("documentation", () => {
  it("is found by a function's name", () => {
    expect([documentationOf(WIT, "split-rows"), documentationOf(WIT, "other"), documentationOf(WIT, "rows")]).toEqual(["Splits rows.\n\nTwice.", "", ""]);
  });
});
