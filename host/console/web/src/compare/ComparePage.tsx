// Runs side by side: what they were given, what they scored, how they got there.
// Never more runs than can be read beside each other.

import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo, type ReactElement } from "react";
import { Link } from "wouter";
import { runAddress, useAddress } from "../app/address";
import { runDetail, runList, runMetrics } from "../api/queries";
import type { RunDetail } from "../api/types";
import { Empty, Loading, Page } from "../parts/Basics";
import { Trouble } from "../parts/Trouble";
import { Columns, Scores, Section, useShown } from "./Columns";
import { CurveComparison, EvaluationComparison } from "./Drawings";
import { chosenOf, COLUMNS_MAX, componentRows, outputRows, parameterRows, titleOf } from "./gather";
import { Choices, Picker } from "./Picker";

export default function ComparePage(): ReactElement {
  const [query, change] = useAddress();
  const ids = useMemo(() => chosenOf(query.get("runs")), [query]);
  const found = useQueries({ queries: ids.map((id) => runDetail(id)) });
  const runs = found.flatMap((one) => (one.data === undefined ? [] : [one.data]));
  const error = found.find((one) => one.error !== null)?.error;
  const choose = (next: readonly string[]): void => change({ runs: next.join(",") });
  const choices = (add: (id: string) => void): ReactElement => <RunChoices chosen={ids} add={add} />;
  return (
    <Page wide title="Compare runs" above={<Link href="/runs">Runs</Link>} actions={<Picker what="run" chosen={ids} choose={choose} choices={choices} />}>
      {error === undefined ? null : <Trouble error={error} />}
      {ids.length < 2 ? (
        <Empty title={ids.length === 0 ? "Choose runs to compare" : "Choose another run"}>Parameters, scores, curves, confusion matrices and ROC of up to {COLUMNS_MAX} runs stand side by side here.</Empty>
      ) : null}
      {runs.length < ids.length && error === undefined ? <Loading what="Reading runs" /> : null}
      {runs.length === 0 || runs.length < ids.length ? null : <Compared runs={runs} remove={(id) => choose(ids.filter((one) => one !== id))} />}
    </Page>
  );
}

function Compared({ runs, remove }: { runs: readonly RunDetail[]; remove: (id: string) => void }): ReactElement {
  const [shown, choice] = useShown();
  const parameters = useMemo(() => parameterRows(runs), [runs]);
  const components = useMemo(() => componentRows(runs), [runs]);
  const outputs = useMemo(() => outputRows(runs), [runs]);
  const points = useQueries({ queries: runs.map((run) => runMetrics(run.id, run.status)), combine: (results) => results.map((result) => result.data ?? []) });
  const columns = runs.map((run) => ({ id: run.id, title: titleOf(run), status: run.status, href: runAddress(run.id) }));
  return (
    <>
      {choice}
      <Columns columns={columns} remove={remove}>
        <Section title="Parameters" columns={runs.length} rows={shown(parameters)} same={parameters.length} />
        <Scores title="Numbers that steps gave" rows={outputs} columns={runs.length} />
        <Section title="Components" columns={runs.length} rows={shown(components)} same={components.length} />
      </Columns>
      <EvaluationComparison runs={runs} />
      <CurveComparison titles={columns.map((one) => one.title)} points={points} across="index" />
    </>
  );
}

function RunChoices({ chosen, add }: { chosen: readonly string[]; add: (id: string) => void }): ReactElement {
  const { data, error } = useQuery(runList({}, 100));
  if (data === undefined) {
    return error === null ? <Loading what="Reading runs" /> : <Trouble error={error} />;
  }
  return <Choices choices={data.items.map((run) => ({ ...run, title: titleOf(run) }))} chosen={chosen} add={add} />;
}
