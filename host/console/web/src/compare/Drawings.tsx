// Evaluations and series of several runs: matrices beside each other, curves over each other.
// Never mixes what does not belong together: only the same output of the same step is compared.

import { useQueries } from "@tanstack/react-query";
import { lazy, Suspense, type ReactElement } from "react";
import { readContent } from "../api/client";
import type { RunDetail, SeriesPoint } from "../api/types";
import { ConfusionView, RocView } from "../artifacts/EvaluationView";
import { shownAs } from "../artifacts/kind";
import { kubeflowEvaluation, ownEvaluation, type Evaluation } from "../artifacts/metrics";
import { Loading } from "../parts/Basics";
import type { Series } from "../parts/Curves";
import { number } from "../parts/format";
import { drawingsOf } from "../runs/SeriesView";
import { metricsOf, titleOf, type FoundMetrics } from "./gather";

const Curves = lazy(() => import("../parts/Curves"));
const METRICS_BYTES_MAX = 1_024 * 1_024;
const EVALUATIONS_MAX = 40;

async function evaluationOf(found: FoundMetrics, signal: AbortSignal): Promise<Evaluation> {
  if (shownAs(found.artifact) === "kfp-metrics") {
    return kubeflowEvaluation(found.artifact);
  }
  const content = await readContent(found.artifact, 0, METRICS_BYTES_MAX, signal);
  return ownEvaluation(JSON.parse(new TextDecoder().decode(content)));
}

export function EvaluationComparison({ runs }: { runs: readonly RunDetail[] }): ReactElement {
  const found = metricsOf(runs).slice(0, EVALUATIONS_MAX);
  const read = useQueries({
    queries: found.map((one) => ({
      queryKey: ["evaluation", one.artifact.digest],
      queryFn: ({ signal }: { signal: AbortSignal }) => evaluationOf(one, signal),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const names = [...new Set(found.map((one) => one.name))].sort();
  return (
    <>
      {names.map((name) => {
        const all = found.flatMap((one, at) => {
          const data = read[at]?.data;
          const run = runs[one.run];
          return one.name === name && data !== undefined && run !== undefined ? [{ title: titleOf(run), place: one.run, evaluation: data }] : [];
        });
        return <EvaluationGroup key={name} name={name} all={all} />;
      })}
    </>
  );
}

interface Titled {
  title: string;
  place: number;
  evaluation: Evaluation;
}

function EvaluationGroup({ name, all }: { name: string; all: readonly Titled[] }): ReactElement {
  const scalars = [...new Set(all.flatMap((one) => Object.keys(one.evaluation.scalars)))].sort();
  const curves = all.flatMap((one) => (one.evaluation.roc.length === 0 ? [] : [{ name: one.title, roc: one.evaluation.roc }]));
  const value = (one: Titled, scalar: string): string => {
    const found = one.evaluation.scalars[scalar];
    return found === undefined ? "" : number(found);
  };
  return (
    <section className="card compare-card">
      <h2>{name}</h2>
      <div className="table-scroll" tabIndex={0} role="region" aria-label={`Scores of ${name}`}>
        <table className="data">
          <thead>
            <tr>
              <th scope="col">score</th>
              {all.map((one) => (
                <th key={one.place} scope="col">
                  <span className={`swatch swatch-${one.place}`} aria-hidden="true" /> {one.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {scalars.map((scalar) => (
              <tr key={scalar}>
                <th scope="row">{scalar}</th>
                {all.map((one) => (
                  <td key={one.place} className="number">
                    {value(one, scalar)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="side-by-side">
        {all.map((one) =>
          one.evaluation.confusion === undefined ? null : (
            <div key={one.place}>
              <h3>
                <span className={`swatch swatch-${one.place}`} aria-hidden="true" /> {one.title}
              </h3>
              <ConfusionView confusion={one.evaluation.confusion} />
            </div>
          ),
        )}
      </div>
      {curves.length === 0 ? null : <RocView curves={curves} />}
    </section>
  );
}

/** Series of the same name over each other, titled by whose they are. */
export function CurveComparison({ titles, points, across }: { titles: readonly string[]; points: readonly (readonly SeriesPoint[])[]; across: string }): ReactElement | null {
  const names = new Map<string, Series[]>();
  points.forEach((some, at) => {
    for (const [name, series] of drawingsOf(some, undefined)) {
      const titled = series.map((one) => ({ ...one, name: `${titles[at] ?? ""} · ${one.name}` }));
      names.set(name, [...(names.get(name) ?? []), ...titled]);
    }
  });
  if (names.size === 0) {
    return null;
  }
  return (
    <div className="drawings">
      {[...names].map(([name, series]) => (
        <figure key={name} className="drawing">
          <figcaption>{name}</figcaption>
          <Suspense fallback={<Loading what="Drawing" />}>
            <Curves series={series} across={across} height={240} />
          </Suspense>
        </figure>
      ))}
    </div>
  );
}
