// How a run, a step or a job is, as a mark and a word.
// Never by colour alone: each status has a shape of its own.

import type { ReactElement } from "react";

const SHAPES: Record<string, string> = {
  succeeded: "M5 8.4l2.2 2.2L11.2 6",
  reused: "M5 8.4l2.2 2.2L11.2 6",
  failed: "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
  running: "M8 4.6A3.4 3.4 0 0111.4 8",
  cancelling: "M5.6 8h4.8",
  cancelled: "M5.6 8h4.8",
  interrupted: "M5.6 8h4.8",
  backoff: "M8 5.2V8l1.8 1.4",
  skipped: "M5.6 5.6L8 8l-2.4 2.4M8.4 5.6L10.8 8l-2.4 2.4",
  waiting: "M5.6 8h.01M8 8h.01M10.4 8h.01",
  suspending: "M6.5 5.6v4.8M9.5 5.6v4.8",
  suspended: "M6.5 5.6v4.8M9.5 5.6v4.8",
  paused: "M6.5 5.6v4.8M9.5 5.6v4.8",
  active: "M8 5.2V8l1.8 1.4",
};

/** Statuses that something may still come of. */
export function isOpen(status: string): boolean {
  return ["running", "cancelling", "suspending", "waiting", "backoff"].includes(status);
}

export function StatusMark({ status, reused = false }: { status: string; reused?: boolean }): ReactElement {
  const shape = SHAPES[status] ?? SHAPES["waiting"];
  return (
    <svg className={`mark mark-${status}${reused ? " mark-reused" : ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.4" />
      <path d={shape} />
    </svg>
  );
}

export function Status({ status, reused = false }: { status: string; reused?: boolean }): ReactElement {
  return (
    <span className={`status status-${status}`}>
      <StatusMark status={status} reused={reused} />
      <span>{reused ? "reused" : status}</span>
    </span>
  );
}
