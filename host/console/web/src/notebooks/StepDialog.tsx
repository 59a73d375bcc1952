// Which cells become a step of a pipeline, and under which name.
// Never starts anything: the document is opened in the workbench, where it is read, changed and run.

import { useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { keepDraft } from "../pipelines/drafts";
import { Dialog } from "../parts/Dialog";
import { nameFrom, stepDocument } from "./step";
import { useBook, type OpenNotebook } from "./useNotebook";

export function StepDialog({ open, close }: { open: OpenNotebook; close: () => void }): ReactElement {
  const { cells, path } = useBook(open.book);
  const code = cells.map((cell, place) => ({ ...cell, number: place + 1 })).filter(({ kind, source }) => kind === "code" && source.trim() !== "");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [name, setName] = useState(() => nameFrom(path.split("/").at(-1) ?? ""));
  const [, navigate] = useLocation();
  const chosen = code.filter(({ id }) => !left.has(id));
  const toggle = (id: string): void => setLeft(left.has(id) ? new Set([...left].filter((one) => one !== id)) : new Set([...left, id]));
  const isGood = nameFrom(name) === name && chosen.length > 0;
  return (
    <Dialog title="Make a pipeline step" close={close} className="step-dialog">
      <p className="quiet-text">The chosen cells run from the first to the last, in a sandbox of their own. What they print is the step's log.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isGood) {
            navigate(`/pipelines/run?draft=${keepDraft(stepDocument(name, chosen))}`);
          }
        }}
      >
        <ul className="step-cells">
          {code.map(({ id, number, source }) => (
            <li key={id}>
              <label className="choice">
                <input type="checkbox" checked={!left.has(id)} onChange={() => toggle(id)} aria-label={`Cell ${number}`} /> <span className="number">{number}</span> <code>{source.split("\n").find((line) => line.trim() !== "")}</code>
              </label>
            </li>
          ))}
        </ul>
        {code.length === 0 ? <p>This notebook has no code yet.</p> : null}
        <div className="toolbar">
          <label className="choice">
            Name <input value={name} onChange={(event) => setName(event.target.value)} />
          </label>
          <button type="submit" className="primary" disabled={!isGood}>
            Open in the workbench
          </button>
        </div>
        {nameFrom(name) === name ? null : <p className="quiet-text">A name has lower-case letters, digits and hyphens: {nameFrom(name)}</p>}
      </form>
    </Dialog>
  );
}
