// What an evaluation found, in the one form that views draw: Sandmill's own metrics, or Kubeflow's.
// Never computes a score.

import type { ArtifactRef } from "../api/types";

export interface ClassScores {
  label: string;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

export interface Confusion {
  labels: string[];
  /** Rows are what is true, columns what was predicted. */
  counts: number[][];
}

export interface RocPoint {
  threshold: number;
  falsePositiveRate: number;
  truePositiveRate: number;
}

export interface Evaluation {
  scalars: Record<string, number>;
  classes: ClassScores[];
  confusion: Confusion | undefined;
  roc: RocPoint[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const numberOf = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

function scalarsOf(value: unknown): Record<string, number> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"));
}

/** Sandmill's own: the JSON of a metrics artifact. */
export function ownEvaluation(document: unknown): Evaluation {
  const whole = isObject(document) ? document : {};
  const confusion = isObject(whole["confusion"]) ? whole["confusion"] : undefined;
  return {
    scalars: scalarsOf(whole["scalars"]),
    classes: listOf(whole["classes"]).filter(isObject).map((one) => ({
      label: textOf(one["label"]),
      precision: numberOf(one["precision"]),
      recall: numberOf(one["recall"]),
      f1: numberOf(one["f1"]),
      support: numberOf(one["support"]),
    })),
    confusion: confusion && {
      labels: listOf(confusion["labels"]).map(textOf),
      counts: listOf(confusion["counts"]).map((row) => listOf(row).map(numberOf)),
    },
    roc: [],
  };
}

/** Kubeflow's: what the SDK kept as an artifact's metadata. */
export function kubeflowEvaluation(artifact: ArtifactRef): Evaluation {
  let kept: unknown;
  try {
    kept = JSON.parse(artifact.metadata?.["kfp.metadata"] ?? "{}");
  } catch {
    kept = {};
  }
  const whole = isObject(kept) ? kept : {};
  const matrix = isObject(whole["confusionMatrix"]) ? whole["confusionMatrix"] : undefined;
  const names = listOf(matrix?.["annotationSpecs"]).map((one) => textOf(isObject(one) ? one["displayName"] : one));
  const rows = listOf(matrix?.["rows"]).map((row) => listOf(isObject(row) ? row["row"] : row).map(numberOf));
  const points = listOf(whole["confidenceMetrics"]).filter(isObject).map((one) => ({
    threshold: numberOf(one["confidenceThreshold"]),
    falsePositiveRate: numberOf(one["falsePositiveRate"]),
    truePositiveRate: numberOf(one["recall"]),
  }));
  const roc = points.sort((one, other) => one.falsePositiveRate - other.falsePositiveRate || one.truePositiveRate - other.truePositiveRate);
  return {
    scalars: scalarsOf(whole),
    classes: [],
    confusion: matrix === undefined ? undefined : { labels: names, counts: rows },
    roc,
  };
}

/** The area under a curve of receiver operating characteristics, by trapezia. */
export function areaUnder(roc: readonly RocPoint[]): number {
  let area = 0;
  for (let at = 1; at < roc.length; at += 1) {
    const [one, other] = [roc[at - 1], roc[at]];
    if (one !== undefined && other !== undefined) {
      area += ((other.falsePositiveRate - one.falsePositiveRate) * (one.truePositiveRate + other.truePositiveRate)) / 2;
    }
  }
  return area;
}
