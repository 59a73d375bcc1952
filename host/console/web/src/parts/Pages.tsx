// The buttons below a list that can only be read on, and from its beginning again.
// Never knows what is listed, nor how many pages there are.

import type { ReactElement } from "react";

export function Pages(props: {
  next: string | undefined;
  first: boolean;
  turn: (page: string | null) => void;
  label?: string;
  back?: string;
  on?: string;
}): ReactElement | null {
  const { next, first, turn, label = "Pages", back = "Newest", on = "Older" } = props;
  if (next === undefined && first) {
    return null;
  }
  return (
    <nav className="pages" aria-label={label}>
      <button type="button" disabled={first} onClick={() => turn(null)}>
        {back}
      </button>
      <button type="button" disabled={next === undefined} onClick={() => turn(next ?? null)}>
        {on}
      </button>
    </nav>
  );
}
