// What lists are narrowed by: a text that is searched for, and a status. The address keeps what is chosen.
// Never filters anything itself; the node does.

import { useState, type ReactElement, type ReactNode } from "react";
import { useAddress } from "../app/address";
import { Icon } from "./Icon";

/** Changes what a list is narrowed by. It is then read from its first page on. */
export function useFilter(): (changes: Record<string, string | null>) => void {
  const [, change] = useAddress();
  return (changes) => change({ ...changes, page: null });
}

/** The row above a list: its search, which is asked on Enter and taken back when it is emptied, and what else there is. */
export function Filters(props: { name: string; value: string | undefined; placeholder: string; label: string; children: ReactNode }): ReactElement {
  const { name, value, placeholder, label, children } = props;
  const apply = useFilter();
  const [text, setText] = useState(value ?? "");
  return (
    <form
      className="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        apply({ [name]: text });
      }}
    >
      <label className="search">
        <Icon name="search" />
        <input
          type="search"
          value={text}
          placeholder={placeholder}
          aria-label={label}
          onChange={(event) => {
            setText(event.target.value);
            if (event.target.value === "") {
              apply({ [name]: null });
            }
          }}
        />
      </label>
      {children}
    </form>
  );
}

export function StatusFilter(props: { value: string | undefined; label: string; statuses: readonly string[] }): ReactElement {
  const { value, label, statuses } = props;
  const apply = useFilter();
  return (
    <select value={value ?? ""} aria-label={label} onChange={(event) => apply({ status: event.target.value })}>
      <option value="">any status</option>
      {statuses.map((status) => (
        <option key={status}>{status}</option>
      ))}
    </select>
  );
}
