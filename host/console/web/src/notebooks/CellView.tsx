// One cell: its text, its marks, what it asks and what it showed.
// Never knows another cell.

import { lazy, memo, Suspense, useState, type ReactElement } from "react";
import { Icon } from "../parts/Icon";
import type { Cell } from "./book";
import { CellEditor, type CellKey } from "./CellEditor";
import type { Json } from "./nbformat";
import { OutputList } from "./OutputView";

const MarkdownView = lazy(() => import("../artifacts/MarkdownView"));

/** What a cell asks of the page. */
export interface CellActions {
  choose: (id: string) => void;
  edit: (id: string, source: string) => void;
  press: (id: string, key: CellKey) => void;
  run: (id: string) => void;
  remove: (id: string) => void;
  answer: (id: string, value: string) => void;
  complete: (code: string, cursor: number) => Promise<Json | undefined>;
}

export interface CellViewProps {
  cell: Cell;
  number: number;
  stale: boolean;
  chosen: boolean;
  /** Grows whenever the cursor is to be put into the text; 0 where the cell is only looked at. */
  focused: number;
  actions: CellActions;
}

export const CellView = memo(function CellView(props: CellViewProps): ReactElement {
  const { cell, number, stale, chosen, focused, actions } = props;
  const { id, kind, source } = cell;
  const isRead = kind === "markdown" && focused === 0 && source.trim() !== "";
  const label = `Cell ${number}, ${kind === "code" ? "Python" : kind === "markdown" ? "Markdown" : "raw text"}`;
  const classes = ["cell", `cell-${kind}`, `cell-${cell.state}`, chosen ? "cell-chosen" : "", stale ? "cell-stale" : ""];
  return (
    <section className={classes.filter((name) => name !== "").join(" ")} id={`cell-${id}`} data-cell={id} tabIndex={chosen ? 0 : -1} aria-label={label} onFocus={(event) => (event.target === event.currentTarget ? actions.choose(id) : undefined)}>
      <CellMargin cell={cell} stale={stale} run={() => actions.run(id)} />
      <div className="cell-body">
        {isRead ? (
          <div className="cell-words" onDoubleClick={() => actions.press(id, "run")} onClick={() => actions.choose(id)}>
            <Suspense fallback={<pre>{source}</pre>}>
              <MarkdownView text={source} />
            </Suspense>
          </div>
        ) : (
          <CellEditor
            text={source}
            isCode={kind === "code"}
            label={label}
            focused={focused}
            change={(text) => actions.edit(id, text)}
            press={(key) => actions.press(id, key)}
            focus={() => actions.choose(id)}
            complete={actions.complete}
          />
        )}
        {cell.outputs.length === 0 ? null : <OutputList outputs={cell.outputs} />}
        {cell.question === undefined ? null : <Question key={cell.question.prompt} question={cell.question} answer={(value) => actions.answer(id, value)} />}
      </div>
      <div className="cell-actions">
        <button type="button" className="quiet" aria-label={`Delete cell ${number}`} title="Delete (d d)" onClick={() => actions.remove(id)}>
          <Icon name="close" />
        </button>
      </div>
    </section>
  );
});

const STATES = { idle: "", queued: "waits", running: "runs" } as const;

function CellMargin({ cell, stale, run }: { cell: Cell; stale: boolean; run: () => void }): ReactElement {
  if (cell.kind !== "code") {
    return <div className="cell-margin" />;
  }
  const state = STATES[cell.state];
  return (
    <div className="cell-margin">
      <button type="button" className="quiet" aria-label="Run this cell" title="Run (Ctrl Enter)" onClick={run}>
        {cell.state === "running" ? <span className="spinner" aria-hidden="true" /> : <Icon name="runs" />}
      </button>
      <span className="cell-count number">{state === "" ? (cell.count === null ? "" : `[${cell.count}]`) : state}</span>
      {stale ? (
        <span className="cell-stale-mark" title="Something that this cell is made from has changed since it ran">
          stale
        </span>
      ) : null}
    </div>
  );
}

/** What `input()` asks. */
function Question({ question, answer }: { question: { prompt: string; secret: boolean }; answer: (value: string) => void }): ReactElement {
  const [value, setValue] = useState("");
  return (
    <form
      className="cell-question"
      onSubmit={(event) => {
        event.preventDefault();
        answer(value);
      }}
    >
      <label>
        <span>{question.prompt === "" ? "The cell asks for a line" : question.prompt}</span>
        <input type={question.secret ? "password" : "text"} autoComplete="off" autoFocus value={value} onChange={(event) => setValue(event.target.value)} />
      </label>
      <button type="submit" className="primary">
        Answer
      </button>
    </form>
  );
}
