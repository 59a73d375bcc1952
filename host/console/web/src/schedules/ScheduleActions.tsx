// Pauses a schedule, lets it go on, forgets it.
// Never touches its runs.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useLocation } from "wouter";
import { answered, api } from "../api/client";
import type { Schedule } from "../api/types";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";

export function PauseButton({ schedule }: { schedule: Schedule }): ReactElement {
  const client = useQueryClient();
  const params = { path: { schedule: schedule.id } };
  const paused = schedule.timing.paused;
  const change = useMutation({
    mutationFn: () => answered(paused ? api.POST("/api/v1/schedules/{schedule}/resume", { params }) : api.POST("/api/v1/schedules/{schedule}/pause", { params })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["schedules"] }),
  });
  return (
    <>
      <button type="button" onClick={() => change.mutate()} disabled={change.isPending}>
        <Icon name={paused ? "runs" : "pause"} /> {paused ? "Resume" : "Pause"}
      </button>
      {change.error === null ? null : <Trouble error={change.error} />}
    </>
  );
}

export function DeleteButton({ schedule }: { schedule: Schedule }): ReactElement {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const remove = useMutation({
    mutationFn: () => answered(api.DELETE("/api/v1/schedules/{schedule}", { params: { path: { schedule: schedule.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["schedules"] });
      navigate("/schedules");
    },
  });
  const ask = (): void => {
    if (globalThis.confirm(`Forget the schedule ${schedule.name}? Its runs stay.`)) {
      remove.mutate();
    }
  };
  return (
    <>
      <button type="button" className="danger" onClick={ask} disabled={remove.isPending}>
        Delete
      </button>
      {remove.error === null ? null : <Trouble error={remove.error} />}
    </>
  );
}
