// A run's steps as bars over time, nested as they are, folded where the reader likes.
// Never holds more rows in the page than are in sight.

import { useMemo, type ReactElement } from "react";
import { useNow } from "../parts/Basics";
import { duration } from "../parts/format";
import { Icon } from "../parts/Icon";
import { isOpen, StatusMark } from "../parts/Status";
import { Windowed } from "../parts/Windowed";
import type { Progress, Run } from "../api/types";
import { isUnfolded, type TreeNode } from "./tree";

const ROW_HEIGHT = 30;

export interface TimelineProps {
  run: Run;
  rows: readonly TreeNode[];
  folds: ReadonlyMap<string, boolean>;
  fold: (name: string, open: boolean) => void;
  progress: ReadonlyMap<string, Progress>;
  chosen: string | undefined;
  choose: (name: string | undefined) => void;
}

interface Scale {
  from: number;
  to: number;
}

export function Timeline(props: TimelineProps): ReactElement {
  const { run, rows, chosen } = props;
  const live = isOpen(run.status);
  const now = useNow(live ? 500 : 3_600_000);
  const scale = useMemo(() => scaleOf(run, rows, now), [run, rows, now]);
  const reveal = chosen === undefined ? undefined : rows.findIndex((row) => row.step.name === chosen);
  const row = (place: number): ReactElement | null => {
    const node = rows[place];
    return node === undefined ? null : <Row key={node.step.name} node={node} place={place} scale={scale} now={now} {...props} />;
  };
  return (
    <div className="timeline">
      <Axis scale={scale} />
      <Windowed
        className="timeline-rows"
        count={rows.length}
        rowHeight={ROW_HEIGHT}
        label="Steps over time"
        role="tree"
        row={row}
        reveal={reveal}
        onKeyDown={(event) => walk(event, props)}
      />
    </div>
  );
}

function scaleOf(run: Run, rows: readonly TreeNode[], now: number): Scale {
  const from = run.submittedAtMillis;
  const last = rows.reduce((latest, { step }) => Math.max(latest, step.finishedAtMillis ?? 0), from);
  const to = run.finishedAtMillis ?? (isOpen(run.status) ? now : last);
  return { from, to: Math.max(to, last, from + 1) };
}

const STEPS = [1, 2, 5];

/** Round times that divide a scale into a handful of parts. */
export function ticksOf(length: number): number[] {
  const rough = length / 6;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const size = STEPS.map((step) => step * power).find((step) => step >= rough) ?? 10 * power;
  const ticks = [];
  for (let at = 0; at <= length; at += size) {
    ticks.push(at);
  }
  return ticks;
}

function Axis({ scale }: { scale: Scale }): ReactElement {
  const length = scale.to - scale.from;
  return (
    <div className="timeline-axis" aria-hidden="true">
      <div className="timeline-name" />
      <div className="timeline-bars">
        {ticksOf(length).map((tick) => (
          <span key={tick} className="timeline-tick" style={{ left: `${(100 * tick) / length}%` }}>
            {duration(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface RowProps extends TimelineProps {
  node: TreeNode;
  place: number;
  scale: Scale;
  now: number;
}

function Row(props: RowProps): ReactElement {
  const { node, folds, fold, chosen, choose, rows, place } = props;
  const { step } = node;
  const holds = node.children.length > 0;
  const unfolded = holds && isUnfolded(node, folds);
  return (
    <div
      className={`timeline-row${chosen === step.name ? " chosen" : ""}`}
      role="treeitem"
      aria-level={node.depth + 1}
      aria-selected={chosen === step.name}
      aria-setsize={rows.length}
      aria-posinset={place + 1}
      {...(holds ? { "aria-expanded": unfolded } : {})}
      onClick={() => choose(step.name)}
    >
      <div className="timeline-name" style={{ paddingLeft: 8 + node.depth * 16 }}>
        <span
          className={`fold${unfolded ? " unfolded" : ""}${holds ? "" : " nothing"}`}
          onClick={(event) => {
            event.stopPropagation();
            fold(step.name, !unfolded);
          }}
        >
          {holds ? <Icon name="open" /> : null}
        </span>
        <StatusMark status={step.status} reused={step.reused} />
        <span className="timeline-title" title={step.name}>
          {node.title}
        </span>
        <span className="unseen">{step.reused ? "reused" : step.status}</span>
        {holds ? <span className="quiet-text">{node.children.length}</span> : null}
      </div>
      <Bar {...props} />
    </div>
  );
}

function Bar({ node, scale, now, progress }: RowProps): ReactElement {
  const { step } = node;
  const from = step.startedAtMillis;
  if (from === undefined || from === null) {
    return <div className="timeline-bars" />;
  }
  const length = scale.to - scale.from;
  const to = step.finishedAtMillis ?? (isOpen(step.status) ? now : from);
  const left = (100 * (from - scale.from)) / length;
  const width = (100 * Math.max(0, to - from)) / length;
  const done = progress.get(step.name);
  const share = done?.total === undefined || done.total === null || done.total === 0 ? undefined : done.done / done.total;
  const words = share === undefined ? duration(to - from) : `${Math.round(100 * share)} % ${done?.message ?? ""}`;
  return (
    <div className="timeline-bars">
      <div className={`bar bar-${step.status}${step.reused ? " bar-reused" : ""}`} style={{ left: `${left}%`, width: `max(3px, ${width}%)` }}>
        {share === undefined ? null : <div className="bar-done" style={{ width: `${100 * Math.min(1, share)}%` }} />}
      </div>
      <span className={`bar-words${wordsAt(left, width) === "inside" ? " inside" : ""}`} style={wordsStyle(left, width)}>
        {words}
      </span>
    </div>
  );
}

/** Where a bar's words have room: behind it, before it, or inside where it fills the row. */
function wordsAt(left: number, width: number): "behind" | "before" | "inside" {
  return left + width <= 75 ? "behind" : left > 25 ? "before" : "inside";
}

function wordsStyle(left: number, width: number): React.CSSProperties {
  const place = wordsAt(left, width);
  return place === "behind" ? { left: `${left + width}%` } : { right: `${100 - (place === "before" ? left : left + width)}%` };
}

/** Up and down choose, left and right fold, as in any tree. */
function walk(event: React.KeyboardEvent, props: TimelineProps): void {
  const { rows, chosen, choose, fold, folds } = props;
  const at = rows.findIndex((row) => row.step.name === chosen);
  const node = rows[at];
  const go = (place: number): void => choose(rows[Math.min(rows.length - 1, Math.max(0, place))]?.step.name);
  if (event.key === "ArrowDown") {
    go(at + 1);
  } else if (event.key === "ArrowUp") {
    go(at - 1);
  } else if (event.key === "ArrowRight" && node !== undefined && node.children.length > 0) {
    fold(node.step.name, true);
  } else if (event.key === "ArrowLeft" && node !== undefined) {
    if (node.children.length > 0 && isUnfolded(node, folds)) {
      fold(node.step.name, false);
    } else {
      choose(node.step.parent ?? chosen);
    }
  } else if (event.key === "Escape") {
    choose(undefined);
  } else {
    return;
  }
  event.preventDefault();
}
