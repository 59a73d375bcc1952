// What was defined in the session, by name.
// Never asks the kernel itself: it is asked whenever a cell is done.

import { useState, type ReactElement } from "react";
import { Icon } from "../parts/Icon";
import type { Variable } from "./jupyter";

/** More are searched for by name. */
const SHOWN_MAX = 200;

export function Variables({ variables, close }: { variables: readonly Variable[]; close: () => void }): ReactElement {
  const [search, setSearch] = useState("");
  const found = variables.filter(({ name }) => name.toLowerCase().includes(search.toLowerCase()));
  return (
    <aside className="variables" aria-label="Variables">
      <header>
        <h2>Variables</h2>
        <button type="button" className="quiet" aria-label="Hide variables" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {variables.length < 10 ? null : <input type="search" aria-label="Search variables" placeholder="Search" value={search} onChange={(event) => setSearch(event.target.value)} />}
      {variables.length === 0 ? <p className="quiet-text">What cells define is listed here.</p> : null}
      <dl>
        {found.slice(0, SHOWN_MAX).map(({ name, type, summary }) => (
          <div key={name} className="variable">
            <dt>
              <code>{name}</code> <span className="quiet-text">{type}</span>
            </dt>
            <dd>
              <code>{summary}</code>
            </dd>
          </div>
        ))}
      </dl>
      {found.length > SHOWN_MAX ? <p className="quiet-text">{found.length - SHOWN_MAX} more; search for a name.</p> : null}
    </aside>
  );
}
