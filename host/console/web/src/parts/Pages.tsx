// The way through a list that the node gives page by page, newest first.
// Never knows how many pages there are; the node does not count them.

import type { ReactElement } from "react";
import { useAddress } from "../app/address";

export function Pages({ next, first }: { next: string | undefined; first: boolean }): ReactElement | null {
  const [, change] = useAddress();
  if (next === undefined && first) {
    return null;
  }
  return (
    <nav className="pages" aria-label="Pages">
      <button type="button" disabled={first} onClick={() => change({ page: null })}>
        Newest
      </button>
      <button type="button" disabled={next === undefined} onClick={() => change({ page: next ?? null })}>
        Older
      </button>
    </nav>
  );
}
