// Which form of something shown is taken: the richest that can be shown safely.
// Never an active one in the page's own origin.

import type { MimeBundle } from "./nbformat";

const ORDER = [
  "text/html",
  "text/markdown",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
  "text/latex",
  "application/json",
  "text/plain",
] as const;

export interface Richest {
  type: string;
  content: unknown;
}

/** The form to show; nothing where there is none. Charts are shown as the JSON that describes them. */
export function richestOf(data: MimeBundle): Richest | undefined {
  const chart = Object.keys(data).find((type) => /^application\/vnd\.vega(lite)?\.v\d+(\.\d+)*\+json$/.test(type));
  const isPicture = ORDER.slice(2, 7).some((type) => type in data);
  const type = chart !== undefined && !isPicture ? chart : (ORDER.find((one) => one in data) ?? Object.keys(data)[0]);
  return type === undefined ? undefined : { type, content: data[type] };
}

/** The address of a picture that is its own content; nothing where it is no picture that can be shown. */
export function pictureAddress({ type, content }: Richest): string | undefined {
  if (!type.startsWith("image/") || typeof content !== "string") {
    return undefined;
  }
  // As a picture, a drawing runs no scripts and loads nothing.
  return type === "image/svg+xml" ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(content)}` : `data:${type};base64,${content.replace(/\s+/g, "")}`;
}
