// A run's title and its experiment, asked for beside the button that starts it.
// Never required: a run without either goes to the default experiment.

import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { experiments } from "../api/queries";

export interface Title {
  name: string;
  experiment: string;
}

export function RunTitle({ title, change }: { title: Title; change: (title: Title) => void }): ReactElement {
  const { data } = useQuery(experiments());
  return (
    <>
      <input value={title.name} placeholder="Title (optional)" aria-label="Title of the run" onChange={(event) => change({ ...title, name: event.target.value })} />
      <input
        value={title.experiment}
        placeholder="Experiment (optional)"
        aria-label="Experiment of the run"
        list="experiments"
        onChange={(event) => change({ ...title, experiment: event.target.value })}
      />
      <datalist id="experiments">
        {(data?.items ?? []).map((one) => (
          <option key={one.id} value={one.name} />
        ))}
      </datalist>
    </>
  );
}
