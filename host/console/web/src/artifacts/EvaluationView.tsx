// What an evaluation found: scalars, scores per class, the confusion matrix, the ROC curve.
// Never computes a score but the area under a curve.

import { lazy, Suspense, type ReactElement } from "react";
import { Loading } from "../parts/Basics";
import { number } from "../parts/format";
import { areaUnder, type Confusion, type Evaluation } from "./metrics";

const Curves = lazy(() => import("../parts/Curves"));

export function EvaluationView({ evaluation }: { evaluation: Evaluation }): ReactElement {
  const { scalars, classes, confusion, roc } = evaluation;
  const names = Object.keys(scalars);
  if (names.length === 0 && confusion === undefined && roc.length === 0) {
    return <p className="quiet-text">It holds no scores.</p>;
  }
  return (
    <div className="evaluation">
      {names.length === 0 ? null : (
        <dl className="scores">
          {names.map((name) => (
            <div key={name} className="score">
              <dt>{name}</dt>
              <dd>{number(scalars[name] ?? Number.NaN)}</dd>
            </div>
          ))}
        </dl>
      )}
      {confusion === undefined ? null : <ConfusionView confusion={confusion} />}
      {roc.length === 0 ? null : <RocView curves={[{ name: "ROC", roc }]} />}
      {classes.length === 0 ? null : <ClassTable classes={classes} />}
    </div>
  );
}

/** Beside each other, so that one run's errors are seen against another's. */
export function ConfusionView({ confusion }: { confusion: Confusion }): ReactElement {
  const { labels, counts } = confusion;
  const most = Math.max(1, ...counts.flat().filter(Number.isFinite));
  const level = (count: number): number => (count === 0 ? 0 : 1 + Math.floor((8.99 * Math.log1p(count)) / Math.log1p(most)));
  return (
    <figure className="confusion">
      <figcaption>Confusion matrix: rows are true, columns predicted</figcaption>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Confusion matrix">
        <table>
          <thead>
            <tr>
              <td />
              {labels.map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map((row, truth) => (
              <tr key={labels[truth] ?? truth}>
                <th scope="row">{labels[truth]}</th>
                {row.map((count, predicted) => (
                  <td
                    key={predicted}
                    className={`${truth === predicted ? "right" : "wrong"} level-${level(count)}`}
                    title={`true ${labels[truth] ?? ""}, predicted ${labels[predicted] ?? ""}: ${count}`}
                  >
                    {count}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

export function RocView({ curves }: { curves: { name: string; roc: Evaluation["roc"] }[] }): ReactElement {
  const series = curves.map(({ name, roc }) => ({
    name: `${name} (area ${number(areaUnder(roc))})`,
    points: roc.map((point): [number, number | null] => [point.falsePositiveRate, point.truePositiveRate]),
  }));
  return (
    <figure className="roc">
      <figcaption>ROC: true against false positives</figcaption>
      <Suspense fallback={<Loading what="Drawing" />}>
        <Curves series={series} across="false positive rate" height={240} />
      </Suspense>
    </figure>
  );
}

function ClassTable({ classes }: { classes: Evaluation["classes"] }): ReactElement {
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Scores per class">
      <table className="data">
        <thead>
          <tr>
            {["class", "precision", "recall", "F1", "rows"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((one) => (
            <tr key={one.label}>
              <th scope="row">{one.label}</th>
              {[one.precision, one.recall, one.f1, one.support].map((score, place) => (
                <td key={place} className="number">
                  {number(score)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
