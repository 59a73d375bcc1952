// A long list of rows of one height, of which only those in sight are in the page.
// Never knows what a row shows.

import { useCallback, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from "react";

/** Rows kept above and below those in sight, so that scrolling shows no gaps. */
const MARGIN = 12;

export interface Range {
  first: number;
  last: number;
}

/** Which rows are in sight. */
export function rangeInSight(top: number, height: number, rowHeight: number, count: number): Range {
  const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + MARGIN);
  return { first, last: Math.max(first, last) };
}

export function Windowed(props: {
  count: number;
  rowHeight: number;
  className?: string;
  label: string;
  role?: string;
  row: (place: number) => ReactNode;
  /** Brings this row into sight when it changes. */
  reveal?: number | undefined;
  /** Stays at the end while rows are added and the reader is there. */
  follow?: boolean;
  onKeyDown?: (event: React.KeyboardEvent<HTMLDivElement>) => void;
}): ReactElement {
  const { count, rowHeight, className = "", label, role = "list", row, reveal, follow = false, onKeyDown } = props;
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [range, setRange] = useState<Range>({ first: 0, last: 60 });

  const look = useCallback(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - 2 * rowHeight;
    const next = rangeInSight(element.scrollTop, element.clientHeight, rowHeight, count);
    setRange((now) => (now.first === next.first && now.last === next.last ? now : next));
  }, [count, rowHeight]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }
    if (follow && atEnd.current) {
      element.scrollTop = element.scrollHeight;
    }
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [look, follow]);

  useLayoutEffect(() => {
    const element = box.current;
    if (element !== null && reveal !== undefined && reveal >= 0) {
      const top = reveal * rowHeight;
      if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight) {
        element.scrollTop = Math.max(0, top - element.clientHeight / 2);
      }
    }
  }, [reveal, rowHeight]);

  const rows = [];
  for (let place = range.first; place < Math.min(range.last, count); place += 1) {
    rows.push(row(place));
  }
  return (
    <div className={`windowed ${className}`} ref={box} onScroll={look} tabIndex={0} role={role} aria-label={label} onKeyDown={onKeyDown}>
      <div className="windowed-all" role="presentation" style={{ height: count * rowHeight }}>
        <div className="windowed-seen" role="presentation" style={{ transform: `translateY(${range.first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
