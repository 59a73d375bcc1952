// The text editor: YAML with colours, problems at their lines, folding and search.
// Never judges the text; what is wrong with it comes from the node.

import { autocompletion, closeBrackets, closeBracketsKeymap, completeAnyWord } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef, type ReactElement } from "react";
import { editorLook } from "../parts/editorLook";
import { editorRoot, putText } from "../parts/editorPlace";
import { diagnosticsOf, type Mark } from "./marks";

const setup: Extension[] = [
  EditorView.theme({ "&": { height: "100%" } }),
  lineNumbers(),
  foldGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  indentUnit.of("  "),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ override: [completeAnyWord] }),
  highlightActiveLine(),
  highlightSelectionMatches(),
  lintGutter(),
  yaml(),
  editorLook,
  // Tab indents; Escape and then Tab leaves the editor, as the label says.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
];

export interface EditorProps {
  text: string;
  change?: (text: string) => void;
  marks?: readonly Mark[];
  /** A line to go to; another number, or the same one in another object, goes there again. */
  goTo?: { line: number } | undefined;
  readOnly?: boolean;
  label: string;
}

export default function Editor(props: EditorProps): ReactElement {
  const { text, marks = [], goTo, readOnly = false, label } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const change = useRef(props.change);
  useEffect(() => {
    change.current = props.change;
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) {
      return undefined;
    }
    const root = editorRoot(element);
    const access = new Compartment();
    const listener = EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        change.current?.(update.state.doc.toString());
      }
    });
    const named = EditorView.contentAttributes.of({ "aria-label": `${label}. Escape, then Tab, leaves it.` });
    const extensions = [setup, access.of(EditorState.readOnly.of(readOnly)), listener, named];
    const made = new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root });
    // Who only reads scrolls by keys as well.
    made.scrollDOM.tabIndex = 0;
    view.current = made;
    return () => made.destroy();
    // The text is the editor's own once it is there; later texts from outside are put in below.
    // eslint-disable-next-line react-hooks/exhaustive-deps -- see above
  }, [label, readOnly]);

  useEffect(() => putText(view.current, text), [text]);

  useEffect(() => {
    const now = view.current;
    if (now !== undefined) {
      now.dispatch(setDiagnostics(now.state, diagnosticsOf(now.state.doc.toString(), marks)));
    }
  }, [marks]);

  useEffect(() => {
    const now = view.current;
    if (now !== undefined && goTo !== undefined) {
      const at = now.state.doc.line(Math.min(now.state.doc.lines, Math.max(1, goTo.line))).from;
      now.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      now.focus();
    }
  }, [goTo]);

  return <div className="editor" ref={host} />;
}
