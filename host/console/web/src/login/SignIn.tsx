// Asks for a token: as a page of its own for who just came, and over the page as it is for whose login ended meanwhile.
// Never keeps the token: once it is sent, the field is empty.

import { useEffect, useId, useState, type ReactElement, type ReactNode, type SyntheticEvent } from "react";
import { Dialog } from "../parts/Dialog";
import { Trouble } from "../parts/Trouble";
import { begin } from "./gate";
import { putAside, signIn } from "./login";
import { useStanding } from "./useLogin";

/** The views, once it is known whose they are. */
export function SignedIn({ children }: { children: ReactNode }): ReactElement | null {
  const standing = useStanding();
  useEffect(() => void begin(), []);
  if (standing.is === "asked") {
    return null;
  }
  if (standing.is === "out") {
    return <SignInPage />;
  }
  return (
    <>
      {children}
      {standing.is === "over" && !standing.aside ? <SignInDialog user={standing.login?.user} /> : null}
    </>
  );
}

function SignInPage(): ReactElement {
  useEffect(() => {
    document.title = "Sign in · Sandmill";
  }, []);
  return (
    <main className="sign-in" id="view">
      <div className="sign-in-box">
        <h1>
          <img src="/icon.svg" alt="" width="28" height="28" /> Sign in to Sandmill
        </h1>
        <SignInForm />
      </div>
    </main>
  );
}

function SignInDialog({ user }: { user: string | undefined }): ReactElement {
  return (
    <Dialog title="Sign in again" close={() => putAside(true)} className="sign-in-again">
      <p>
        {user === undefined ? "Your login" : <>The login of <strong>{user}</strong></>} has ended. This page stays as it is, and goes on once you have
        signed in: nothing that you wrote is lost.
      </p>
      <SignInForm />
    </Dialog>
  );
}

function SignInForm(): ReactElement {
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const id = useId();
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    signIn(token.trim())
      .catch((refused: unknown) => setError(refused))
      .finally(() => {
        setToken("");
        setBusy(false);
      });
  };
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label htmlFor={id}>Token</label>
      <input
        id={id}
        type="password"
        name="token"
        autoComplete="current-password"
        autoFocus
        required
        aria-describedby={`${id}-help`}
        value={token}
        onChange={(event) => setToken(event.target.value)}
      />
      <p className="quiet-text" id={`${id}-help`}>
        Whoever runs this node gave it to you. The node keeps you signed in for some hours.
      </p>
      {error === null ? null : <Trouble error={error} />}
      <button type="submit" className="primary" disabled={busy || token.trim() === ""}>
        Sign in
      </button>
    </form>
  );
}
