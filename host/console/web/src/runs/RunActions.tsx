// What can be done with a run: ended, tried again, run once more, compared.
// Never decides whether it may be; the node refuses what cannot.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { address, runsAddress } from "../app/address";
import { answered, api } from "../api/client";
import type { Run } from "../api/types";
import { Icon } from "../parts/Icon";
import { isOpen } from "../parts/Status";
import { Trouble } from "../parts/Trouble";

export function RunActions({ run, changed }: { run: Run; changed: () => void }): ReactElement {
  const client = useQueryClient();
  const done = (): void => {
    changed();
    void client.invalidateQueries({ queryKey: ["runs"] });
  };
  const params = { path: { run: run.id } };
  const cancel = useMutation({ mutationFn: () => answered(api.POST("/api/v1/runs/{run}/cancel", { params })), onSuccess: done });
  const retry = useMutation({ mutationFn: () => answered(api.POST("/api/v1/runs/{run}/retry", { params })), onSuccess: done });
  const error = cancel.error ?? retry.error;
  const open = isOpen(run.status);
  return (
    <div className="actions">
      {open ? (
        <button type="button" onClick={() => cancel.mutate()} disabled={cancel.isPending || run.status === "cancelling"}>
          <Icon name="stop" /> Cancel
        </button>
      ) : null}
      {!open && run.status !== "succeeded" ? (
        <button type="button" className="primary" onClick={() => retry.mutate()} disabled={retry.isPending}>
          <Icon name="retry" /> Retry from failed
        </button>
      ) : null}
      <Link className="button" href={address("/pipelines/run", { clone: run.id })}>
        <Icon name="clone" /> Clone
      </Link>
      <Link className="button" href={runsAddress(run.id)}>
        <Icon name="compare" /> Compare
      </Link>
      {error === null ? null : <Trouble error={error} />}
    </div>
  );
}
