// The login, as views see it.
// Never asks for one.

import { useSyncExternalStore } from "react";
import type { Login } from "../api/types";
import { listen, read, type Standing } from "./gate";

export const useStanding = (): Standing => useSyncExternalStore(listen, read);

/** The user who signed in; nothing at a node that tells nobody apart. */
export function useUser(): Login | undefined {
  const standing = useStanding();
  const login = standing.is === "in" || standing.is === "over" ? standing.login : undefined;
  const isNamed = login?.expiresAtMillis !== undefined && login.expiresAtMillis !== null;
  return isNamed ? login : undefined;
}
