// Adds runs to those that are compared.
// Never takes one out; that is done where it stands.

import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { runList } from "../api/queries";
import { Loading, Moment } from "../parts/Basics";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";
import { Trouble } from "../parts/Trouble";
import { titleOf } from "./gather";

export function Picker({ chosen, choose }: { chosen: readonly string[]; choose: (ids: readonly string[]) => void }): ReactElement {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        <Icon name="plus" /> Add a run
      </button>
      {open ? (
        <Dialog title="Add a run" close={() => setOpen(false)}>
          <Choices
            chosen={chosen}
            add={(id) => {
              choose([...chosen, id]);
              setOpen(false);
            }}
          />
        </Dialog>
      ) : null}
    </>
  );
}

function Choices({ chosen, add }: { chosen: readonly string[]; add: (id: string) => void }): ReactElement {
  const { data, error } = useQuery(runList({}, 100));
  if (data === undefined) {
    return error === null ? <Loading what="Reading runs" /> : <Trouble error={error} />;
  }
  const others = data.items.filter((run) => !chosen.includes(run.id));
  return (
    <ul className="picker">
      {others.map((run) => (
        <li key={run.id}>
          <button type="button" onClick={() => add(run.id)}>
            <Status status={run.status} /> {titleOf(run)}{" "}
            <span className="quiet-text">
              <Moment millis={run.submittedAtMillis} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
