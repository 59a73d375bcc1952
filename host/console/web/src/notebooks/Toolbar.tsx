// What can be done with an open notebook as a whole, and how it stands: session, saving, mode.
// Never says a state by colour alone.

import { useState, type ReactElement } from "react";
import { useQuery } from "@tanstack/react-query";
import { Icon } from "../parts/Icon";
import type { Saving } from "./book";
import type { Link } from "./channel";
import { kernelSpecsQuery } from "./jupyter";
import { kernelOf, MODES, PYTHON, type Mode } from "./nbformat";
import { StepDialog } from "./StepDialog";
import { useBook, type OpenNotebook } from "./useNotebook";

const SAVING: Record<Saving, string> = {
  saved: "Saved",
  unsaved: "Not saved yet",
  saving: "Saving",
  elsewhere: "Changed elsewhere",
  failed: "Could not be saved",
};

const LINKS: Record<Link, string> = { connecting: "Starting", connected: "Ready", away: "The node does not answer; connecting again", over: "No session" };

const MODE_WORDS: Record<Mode, string> = {
  classic: "Cells run when they are run",
  lazy: "Cells that are out of date are marked",
  reactive: "Cells that are out of date run by themselves",
};

export function Toolbar({ open }: { open: OpenNotebook }): ReactElement {
  const { book, runner } = open;
  const state = useBook(book);
  const [makesStep, setMakesStep] = useState(false);
  const busy = state.cells.some((cell) => cell.state !== "idle");
  return (
    <div className="actions notebook-actions">
      <p className="notebook-state" role="status">
        <span className={`notebook-link link-${state.link}`}>{busy && state.link === "connected" ? "Running" : LINKS[state.link]}</span>
        <span className={`notebook-saving saving-${state.saving}`}>{SAVING[state.saving]}</span>
      </p>
      <label className="choice" title={MODE_WORDS[book.mode]}>
        Mode{" "}
        <select value={book.mode} onChange={(event) => runner.setMode(event.target.value as Mode)}>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {mode}
            </option>
          ))}
        </select>
      </label>
      <KernelChoice open={open} />
      <button type="button" className="primary" onClick={() => runner.runAll()}>
        <Icon name="runs" /> Run all
      </button>
      <button type="button" disabled={!busy} title="Stop what runs; what was defined is kept (i i)" onClick={() => void runner.interrupt()}>
        <Icon name="stop" /> Interrupt
      </button>
      <button type="button" title="A new kernel; what was defined is gone (0 0)" onClick={() => void runner.restart()}>
        <Icon name="retry" /> Restart
      </button>
      <button type="button" onClick={() => book.clearOutputs()}>
        Clear
      </button>
      <button type="button" onClick={() => setMakesStep(true)}>
        <Icon name="pipelines" /> Make a step
      </button>
      <button type="button" className="quiet" aria-label="Download as .ipynb" title="Download as .ipynb" onClick={() => download(open)}>
        <Icon name="download" />
      </button>
      {makesStep ? <StepDialog open={open} close={() => setMakesStep(false)} /> : null}
    </div>
  );
}

/** Which kernel runs the notebook, where the node has more than one. */
function KernelChoice({ open: { book, runner } }: { open: OpenNotebook }): ReactElement | null {
  const { metadata } = useBook(book);
  const { data: kernels = [] } = useQuery(kernelSpecsQuery());
  if (kernels.length < 2) {
    return null;
  }
  const chosen = kernels.find(({ name }) => name === kernelOf(metadata)) ?? PYTHON;
  const choose = (name: string): void => {
    const kernel = kernels.find((one) => one.name === name);
    if (kernel !== undefined) {
      void runner.choose(kernel);
    }
  };
  return (
    <label className="choice" title="Another kernel begins anew; what was defined is gone">
      Kernel{" "}
      <select value={chosen.name} onChange={(event) => choose(event.target.value)}>
        {kernels.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What happened that somebody should know, and what to do about it. */
export function Notices({ open }: { open: OpenNotebook }): ReactElement | null {
  const { saving, notice, link } = useBook(open.book);
  if (saving === "elsewhere") {
    return (
      <div className="notebook-notice" role="alert">
        <span>This notebook was changed elsewhere after it was opened here. Nothing is saved until you choose.</span>
        <button type="button" onClick={() => void open.saver.takeTheirs()}>
          Load what is there
        </button>
        <button type="button" onClick={() => void open.saver.save(true)}>
          Keep what is here
        </button>
      </div>
    );
  }
  if (notice === undefined) {
    return null;
  }
  return (
    <div className="notebook-notice" role="alert">
      <span>{notice}</span>
      {link === "over" ? (
        <button type="button" className="primary" onClick={() => void open.runner.open()}>
          Start a new session
        </button>
      ) : (
        <button type="button" onClick={() => open.book.set({ notice: undefined })}>
          Understood
        </button>
      )}
    </div>
  );
}

function download({ book }: OpenNotebook): void {
  const text = `${JSON.stringify(book.content(), null, 1)}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = book.read().path.split("/").at(-1) ?? "notebook.ipynb";
  link.click();
  URL.revokeObjectURL(address);
}
