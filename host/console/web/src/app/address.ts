// State that lives in the address, so that any view can be shared and the back button works.
// Never keeps a second copy of it.

import { useCallback } from "react";
import { useSearchParams } from "wouter";

export type Changes = Record<string, string | null>;

/** What stands behind the question mark, and a way to change some of it; null takes a name out. */
export function useAddress(): [URLSearchParams, (changes: Changes, options?: { replace?: boolean }) => void] {
  const [query, setQuery] = useSearchParams();
  const change = useCallback(
    (changes: Changes, options?: { replace?: boolean }) => {
      setQuery(() => {
        // From the address itself: whoever changes it may have been drawn for an earlier one.
        const next = new URLSearchParams(globalThis.location.search);
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === "") {
            next.delete(name);
          } else {
            next.set(name, value);
          }
        }
        return next;
      }, options);
    },
    [setQuery],
  );
  return [query, change];
}

/** An address with a query of the names that have a value. */
export function address(path: string, query: Record<string, string | undefined> = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? "") !== "");
  const text = new URLSearchParams(given).toString();
  return text === "" ? path : `${path}?${text}`;
}

export const runAddress = (run: string, query: Record<string, string | undefined> = {}): string =>
  address(`/runs/${encodeURIComponent(run)}`, query);

export const jobAddress = (job: string): string => `/jobs/${encodeURIComponent(job)}`;

export const runsAddress = (runs: string): string => address("/compare", { runs });

export const jobsAddress = (jobs: string): string => address("/jobs/compare", { jobs });

export const artifactAddress = (digest: string): string => `/artifacts/${encodeURIComponent(digest)}`;

export const componentAddress = (digest: string): string => `/components/${encodeURIComponent(digest)}`;
