// What happened to a job, in a sentence each, and statuses that a job can be in.
// Never a judgement: a sentence says what the event says.

import type { JobEvent } from "../api/types";
import { bytes, number, shortDigest } from "../parts/format";

export const STATUSES = ["running", "suspending", "suspended", "succeeded", "failed", "cancelled"] as const;

/** Why training is at its end. */
const REASONS: Record<string, string> = {
  done: "the workers have nothing more to learn",
  "steps-max": "as many steps were made as the job may make",
  "no-better": "the metric became no better for too long",
  "target-reached": "the metric is good enough",
  "not-a-number": "a metric was no number",
};

export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason;
}

export function valueWords(value: number | null | undefined): string {
  return value === null || value === undefined ? "no number" : number(value);
}

/** An event as a sentence. */
export function changeWords(event: JobEvent): string {
  switch (event.change) {
    case "submitted":
      return `Submitted with ${event.workers} workers${event.suspended ? ", to wait until it is resumed" : ""}`;
    case "fetched":
      return `Fetched ${event.uri} (${bytes(event.artifact.sizeBytes)})`;
    case "group-began":
      return `Group ${event.generation} of ${event.size} workers began ${event.fromStep === 0 ? "from nothing" : `from the checkpoint of step ${event.fromStep}`}`;
    case "checkpoint-written":
      return `Checkpoint of step ${event.checkpoint.step} written (${bytes(event.checkpoint.sizeBytes)})`;
    case "checkpoint-refused":
      return `Checkpoint ${shortDigest(event.digest)} not used: ${event.failure.message}`;
    case "evaluated":
      return `Evaluated after step ${event.step}: ${Object.entries(event.metrics)
        .map(([name, value]) => `${name} ${valueWords(value)}`)
        .join(", ")}`;
    case "worker-lost":
      return `Worker ${event.rank} lost after step ${event.step}: ${event.failure.message}`;
    case "interrupted":
      return "The node stopped meanwhile; steps behind the last checkpoint are made again";
    case "suspend-requested":
      return "Asked to stop";
    case "suspended":
      return "Stopped; no worker is left";
    case "resume-requested":
      return "Asked to go on";
    case "ending":
      return `Training ended after step ${event.step}: ${reasonWords(event.reason)}`;
    case "finished":
      return `The job ${event.status} after step ${event.step}`;
  }
}
