// Adds runs, or jobs, to those that are compared.
// Never takes one out; that is done where it stands.

import { useState, type ReactElement } from "react";
import { Moment } from "../parts/Basics";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { Status } from "../parts/Status";

export interface Choice {
  id: string;
  title: string;
  status: string;
  submittedAtMillis: number;
}

/** `choices` is asked for when the dialog opens, with what is to be done with a choice. */
export function Picker(props: { what: string; chosen: readonly string[]; choose: (ids: readonly string[]) => void; choices: (add: (id: string) => void) => ReactElement }): ReactElement {
  const { what, chosen, choose, choices } = props;
  const [open, setOpen] = useState(false);
  const add = (id: string): void => {
    choose([...chosen, id]);
    setOpen(false);
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        <Icon name="plus" /> Add a {what}
      </button>
      {open ? (
        <Dialog title={`Add a ${what}`} close={() => setOpen(false)}>
          {choices(add)}
        </Dialog>
      ) : null}
    </>
  );
}

export function Choices({ choices, chosen, add }: { choices: readonly Choice[]; chosen: readonly string[]; add: (id: string) => void }): ReactElement {
  const others = choices.filter((one) => !chosen.includes(one.id));
  return (
    <ul className="picker">
      {others.map((one) => (
        <li key={one.id}>
          <button type="button" onClick={() => add(one.id)}>
            <Status status={one.status} /> {one.title}{" "}
            <span className="quiet-text">
              <Moment millis={one.submittedAtMillis} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
