// Whose page this is, and the way out of it.
// Never shown at a node that tells nobody apart.

import type { ReactElement } from "react";
import { Icon } from "../parts/Icon";
import { putAside, signOut } from "./login";
import { useStanding, useUser } from "./useLogin";

export function Account(): ReactElement | null {
  const user = useUser();
  const standing = useStanding();
  if (user === undefined) {
    return null;
  }
  return (
    <div className="account">
      <span className="account-name" title={`${user.user}, ${user.role}`}>
        {user.user} <span className="quiet-text">{user.role}</span>
      </span>
      {standing.is === "over" ? (
        <button type="button" onClick={() => putAside(false)}>
          Sign in
        </button>
      ) : (
        <button type="button" className="quiet" onClick={() => void signOut()} aria-label="Sign out" title="Sign out">
          <Icon name="leave" />
        </button>
      )}
    </div>
  );
}
