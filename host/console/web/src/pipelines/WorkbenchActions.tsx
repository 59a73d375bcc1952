// What can be done with a document: run it, keep it as a version, have it run again and again.
// Never before the node finds nothing wrong with it.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useLocation } from "wouter";
import { runAddress, useAddress } from "../app/address";
import { answered, api } from "../api/client";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";
import { ScheduleForm } from "../schedules/ScheduleForm";
import type { Filled } from "./fields";
import { RunTitle } from "./RunTitle";
import { SaveForm } from "./SaveForm";
import type { Check } from "./useCheck";

interface ActionProps {
  text: string;
  check: Check;
  form: Filled;
  /** Called when the form's gaps should be shown. */
  ask: () => void;
}

type Open = "save" | "schedule" | undefined;

export function WorkbenchActions({ text, check, form, ask }: ActionProps): ReactElement {
  const [open, setOpen] = useState<Open>();
  const [query] = useAddress();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [title, setTitle] = useState({ name: "", experiment: "" });
  const start = useMutation({
    mutationFn: () => {
      const named = { ...(title.name === "" ? {} : { name: title.name }), ...(title.experiment === "" ? {} : { experiment: title.experiment }) };
      return answered(api.POST("/api/v1/runs", { body: { document: text, parameters: form.values, ...named } }));
    },
    onSuccess: ({ run }) => {
      void client.invalidateQueries({ queryKey: ["runs"] });
      navigate(runAddress(run));
    },
  });
  const good = check.problems.length === 0 && check.checked !== undefined && !check.checking;
  const complete = Object.keys(form.wrong).length === 0;
  const whenComplete = (then: () => void): void => {
    ask();
    if (complete) {
      then();
    }
  };
  return (
    <div className="actions">
      <RunTitle title={title} change={setTitle} />
      <button type="button" disabled={!good} onClick={() => setOpen("save")}>
        Save
      </button>
      <button type="button" disabled={!good} onClick={() => whenComplete(() => setOpen("schedule"))}>
        <Icon name="schedules" /> Schedule
      </button>
      <button type="button" className="primary" disabled={!good || start.isPending} onClick={() => whenComplete(() => start.mutate())}>
        <Icon name="runs" /> Run
      </button>
      {start.error === null ? null : <Trouble error={start.error} />}
      {open === "save" ? (
        <Dialog title="Save the pipeline" close={() => setOpen(undefined)}>
          <SaveForm document={text} name={check.checked?.pipeline ?? ""} pipeline={query.get("pipeline") ?? undefined} />
        </Dialog>
      ) : null}
      {open === "schedule" ? (
        <Dialog title="Run it again and again" close={() => setOpen(undefined)}>
          <ScheduleForm document={text} parameters={form.values} name={check.checked?.pipeline ?? ""} />
        </Dialog>
      ) : null}
    </div>
  );
}
