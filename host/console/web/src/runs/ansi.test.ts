// Colours become spans, everything else that is no text is left out.
// Never lets a log line become markup.

import { describe, expect, it } from "vitest";
import { spansOf, withoutSequences } from "./ansi";

const escape = (code: string): string => `\u001b[${code}`;

describe("log colours", () => {
  it("reads colours and weights", () => {
    const text = `plain ${escape("1;31m")}bad${escape("0m")} ${escape("32m")}good${escape("39m")} end`;
    expect(spansOf(text)).toEqual([
      { text: "plain ", style: "" },
      { text: "bad", style: "ansi-red ansi-bold" },
      { text: " ", style: "" },
      { text: "good", style: "ansi-green" },
      { text: " end", style: "" },
    ]);
  });

  it("skips mixed colours with all their numbers", () => {
    expect(spansOf(`${escape("38;2;1;2;3m")}a${escape("38;5;1m")}b${escape("48;5;4m")}c`)).toEqual([
      { text: "a", style: "" },
      { text: "b", style: "ansi-red" },
      { text: "c", style: "ansi-red" },
    ]);
  });

  it("leaves out what moves cursors, names windows or rings", () => {
    expect(withoutSequences(`${escape("2K")}${escape("1G")}50%\u001b]0;title\u0007 done\u0008\u0007`)).toBe("50% done");
  });

  it("keeps markup as text", () => {
    expect(spansOf("<script>alert(1)</script>")).toEqual([{ text: "<script>alert(1)</script>", style: "" }]);
  });
});
