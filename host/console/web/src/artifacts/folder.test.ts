// Files of folders: their names as text, and the address that leads to one.
// Never a folder of its own; a browser test opens one.

import { describe, expect, it } from "vitest";
import { contentAddress, type Content } from "../api/client";
import { contentOfFile, lastPart, placeAsText, placeOf, readableName } from "./folder";
import { shownAs } from "./kind";

const digest = `sha256:${"ab".repeat(32)}`;

describe("folders", () => {
  it("shows names as what they are", () => {
    expect(readableName("a\nb\u{202e}c\u{1b}[31m")).toBe("a\u{fffd}b\u{fffd}c\u{fffd}[31m");
    expect(readableName("x".repeat(1_000))).toHaveLength(301);
    expect(lastPart("../../etc/passwd")).toBe("passwd");
    expect(lastPart("..\\..\\boot.ini")).toBe("boot.ini");
    expect(lastPart("folder/")).toBe("file");
  });

  it("reads a file where it stands", () => {
    const content = contentOfFile(digest, { position: 1_536, name: "a/b.csv", mediaType: "text/csv", sizeBytes: 3, readable: true });
    expect(contentAddress(content)).toBe(`/api/v1/artifacts/${encodeURIComponent(digest)}/files/1536`);
    expect(shownAs(content)).toBe("table");
  });

  it("takes an archive for a folder, but not one within", () => {
    const archive = { position: 0, name: "x.tar", mediaType: "application/x-tar", sizeBytes: 10, readable: true };
    const outer: Content = { digest, kind: "artifact", mediaType: archive.mediaType, sizeBytes: archive.sizeBytes };
    expect([shownAs(outer), shownAs(contentOfFile(digest, archive))]).toEqual(["folder", "bytes"]);
  });

  it("keeps page and file in the address, of this folder alone", () => {
    for (const place of [{ page: "f600", file: 512 }, { page: null, file: 0 }, { page: "f600", file: null }]) {
      expect(placeOf(placeAsText(digest, place), digest)).toEqual(place);
    }
    expect(placeAsText(digest, { page: null, file: null })).toBeNull();
    expect(placeOf(placeAsText(digest, { page: null, file: 5 }), "sha256:cd")).toEqual({ page: null, file: null });
    expect(placeOf("nonsense", digest)).toEqual({ page: null, file: null });
  });
});
