// A log as it grows: searched by the node, coloured as programs meant it, only lines in sight in the page.
// Never reads a long log as a whole.

import { useEffect, useMemo, useRef, useState, type ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { Windowed } from "../parts/Windowed";
import type { LogLine } from "../api/types";
import { spansOf } from "./ansi";
import { LogPages, type LogState, type LogWanted } from "./logPages";

const LINE_HEIGHT = 20;
/** Lines of a run's log that are shown at first, from its end. */
const TAIL_LINES = 2_000;
const SEARCH_MILLIS = 250;

interface LogProps {
  /** Whether `run` is a run of a pipeline (so where this is left out) or a training job. */
  kind?: LogWanted["kind"];
  run: string;
  step?: string | undefined;
  /** Grows whenever there are new lines. */
  news: number;
  live: boolean;
  /** How many lines the run had when it was read. */
  lines: number;
}

export function LogView(props: LogProps): ReactElement {
  const { kind = "run", run, step, live } = props;
  const [search, setSearch] = useState("");
  const [whole, setWhole] = useState(false);
  const [follow, setFollow] = useState(true);
  const contains = useSettled(search.trim());
  // A step's own lines have gaps between their numbers, so that its end cannot be told from the run's.
  const from = step === undefined && contains === "" && !whole ? Math.max(0, props.lines - TAIL_LINES) : 0;
  const [state, pages] = useLog({ kind, run, step, contains, from }, props.news);
  return (
    <div className="log">
      <div className="toolbar">
        <label className="search">
          <Icon name="search" />
          <input type="search" value={search} placeholder="Search the log" aria-label="Search the log" onChange={(event) => setSearch(event.target.value)} />
        </label>
        <label className="choice">
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.target.checked)} /> Follow
        </label>
        <span className="grow" />
        <span className="quiet-text" role="status">
          {summary(state, live, contains)}
        </span>
      </div>
      {state.error === undefined ? null : <Trouble error={state.error} />}
      {state.cut && !whole && contains === "" ? (
        <button type="button" className="log-more" onClick={() => setWhole(true)}>
          Earlier lines are not shown. Read from the beginning
        </button>
      ) : null}
      <Lines state={state} contains={contains} withStep={step === undefined} follow={follow} />
      {state.more && !state.reading ? (
        <button type="button" className="log-more" onClick={() => void pages.current?.readOn()}>
          Read more lines
        </button>
      ) : null}
    </div>
  );
}

function summary(state: LogState, live: boolean, contains: string): string {
  const count = `${state.lines.length.toLocaleString("en-GB")} ${state.lines.length === 1 ? "line" : "lines"}`;
  const found = contains === "" ? count : `${count} found`;
  return state.reading ? `${found} · reading` : live ? `${found} · live` : found;
}

/** A value once it has not changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SEARCH_MILLIS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function useLog({ kind, run, step, contains, from }: LogWanted, news: number): [LogState, React.RefObject<LogPages | undefined>] {
  const [state, setState] = useState<LogState>({ lines: [], more: true, cut: false, reading: true, error: undefined });
  const pages = useRef<LogPages | undefined>(undefined);
  useEffect(() => {
    const made = new LogPages({ kind, run, step, contains, from }, setState);
    pages.current = made;
    void made.readOn();
    return () => made.close();
  }, [kind, run, step, contains, from]);
  useEffect(() => {
    if (news > 0) {
      void pages.current?.readOn();
    }
  }, [news]);
  return [state, pages];
}

function Lines(props: { state: LogState; contains: string; withStep: boolean; follow: boolean }): ReactElement {
  const { state, contains, withStep, follow } = props;
  const { lines } = state;
  if (lines.length === 0) {
    const words = contains === "" ? "Nothing was logged." : "No line holds this text.";
    return <p className="quiet-text log-none">{state.reading ? "Reading the log" : words}</p>;
  }
  const row = (place: number): ReactElement | null => {
    const line = lines[place];
    return line === undefined ? null : <Line key={line.sequence} line={line} mark={contains} withStep={withStep} />;
  };
  return <Windowed className="log-lines" count={lines.length} rowHeight={LINE_HEIGHT} label="Log" role="log" row={row} follow={follow} />;
}

function Line({ line, mark, withStep }: { line: LogLine; mark: string; withStep: boolean }): ReactElement {
  const spans = useMemo(() => spansOf(line.text), [line.text]);
  const at = new Date(line.atMillis);
  return (
    <div className={`log-line log-${line.stream}`}>
      <span className="log-number">{line.sequence}</span>
      <time className="log-time" dateTime={at.toISOString()} title={at.toLocaleString()}>
        {at.toISOString().slice(11, 23)}
      </time>
      {withStep ? (
        <span className="log-step" title={line.step}>
          {line.step}
        </span>
      ) : null}
      <span className="log-stream">{line.stream}</span>
      <span className="log-text" title={line.text}>
        {spans.map((span, place) => (
          <span key={place} className={span.style}>
            <Marked text={span.text} mark={mark} />
          </span>
        ))}
      </span>
    </div>
  );
}

/** A text with what was searched for set off. */
function Marked({ text, mark }: { text: string; mark: string }): ReactElement {
  if (mark === "") {
    return <>{text}</>;
  }
  const parts: ReactElement[] = [];
  const [low, wanted] = [text.toLowerCase(), mark.toLowerCase()];
  let end = 0;
  for (let at = low.indexOf(wanted); at >= 0 && parts.length < 100; at = low.indexOf(wanted, end)) {
    parts.push(<span key={end}>{text.slice(end, at)}</span>, <mark key={`m${end}`}>{text.slice(at, at + mark.length)}</mark>);
    end = at + mark.length;
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}
