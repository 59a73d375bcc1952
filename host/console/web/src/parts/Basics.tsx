// Small parts that every view is made of: page frame, empty states, times, digests, copying.
// Never asks the node for anything.

import { useEffect, useRef, useState, type ReactElement, type ReactNode } from "react";
import { Link } from "wouter";
import { duration, moment, relative, shortDigest } from "./format";
import { Icon } from "./Icon";

export function Page(props: {
  title: string;
  heading?: ReactNode;
  above?: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}): ReactElement {
  const { title, heading, above, actions, wide = false, children } = props;
  useEffect(() => {
    document.title = `${title} · Sandmill`;
  }, [title]);
  return (
    <div className={wide ? "page page-wide" : "page"}>
      <header className="page-head">
        <div className="page-title">
          {above === undefined ? null : <div className="page-above">{above}</div>}
          <h1>{heading ?? title}</h1>
        </div>
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </div>
  );
}

/** What stands where there is nothing yet: what would be here, and how to get it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <div className="empty-words">{children}</div>
    </div>
  );
}

/** The heads of a list's columns; that of actions is only read out. */
export function ColumnHeads({ names, hasActions = false }: { names: readonly string[]; hasActions?: boolean }): ReactElement {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        {hasActions ? (
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        ) : null}
      </tr>
    </thead>
  );
}

export function Loading({ what }: { what: string }): ReactElement {
  return (
    <div className="loading" role="status">
      <span className="spinner" aria-hidden="true" /> {what}
    </div>
  );
}

export function Moment({ millis, past = true }: { millis: number; past?: boolean }): ReactElement {
  const now = useNow(10_000);
  return (
    <time dateTime={new Date(millis).toISOString()} title={new Date(millis).toLocaleString()}>
      {past ? relative(millis, now) : moment(millis, now)}
    </time>
  );
}

/** The time, read again at an interval while someone looks at it. */
export function useNow(interval: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), interval);
    return () => clearInterval(timer);
  }, [interval]);
  return now;
}

/** How long something took, or has been taking. */
export function Took({ from, to }: { from?: number | null | undefined; to?: number | null | undefined }): ReactElement {
  const now = useNow(to === undefined || to === null ? 500 : 3_600_000);
  return <span className="number">{from === undefined || from === null ? "" : duration((to ?? now) - from)}</span>;
}

export function Copy({ text, label }: { text: string; label: string }): ReactElement {
  const [done, setDone] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => {
      setDone(true);
      setTimeout(() => setDone(false), 1_200);
    });
  };
  return (
    <button type="button" className="quiet" onClick={copy} aria-label={`Copy ${label}`} title={`Copy ${label}`}>
      <Icon name={done ? "check" : "copy"} />
    </button>
  );
}

export function Digest({ digest, to }: { digest: string; to?: string }): ReactElement {
  const short = <code className="digest">{shortDigest(digest)}</code>;
  return (
    <span className="with-copy" title={digest}>
      {to === undefined ? short : <Link href={to}>{short}</Link>}
      <Copy text={digest} label="digest" />
    </span>
  );
}

/** A name and a value, one under the other where there is little room. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Tabs<T extends string>(props: {
  label: string;
  tabs: readonly (readonly [T, string])[];
  chosen: T;
  choose: (tab: T) => void;
}): ReactElement {
  const { label, tabs, chosen, choose } = props;
  const onKey = (event: React.KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.findIndex(([tab]) => tab === chosen) + step + tabs.length) % tabs.length];
    if (step !== 0 && next !== undefined) {
      choose(next[0]);
      event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next[0]}"]`)?.focus();
    }
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
      {tabs.map(([tab, words]) => (
        <button
          key={tab}
          type="button"
          role="tab"
          data-tab={tab}
          aria-selected={tab === chosen}
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => choose(tab)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

/** A value that changes often, passed on at most this often. */
export function useThrottled<T>(value: T, millis: number): T {
  const [passed, setPassed] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    latest.current = value;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      setPassed(latest.current);
    }, millis);
  }, [value, millis]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return passed;
}
