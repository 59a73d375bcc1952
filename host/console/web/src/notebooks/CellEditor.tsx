// The text of one cell: Python with colours and with completion by the kernel, or plain words.
// Never runs anything itself; keys that do are handed to the page.

import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { useEffect, useRef, type ReactElement } from "react";
import { editorLook } from "../parts/editorLook";
import { editorRoot, putText } from "../parts/editorPlace";
import type { Json } from "./nbformat";
import { charactersTo, unitsTo } from "./positions";

export type CellKey = "run" | "runAndNext" | "runAndInsert" | "save" | "leave";

export interface CellEditorProps {
  text: string;
  isCode: boolean;
  label: string;
  change: (text: string) => void;
  press: (key: CellKey) => void;
  focus: () => void;
  complete: (code: string, cursor: number) => Promise<Json | undefined>;
  /** Puts the cursor in when it grows. */
  focused: number;
}

const setup: Extension[] = [
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of("    "),
  bracketMatching(),
  closeBrackets(),
  highlightSelectionMatches(),
  editorLook,
  EditorView.lineWrapping,
  EditorView.theme({ ".cm-content": { padding: "7px 0" }, ".cm-line": { padding: "0 10px" } }),
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
];

const naming = new Compartment();
const nameOf = (label: string): Extension => EditorView.contentAttributes.of({ "aria-label": `${label}. Escape leaves it.` });

export function CellEditor(props: CellEditorProps): ReactElement {
  const { text, isCode, label, focused } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const root = editorRoot(element);
    const listener = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        latest.current.change(update.state.doc.toString());
      }
      if (update.focusChanged && update.view.hasFocus) {
        latest.current.focus();
      }
    });
    const language = isCode ? [python(), autocompletion({ override: [(context) => completed(context, latest.current.complete)] })] : [];
    const hint = placeholder(isCode ? "Python. Shift Enter runs it" : "Words, in Markdown");
    const extensions = [keys((key) => latest.current.press(key)), setup, language, hint, listener, naming.of(nameOf(latest.current.label))];
    const made = new EditorView({ state: EditorState.create({ doc: latest.current.text, extensions }), parent: root, root });
    view.current = made;
    return () => made.destroy();
  }, [isCode]);

  useEffect(() => {
    // Cells get other numbers while their texts, and what can be undone in them, stay.
    view.current?.dispatch({ effects: naming.reconfigure(nameOf(label)) });
  }, [label]);

  useEffect(() => putText(view.current, text), [text]);

  useEffect(() => {
    if (focused > 0) {
      view.current?.focus();
    }
  }, [focused]);

  return <div className="cell-editor" ref={host} />;
}

/** Before the editor's own: Escape first closes what is open in the editor, then leaves it. */
function keys(press: (key: CellKey) => void): Extension {
  const key = (name: string, means: CellKey) => ({ key: name, run: () => (press(means), true) });
  const running = Prec.highest(keymap.of([key("Shift-Enter", "runAndNext"), key("Mod-Enter", "run"), key("Ctrl-Enter", "run"), key("Alt-Enter", "runAndInsert"), key("Mod-s", "save")]));
  return [running, Prec.low(keymap.of([key("Escape", "leave")]))];
}

/** Asks the kernel, which counts characters where the editor counts units of UTF-16. */
async function completed(context: CompletionContext, complete: CellEditorProps["complete"]): Promise<CompletionResult | null> {
  if (!context.explicit && context.matchBefore(/[\w.]+$/) === null) {
    return null;
  }
  const code = context.state.doc.toString();
  const found = await complete(code, charactersTo(code, context.pos));
  const matches = found?.["matches"];
  // Whoever left the text meanwhile wants no list over it.
  const isWanted = context.view?.hasFocus !== false;
  if (!isWanted || !Array.isArray(matches) || matches.length === 0) {
    return null;
  }
  const from = unitsTo(code, Number(found?.["cursor_start"]));
  return { from, options: matches.filter((match) => typeof match === "string").map((label) => ({ label })), validFor: /^\w*$/ };
}
