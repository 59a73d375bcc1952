// Who this browser is to the node; what is refused for want of a login is held, and asked again once there is one.
// Never signs anybody in or out.

import type { Login } from "../api/types";

/** How it stands with the login of this page. */
export type Standing =
  /** Not known yet. */
  | { is: "asked" }
  /** Signed in, or at a node that tells nobody apart; unknown where the node did not answer. */
  | { is: "in"; login: Login | undefined }
  /** It was, and the page stands as it was left. */
  | { is: "over"; login: Login | undefined; aside: boolean }
  | { is: "out" };

export const ADDRESS = "/api/v1/login";

let standing: Standing = { is: "asked" };
const listeners = new Set<() => void>();
/** Counted, so that a refusal which comes after the next login is known as late. */
let logins = 0;
const held = new Set<() => void>();
const underWay = new Set<Promise<unknown>>();

export const read = (): Standing => standing;

export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function set(next: Standing): void {
  standing = next;
  listeners.forEach((listener) => listener());
}

/** Whether something waits for a login, and would be lost if the page went away. */
export const isHolding = (): boolean => held.size > 0;

/** Asks the node who this is. One that does not answer is another view's to tell of. */
export async function begin(): Promise<void> {
  try {
    const response = await fetch(ADDRESS);
    set(response.status === 401 ? { is: "out" } : { is: "in", login: response.ok ? ((await response.json()) as Login) : undefined });
  } catch {
    set({ is: "in", login: undefined });
  }
}

/** Resolves at the next login. */
function nextLogin(): Promise<void> {
  if (standing.is === "in") {
    set({ is: "over", login: standing.login, aside: false });
  }
  return new Promise((done) => held.add(done));
}

/** As `fetch`; a request that comes too late for its login waits for the next one, and is asked again. */
export async function fetchSignedIn(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  for (;;) {
    const asked = logins;
    // A request that was made already can be sent once; what it is a copy of, again.
    const answering = fetch(input instanceof Request ? input.clone() : input, init);
    underWay.add(answering);
    const response = await answering.finally(() => underWay.delete(answering));
    if (response.status !== 401) {
      return response;
    }
    if (asked === logins) {
      await nextLogin();
    }
  }
}

/** Resolves once the node knows this browser, or cannot be asked: what has no status of its own asks so. */
export async function signedIn(): Promise<void> {
  await fetchSignedIn(ADDRESS).catch(() => undefined);
}

/** Asks again what waited, now that there is a login. */
export function release(login: Login): void {
  logins += 1;
  set({ is: "in", login });
  const waiting = [...held];
  held.clear();
  waiting.forEach((done) => done());
}

/** Resolves once nothing is asked any more. */
export async function settled(): Promise<void> {
  await Promise.allSettled([...underWay]);
}
