// What runs have in common and where they differ: parameters, components, scores, as rows with a cell per run.
// Never says which run is better; it only sets them side by side.

import type { ArtifactRef, Run, RunDetail, Step, Value } from "../api/types";
import { oneLine, shortDigest, shortId, withoutDigest, digestOf } from "../parts/format";

/** How many columns can be read beside each other; as many colours are told apart. */
export const COLUMNS_MAX = 8;

/** What an address says is compared. */
export function chosenOf(text: string | null): string[] {
  return [...new Set((text ?? "").split(","))].filter((id) => id !== "").slice(0, COLUMNS_MAX);
}

export interface Row {
  name: string;
  cells: (string | undefined)[];
  differs: boolean;
}

export interface ScoreRow {
  name: string;
  cells: (number | undefined)[];
}

export function titleOf(run: Run): string {
  return `${run.name ?? run.pipeline} ${shortId(run.id)}`;
}

export function rowsOf(names: Iterable<string>, cell: (name: string, at: number) => string | undefined, count: number): Row[] {
  return [...new Set(names)].sort().map((name) => {
    const cells = Array.from({ length: count }, (_, at) => cell(name, at));
    return { name, cells, differs: new Set(cells).size > 1 };
  });
}

export function valueText(value: Value | undefined): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if ("plain" in value) {
    return oneLine(value.plain);
  }
  return "artifact" in value ? `${value.artifact.metadata?.["name"] ?? value.artifact.kind} ${shortDigest(value.artifact.digest)}` : `${value.list.length} items`;
}

export function parameterRows(runs: readonly Run[]): Row[] {
  const names = runs.flatMap((run) => Object.keys(run.parameters));
  return rowsOf(names, (name, at) => valueText(runs[at]?.parameters[name]), runs.length);
}

/** Which component each step called: the same name may have meant another digest. */
export function componentRows(runs: readonly RunDetail[]): Row[] {
  const steps = runs.map((run) => new Map(run.steps.filter((step) => step.kind === "step").map((step) => [step.name, step])));
  const cell = (name: string, at: number): string | undefined => {
    const component = steps[at]?.get(name)?.component;
    return component === undefined ? undefined : `${withoutDigest(component)} ${shortDigest(digestOf(component))}`;
  };
  return rowsOf(steps.flatMap((one) => [...one.keys()]), cell, runs.length);
}

const isNumber = (value: Value): value is { plain: number } => "plain" in value && typeof value.plain === "number";

/** Numbers that steps gave. */
export function outputRows(runs: readonly RunDetail[]): ScoreRow[] {
  const found = runs.map((run) => {
    const numbers = new Map<string, number>();
    for (const step of run.steps) {
      for (const [output, value] of Object.entries(step.outputs ?? {})) {
        if (isNumber(value)) {
          numbers.set(`${step.name}.${output}`, value.plain);
        }
      }
    }
    return numbers;
  });
  const names = [...new Set(found.flatMap((one) => [...one.keys()]))].sort();
  return names.map((name) => ({ name, cells: found.map((one) => one.get(name)) }));
}

export interface FoundMetrics {
  /** Step and output, by which those of several runs belong together. */
  name: string;
  run: number;
  artifact: ArtifactRef;
}

/** Metrics artifacts that steps gave. */
export function metricsOf(runs: readonly RunDetail[]): FoundMetrics[] {
  const ofStep = (step: Step, run: number): FoundMetrics[] =>
    Object.entries(step.outputs ?? {}).flatMap(([output, value]) =>
      "artifact" in value && value.artifact.kind === "metrics" ? [{ name: `${step.name}.${output}`, run, artifact: value.artifact }] : [],
    );
  return runs.flatMap((run, at) => run.steps.flatMap((step) => ofStep(step, at)));
}
