// The series that steps reported while they ran, a drawing per name.
// Never smooths: what is drawn is what was reported.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, type ReactElement } from "react";
import { runMetrics } from "../api/queries";
import type { SeriesPoint } from "../api/types";
import { Loading, useThrottled } from "../parts/Basics";
import type { Series } from "../parts/Curves";
import { Trouble } from "../parts/Trouble";

/** While points come in, the series are read again this often. */
const READ_MILLIS = 1_000;

const Curves = lazy(() => import("../parts/Curves"));

/** Series by name; one curve per step. */
export function drawingsOf(points: readonly SeriesPoint[], step: string | undefined): Map<string, Series[]> {
  const drawings = new Map<string, Map<string, [number, number | null][]>>();
  for (const point of points) {
    if (step !== undefined && point.step !== step && !point.step.startsWith(`${step}/`)) {
      continue;
    }
    const curves = drawings.get(point.name) ?? new Map<string, [number, number | null][]>();
    const curve = curves.get(point.step) ?? [];
    curve.push([point.index, point.value ?? null]);
    curves.set(point.step, curve);
    drawings.set(point.name, curves);
  }
  const named = (curves: Map<string, [number, number | null][]>): Series[] => [...curves].map(([name, curve]) => ({ name, points: curve }));
  return new Map([...drawings].sort(([one], [other]) => one.localeCompare(other)).map(([name, curves]) => [name, named(curves)]));
}

export function SeriesView({ run, step, version }: { run: string; step?: string; version: string }): ReactElement {
  const { data, error } = useQuery(runMetrics(run, useThrottled(version, READ_MILLIS)));
  if (data === undefined) {
    return error === null ? <Loading what="Reading series" /> : <Trouble error={error} />;
  }
  return <SeriesDrawings points={data} step={step} across="index" />;
}

/** Points as drawings. */
export function SeriesDrawings({ points, step, across }: { points: readonly SeriesPoint[]; step?: string | undefined; across: string }): ReactElement {
  const drawings = useMemo(() => drawingsOf(points, step), [points, step]);
  if (drawings.size === 0) {
    return (
      <p className="quiet-text">
        No series were reported. A component reports a point with <code>metric::report</code> of the guest SDK.
      </p>
    );
  }
  return (
    <div className="drawings">
      {[...drawings].map(([name, series]) => (
        <figure key={name} className="drawing">
          <figcaption>{name}</figcaption>
          <Suspense fallback={<Loading what="Drawing" />}>
            <Curves series={series} across={across} />
          </Suspense>
        </figure>
      ))}
    </div>
  );
}
