// Documents as people edit them: JSON that a compiler wrote as YAML.
// Never changes what a document says.

import { stringify } from "yaml";

export function readable(document: string): string {
  if (!document.trimStart().startsWith("{")) {
    return document;
  }
  try {
    return stringify(JSON.parse(document), { lineWidth: 0 });
  } catch {
    // Not JSON after all: shown as it was sent.
    return document;
  }
}
