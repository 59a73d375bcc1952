// How an editor stands in a page: where it is put, and how it takes a text from outside.
// Never what is in it, nor what can be done with it.

import type { EditorView } from "@codemirror/view";

/** The root that an editor is made in. */
export function editorRoot(element: HTMLElement): ShadowRoot {
  // Inside a shadow root the library hands its styles over as objects, which the pages' policy allows.
  return element.shadowRoot ?? element.attachShadow({ mode: "open" });
}

/** Puts a text in that is not the one that the editor has, as one change that can be undone. */
export function putText(view: EditorView | undefined, text: string): void {
  if (view !== undefined && view.state.doc.toString() !== text) {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  }
}
