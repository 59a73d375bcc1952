// From a list to a comparison: marks in its rows, and the way to what they mark side by side.
// Never keeps marks for longer than the list is looked at; the comparison's address holds them then.

import type { ReactElement } from "react";
import { Link } from "wouter";
import { Icon } from "../parts/Icon";

export type Marked = ReadonlySet<string>;

/** Leads to the comparison; only with two marks or more is there anything to see. */
export function CompareLink({ marked, to }: { marked: Marked; to: (ids: string) => string }): ReactElement {
  return (
    <Link className={marked.size > 1 ? "button primary" : "button"} href={to([...marked].join(","))} aria-disabled={marked.size < 2}>
      <Icon name="compare" /> Compare {marked.size > 0 ? marked.size : ""}
    </Link>
  );
}

export function MarkHead(): ReactElement {
  return (
    <th scope="col" className="narrow">
      <span className="unseen">Compare</span>
    </th>
  );
}

export function MarkCell({ id, label, marked, mark }: { id: string; label: string; marked: Marked; mark: (marked: Marked) => void }): ReactElement {
  const toggle = (): void => {
    const next = new Set(marked);
    if (!next.delete(id)) {
      next.add(id);
    }
    mark(next);
  };
  return (
    <td className="narrow">
      <input type="checkbox" checked={marked.has(id)} aria-label={label} onChange={toggle} />
    </td>
  );
}
