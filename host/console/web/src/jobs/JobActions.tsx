// What can be done with a job: stopped with its state, gone on with, ended, compared.
// Never decides whether it may be; the node refuses what cannot.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { jobsAddress } from "../app/address";
import { answered, api } from "../api/client";
import type { Job } from "../api/types";
import { Icon } from "../parts/Icon";
import { Trouble } from "../parts/Trouble";

const RESUMABLE = ["suspended", "failed", "cancelled"];

export function JobActions({ job, changed }: { job: Job; changed: () => void }): ReactElement {
  const client = useQueryClient();
  const onSuccess = (): void => {
    changed();
    void client.invalidateQueries({ queryKey: ["jobs"] });
  };
  const params = { path: { job: job.id } };
  const stop = useMutation({ mutationFn: () => answered(api.POST("/api/v1/train-jobs/{job}/stop", { params })), onSuccess });
  const resume = useMutation({ mutationFn: () => answered(api.POST("/api/v1/train-jobs/{job}/resume", { params })), onSuccess });
  const cancel = useMutation({ mutationFn: () => answered(api.POST("/api/v1/train-jobs/{job}/cancel", { params })), onSuccess });
  const error = stop.error ?? resume.error ?? cancel.error;
  return (
    <div className="actions">
      {job.status === "running" || job.status === "suspending" ? (
        <button type="button" onClick={() => stop.mutate()} disabled={stop.isPending || job.status === "suspending"} title="Writes the state down and ends the workers">
          <Icon name="pause" /> Stop
        </button>
      ) : null}
      {RESUMABLE.includes(job.status) ? (
        <button type="button" className="primary" onClick={() => resume.mutate()} disabled={resume.isPending} title="Goes on from the last checkpoint">
          <Icon name="runs" /> Resume
        </button>
      ) : null}
      {["running", "suspending", "suspended"].includes(job.status) ? (
        <button type="button" onClick={() => cancel.mutate()} disabled={cancel.isPending} title="Ends the job; its checkpoints stay">
          <Icon name="stop" /> Cancel
        </button>
      ) : null}
      <Link className="button" href={jobsAddress(job.id)}>
        <Icon name="compare" /> Compare
      </Link>
      {error === null ? null : <Trouble error={error} />}
    </div>
  );
}
