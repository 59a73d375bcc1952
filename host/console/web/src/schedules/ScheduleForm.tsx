// Makes a schedule of a document and its values.
// Never fires one.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { answered, api } from "../api/client";
import type { Value } from "../api/types";
import { Trouble } from "../parts/Trouble";
import { FIRST_ENTRY, timingOf, UNITS, type TimingEntry } from "./timing";

export function ScheduleForm(props: { document: string; parameters: Record<string, Value>; name: string }): ReactElement {
  const { document, parameters } = props;
  const [name, setName] = useState(props.name);
  const [entry, setEntry] = useState(FIRST_ENTRY);
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const make = useMutation({
    mutationFn: () => answered(api.POST("/api/v1/schedules", { body: { name, document, parameters, timing: timingOf(entry) } })),
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: ["schedules"] });
      navigate(`/schedules/${encodeURIComponent(id)}`);
    },
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <label className="field">
        <span>Name</span>
        <input value={name} required onChange={(event) => setName(event.target.value)} />
      </label>
      <When entry={entry} change={(changes) => setEntry({ ...entry, ...changes })} />
      <label className="field">
        <span>Runs at work at once</span>
        <input type="number" min={1} max={10} value={entry.atOnce} onChange={(event) => setEntry({ ...entry, atOnce: event.target.value })} />
      </label>
      <label className="choice">
        <input type="checkbox" checked={entry.catchUp} onChange={(event) => setEntry({ ...entry, catchUp: event.target.checked })} /> Make up for missed firings one by one
      </label>
      {make.error === null ? null : <Trouble error={make.error} />}
      <button type="submit" className="primary" disabled={make.isPending}>
        Make the schedule
      </button>
    </form>
  );
}

function When({ entry, change }: { entry: TimingEntry; change: (changes: Partial<TimingEntry>) => void }): ReactElement {
  return (
    <fieldset className="field when">
      <legend>When</legend>
      <label className="choice">
        <input type="radio" name="kind" checked={entry.kind === "every"} onChange={() => change({ kind: "every" })} /> every
        <input type="number" min={1} value={entry.every} aria-label="How many" disabled={entry.kind !== "every"} onChange={(event) => change({ every: event.target.value })} />
        <select value={entry.unit} aria-label="Unit" disabled={entry.kind !== "every"} onChange={(event) => change({ unit: event.target.value as TimingEntry["unit"] })}>
          {Object.keys(UNITS).map((unit) => (
            <option key={unit}>{unit}</option>
          ))}
        </select>
      </label>
      <label className="choice">
        <input type="radio" name="kind" checked={entry.kind === "cron"} onChange={() => change({ kind: "cron" })} /> by cron
        <input value={entry.cron} aria-label="Cron pattern" disabled={entry.kind !== "cron"} onChange={(event) => change({ cron: event.target.value })} />
      </label>
      <small>Cron has six fields in UTC, the seconds first. Texts among the parameters may use [[ScheduledTime]], [[CurrentTime]], [[Index]] and [[RunUUID]].</small>
    </fieldset>
  );
}
