// What people read of numbers and times.
// Never depends on the machine's language or its clock.

import { describe, expect, it } from "vitest";
import { bytes, digestOf, duration, number, relative, repositoryOf, shortDigest, withoutDigest } from "./format";

describe("format", () => {
  it("gives durations the unit that fits", () => {
    const shown = [0, 999, 1_000, 9_940, 59_000, 60_000, 187_000, 7_500_000].map(duration);
    expect(shown).toEqual(["0 ms", "999 ms", "1.0 s", "9.9 s", "59 s", "1 min 00 s", "3 min 07 s", "2 h 05 min"]);
  });

  it("counts bytes in powers of 1024", () => {
    expect([0, 1_023, 1_024, 1_500_000, 5 * 2 ** 40].map(bytes)).toEqual(["0 B", "1023 B", "1.0 KiB", "1.4 MiB", "5.0 TiB"]);
  });

  it("tells past from future", () => {
    const now = 1_700_000_000_000;
    const shown = [0, -30_000, -300_000, 7_200_000, -86_400_000 * 3].map((offset) => relative(now + offset, now));
    expect(shown).toEqual(["just now", "30 s ago", "5 min ago", "in 2 h", "3 d ago"]);
  });

  it("keeps the digits that matter", () => {
    expect([1, 0.97, 1 / 3, 1e-9, 1234567].map(number)).toEqual(["1", "0.97", "0.33333", "1e-9", "1,234,567"]);
  });

  it("takes references apart", () => {
    const reference = "sandmill/split-rows:0.1.0@sha256:0123456789abcdef";
    expect(["a/b:1", "host:80/a/b", "host:80/a/b:1@sha256:00"].map(repositoryOf)).toEqual(["a/b", "host:80/a/b", "host:80/a/b"]);
    expect([withoutDigest(reference), shortDigest(digestOf(reference))]).toEqual(["sandmill/split-rows:0.1.0", "0123456789ab"]);
  });
});
