// Cells with separators, quotes and line ends in them; texts that break off.
// Never about how a table looks.

import { describe, expect, it } from "vitest";
import { rowsOf } from "./csv";

describe("rows", () => {
  it("reads quotes as RFC 4180 says", () => {
    expect(rowsOf('a,b\r\n"x, ""y""\nz",2\n', ",", true).rows).toEqual([
      ["a", "b"],
      ['x, "y"\nz', "2"],
    ]);
  });

  it("leaves a row that breaks off for later", () => {
    expect(rowsOf("a\tb\n1\t2\n3\t", "\t", false)).toEqual({ rows: [["a", "b"], ["1", "2"]], read: 8 });
    expect(rowsOf("a\tb\n1\t2\n3\t", "\t", true).rows).toHaveLength(3);
  });

  it("passes over empty lines", () => {
    expect(rowsOf("a\n\n\nb", ",", true).rows).toEqual([["a"], ["b"]]);
  });
});
