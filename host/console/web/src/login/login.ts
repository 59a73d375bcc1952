// Signing in and out.
// Never holds a token longer than it takes to send it.

import { problemsOf, Refused, unanswered } from "../api/client";
import type { Login } from "../api/types";
import { ADDRESS, read, release, set, settled } from "./gate";

/** So long signing out waits for what is being saved, in milliseconds. */
const PATIENCE_MILLIS = 5_000;

/** Takes a token for a login. */
export async function signIn(token: string): Promise<void> {
  const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ token }) };
  const response = await fetch(ADDRESS, options).catch((error: unknown) => {
    throw unanswered(error);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new Refused(problemsOf(answer, response), response.status);
  }
  const login = answer as Login;
  const standing = read();
  if (standing.is === "over" && standing.login !== undefined && standing.login.user !== login.user) {
    // What waits was asked by somebody else, and is not asked again in this one's name.
    globalThis.location.reload();
    return;
  }
  release(login);
}

/** Leaves the page's views, which save what they hold, and then the login. */
export async function signOut(): Promise<void> {
  set({ is: "out" });
  await new Promise((done) => setTimeout(done, 0));
  await Promise.race([settled(), new Promise((done) => setTimeout(done, PATIENCE_MILLIS))]);
  await fetch(ADDRESS, { method: "DELETE" }).catch(() => undefined);
  // Nothing of what this user saw is left to the next one.
  globalThis.location.assign("/");
}

/** Puts the question for a token aside, or brings it back. */
export function putAside(aside: boolean): void {
  const standing = read();
  if (standing.is === "over") {
    set({ ...standing, aside });
  }
}
