// Documents that another view made, on their way to the workbench.
// Never longer than the browser tab lives: what is to stay is saved as a version.

const PREFIX = "sandmill-draft-";

/** Keeps a document; gives what it is found by. */
export function keepDraft(document: string): string {
  const id = crypto.randomUUID().slice(0, 8);
  sessionStorage.setItem(PREFIX + id, document);
  return id;
}

/** The document, where it is still there. */
export function draft(id: string): string | undefined {
  return sessionStorage.getItem(PREFIX + id) ?? undefined;
}
