// What a cell showed: text with its colours, pictures, tables, Markdown, pages, errors.
// Never lets any of it run in the page's own origin: pages stand in sandboxed frames, everything else is built here.

import { memo, useMemo, type ReactElement } from "react";
import MarkdownView from "../artifacts/MarkdownView";
import { spansOf } from "../runs/ansi";
import type { Output } from "./nbformat";
import { pictureAddress, richestOf, type Richest } from "./richest";
import { tableOf, type PlainTable } from "./tables";

export const OutputList = memo(function OutputList({ outputs }: { outputs: readonly Output[] }): ReactElement {
  return (
    <div className="outputs" tabIndex={outputs.length > 0 ? 0 : -1} role="group" aria-label="Output">
      {outputs.map((output, place) => (
        <OutputView key={place} output={output} />
      ))}
    </div>
  );
});

function OutputView({ output }: { output: Output }): ReactElement | null {
  switch (output.type) {
    case "stream":
      return <Text text={output.text} className={`output-${output.name}`} />;
    case "error":
      return <Failed output={output} />;
    default: {
      const richest = richestOf(output.data);
      return richest === undefined ? null : <Bundle richest={richest} />;
    }
  }
}

function Failed({ output }: { output: Output & { type: "error" } }): ReactElement {
  const told = output.traceback.length > 0 ? output.traceback.join("\n") : `${output.ename}: ${output.evalue}`;
  return (
    <div className="output-error">
      <Text text={told} className="output-traceback" />
    </div>
  );
}

function Text({ text, className }: { text: string; className: string }): ReactElement {
  const spans = useMemo(() => spansOf(text), [text]);
  return (
    <pre className={`output-text ${className}`}>
      {spans.map((span, place) => (span.style === "" ? span.text : <span key={place} className={span.style}>{span.text}</span>))}
    </pre>
  );
}

function Bundle({ richest }: { richest: Richest }): ReactElement {
  const { type, content } = richest;
  const picture = pictureAddress(richest);
  if (picture !== undefined) {
    return <img className="output-picture" src={picture} alt="Picture shown by this cell" />;
  }
  if (type === "text/html" && typeof content === "string") {
    return <HtmlView html={content} />;
  }
  if (type === "text/markdown" && typeof content === "string") {
    return <MarkdownView text={content} />;
  }
  if (typeof content === "string") {
    return <Text text={content} className="output-value" />;
  }
  const isChart = type.includes("vega");
  return (
    <figure className="output-json">
      {isChart ? <figcaption className="quiet-text">A chart, as the Vega description that it is</figcaption> : null}
      <pre className="output-text output-value">{JSON.stringify(content, null, 2)}</pre>
    </figure>
  );
}

function HtmlView({ html }: { html: string }): ReactElement {
  const table = useMemo(() => tableOf(html), [html]);
  return table === undefined ? <HtmlFrame html={html} /> : <TableView table={table} />;
}

function TableView({ table }: { table: PlainTable }): ReactElement {
  const row = (cells: PlainTable["rows"][number], place: number): ReactElement => (
    <tr key={place}>{cells.map((cell, at) => (cell.isHead ? <th key={at} colSpan={cell.span}>{cell.text}</th> : <td key={at} colSpan={cell.span}>{cell.text}</td>))}</tr>
  );
  return (
    <figure className="output-table">
      <div className="table-scroll">
        <table className="data">
          {table.head.length === 0 ? null : <thead>{table.head.map(row)}</thead>}
          <tbody>{table.rows.map(row)}</tbody>
        </table>
      </div>
      {table.words === "" ? null : <figcaption className="quiet-text">{table.words}</figcaption>}
    </figure>
  );
}

const LINE_PIXELS = 26;
const FRAME_PIXELS_MIN = 56;
const FRAME_PIXELS_MAX = 440;

/**
 * No scripts, no forms, no origin: the sandbox gives the frame nothing, and the page's own policy, which a frame made
 * of text inherits, forbids scripts, styles of its own and requests a second time.
 */
function HtmlFrame({ html }: { html: string }): ReactElement {
  const page = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/output.css"><body>${html}`;
  // A frame without scripts cannot say how high it is.
  const blocks = (html.match(/<(p|div|li|tr|h[1-6]|br|hr|pre|figure|dt|dd)\b|\n/gi) ?? []).length;
  const height = Math.min(FRAME_PIXELS_MAX, Math.max(FRAME_PIXELS_MIN, (blocks + 1) * LINE_PIXELS));
  return (
    <figure className="output-page">
      <iframe title="HTML shown by this cell" srcDoc={page} sandbox="" referrerPolicy="no-referrer" style={{ height }} />
      <figcaption className="quiet-text">HTML, shown without scripts and without a network.</figcaption>
    </figure>
  );
}
