// A file of a folder as content of its own, and which one an address names.
// Never opens a file by its name: names are whatever their writer liked, and two may be equal.

import type { Content } from "../api/client";
import type { ArtifactFile } from "../api/types";
import { shortDigest } from "../parts/format";

/** A longer name would push everything else aside. */
const NAME_LENGTH_MAX = 300;
/** What would change the order or the line of the text around it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function contentOfFile(folder: string, file: ArtifactFile): Content {
  return { digest: folder, kind: "artifact", mediaType: file.mediaType, sizeBytes: file.sizeBytes, metadata: { name: lastPart(file.name) }, file: file.position };
}

/** A name that can be read, whatever it is made of. */
export function readableName(name: string): string {
  const clean = name.replace(UNSEEN, "\u{fffd}");
  return clean.length > NAME_LENGTH_MAX ? `${clean.slice(0, NAME_LENGTH_MAX)}…` : clean;
}

/** What a download is called. */
export function lastPart(name: string): string {
  return readableName(name.split(/[/\\]/).at(-1) ?? "") || "file";
}

/** Page and file as an address has them: `digest.page.file`, so that one folder's is not taken for another's. */
export interface FolderPlace {
  page: string | null;
  file: number | null;
}

export function placeOf(text: string | null, digest: string): FolderPlace {
  const [of, page = "", file = ""] = (text ?? "").split(".");
  if (of !== shortDigest(digest)) {
    return { page: null, file: null };
  }
  return { page: page === "" ? null : page, file: /^\d+$/.test(file) ? Number(file) : null };
}

export function placeAsText(digest: string, { page, file }: FolderPlace): string | null {
  return page === null && file === null ? null : `${shortDigest(digest)}.${page ?? ""}.${file ?? ""}`;
}
