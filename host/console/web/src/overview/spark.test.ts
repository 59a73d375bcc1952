// Values become a path between the bottom and the top.
// Never outside of the drawing.

import { describe, expect, it } from "vitest";
import { sparkOf } from "./spark";

describe("a small drawing", () => {
  it("leads from the first value to the last", () => {
    expect(sparkOf([0, 2, 4], 4).line).toBe("M0.0 38.0L100.0 20.0L200.0 2.0");
    expect(sparkOf([0, 2, 4], 4).area).toBe("M0.0 38.0L100.0 20.0L200.0 2.0L200.0 40L0 40Z");
  });

  it("has a top even where there is nothing, and grows past a limit", () => {
    expect(sparkOf([0], undefined).line).toBe("M0.0 38.0");
    expect(sparkOf([8, 4], 4).line).toBe("M0.0 2.0L200.0 20.0");
    expect(sparkOf([], 1).line).toBe("");
  });
});
