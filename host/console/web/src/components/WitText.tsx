// WIT as text with colours, and the words that stand above a function in it.
// Never interprets types; the node reads those from the binary.

import { useMemo, type ReactElement } from "react";

const KEYWORDS = /^(package|world|interface|import|export|use|record|variant|enum|flags|resource|func|type|static|constructor|include|with|as)$/;
const TYPES = /^(bool|u8|u16|u32|u64|s8|s16|s32|s64|f32|f64|char|string|list|option|result|tuple|borrow|own|stream|future)$/;
const PARTS = /(\/\/[^\n]*|[A-Za-z%][A-Za-z0-9-]*|\s+|.)/g;

export function WitText({ wit }: { wit: string }): ReactElement {
  const spans = useMemo(() => wit.match(PARTS) ?? [], [wit]);
  return (
    <pre className="wit" tabIndex={0} aria-label="WIT">
      {spans.map((part, place) => {
        const style = part.startsWith("//") ? "wit-words" : KEYWORDS.test(part) ? "wit-keyword" : TYPES.test(part) ? "wit-type" : undefined;
        return style === undefined ? part : <span key={place} className={style}>{part}</span>;
      })}
    </pre>
  );
}

/** The documentation right above a function. */
export function documentationOf(wit: string, name: string): string {
  const last = name.includes("#") ? name.slice(name.indexOf("#") + 1) : name;
  const lines = wit.split("\n");
  const at = lines.findIndex((line) => new RegExp(`^\\s*(export )?%?${last}: func\\b`).test(line));
  const words: string[] = [];
  for (let line = at - 1; line >= 0 && (lines[line] ?? "").trim().startsWith("///"); line -= 1) {
    words.unshift((lines[line] ?? "").trim().slice(3).trim());
  }
  return words.join("\n").trim();
}
