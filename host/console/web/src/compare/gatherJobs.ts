// What training jobs have in common and where they differ: settings, data, plans, and what came of it.
// Never says which job is better; it only sets them side by side.

import type { ArtifactRef, Job, JobDetail, SeriesPoint } from "../api/types";
import { digestOf, oneLine, shortDigest, shortId, withoutDigest } from "../parts/format";
import { rowsOf, type Row, type ScoreRow } from "./gather";

/** Whose points are drawn: what is the same for all workers, or a worker's share of it, is not shown for each. */
const FIRST_WORKER = "worker-0";
const EVALUATION = "evaluation";

/** Of a plan, what stands elsewhere in the comparison, or says nothing of how a job trains. */
const SHOWN_ELSEWHERE = new Set(["name", "namespace", "component", "settings", "dataSets", "models", "suspend"]);

export function jobTitle(job: Job): string {
  return `${job.title ?? job.name} ${shortId(job.id)}`;
}

export function settingRows(jobs: readonly JobDetail[]): Row[] {
  const cell = (name: string, at: number): string | undefined => textOf(jobs[at]?.settings[name]);
  return rowsOf(jobs.flatMap((job) => Object.keys(job.settings)), cell, jobs.length);
}

/** The component, data sets and models, by what they were when the job began. */
export function givenRows(jobs: readonly JobDetail[]): Row[] {
  const given = jobs.map((job) => {
    const named = (what: string, all: Record<string, ArtifactRef>): [string, string][] =>
      Object.entries(all).map(([name, artifact]) => [`${what} ${name}`, shortDigest(artifact.digest)]);
    const component = `${withoutDigest(job.component)} ${shortDigest(digestOf(job.component))}`;
    return new Map([["component", component], ...named("data set", job.dataSets), ...named("model", job.models)]);
  });
  return rowsOf(given.flatMap((one) => [...one.keys()]), (name, at) => given[at]?.get(name), jobs.length);
}

/** The rest of their plans: workers, seed, checkpoints, limits, grants, policies. */
export function planRows(jobs: readonly JobDetail[]): Row[] {
  const plans = jobs.map((job) => flat(job.plan));
  return rowsOf(plans.flatMap((one) => [...one.keys()]), (name, at) => plans[at]?.get(name), jobs.length);
}

/** Numbers at a job's end, or as far as it has come. */
export function resultRows(jobs: readonly JobDetail[]): ScoreRow[] {
  const found = jobs.map((job) => {
    const numbers = new Map<string, number>([["steps", job.newest?.step ?? job.step], ["restarts", job.restarts]]);
    const take = (prefix: string, metrics: Record<string, number | null>): void => {
      for (const [name, value] of Object.entries(metrics)) {
        if (value !== null) {
          numbers.set(`${prefix} ${name}`, value);
        }
      }
    };
    take("last", job.newest?.metrics ?? {});
    take(EVALUATION, job.evaluation);
    return numbers;
  });
  const names = [...new Set(found.flatMap((one) => [...one.keys()]))].sort();
  return names.map((name) => ({ name, cells: found.map((one) => one.get(name)) }));
}

/** The points that are drawn of a job. */
export function drawnPoints(points: readonly SeriesPoint[]): SeriesPoint[] {
  return points.filter((point) => point.step === FIRST_WORKER || point.step === EVALUATION);
}

/** A plan's values under the names of the ways to them. */
function flat(plan: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) {
        if (path !== "" || !SHOWN_ELSEWHERE.has(name)) {
          walk(inner, path === "" ? name : `${path}.${name}`);
        }
      }
      return;
    }
    found.set(path, oneLine(value));
  };
  walk(plan, "");
  return found;
}

function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : oneLine(value);
}
