// When a schedule fires, in words and as it is asked for.
// Never computes a firing; the node does.

import type { Timing } from "../api/types";
import { duration } from "../parts/format";

export function timingWords(timing: Timing): string {
  if (timing.cron !== undefined && timing.cron !== null) {
    return timing.cron;
  }
  return timing.everySeconds === undefined || timing.everySeconds === null ? "never" : `every ${duration(timing.everySeconds * 1_000)}`;
}

export interface TimingEntry {
  kind: "cron" | "every";
  cron: string;
  every: string;
  unit: "seconds" | "minutes" | "hours" | "days";
  catchUp: boolean;
  atOnce: string;
  paused: boolean;
}

export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;

export const FIRST_ENTRY: TimingEntry = { kind: "every", cron: "0 0 6 * * *", every: "1", unit: "hours", catchUp: false, atOnce: "1", paused: false };

export function timingOf(entry: TimingEntry): Timing {
  const common = { catchUp: entry.catchUp, paused: entry.paused, runsAtOnceMax: Number(entry.atOnce) };
  return entry.kind === "cron" ? { ...common, cron: entry.cron } : { ...common, everySeconds: Math.round(Number(entry.every) * UNITS[entry.unit]) };
}
