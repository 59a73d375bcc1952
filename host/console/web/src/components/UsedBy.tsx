// Which of the newest runs called a component.
// Never looks through the whole history; it says how far it looked.

import { useQueries, useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { runList, runPlan } from "../api/queries";
import { Loading } from "../parts/Basics";
import { Trouble } from "../parts/Trouble";
import { RunTable } from "../runs/RunList";

const RUNS_LOOKED_AT = 40;

export function UsedBy({ digest }: { digest: string }): ReactElement {
  const { data, error } = useQuery(runList({}, RUNS_LOOKED_AT));
  const runs = data?.items ?? [];
  const plans = useQueries({ queries: runs.map((run) => runPlan(run.id)) });
  if (data === undefined) {
    return error === null ? <Loading what="Reading runs" /> : <Trouble error={error} />;
  }
  const reading = plans.some((plan) => plan.isPending);
  const using = runs.filter((_, at) => plans[at]?.data?.tasks.some((task) => task.digest === digest));
  return (
    <>
      <p className="quiet-text">
        {reading ? "Looking through" : "Of"} the newest {runs.length} runs, {using.length} called it.
      </p>
      {using.length === 0 ? null : <RunTable runs={using} />}
    </>
  );
}
