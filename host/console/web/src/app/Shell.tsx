// What stands around every view: the way to the others, the palette, the theme.
// Never loads a view.

import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactElement, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { node } from "../api/queries";
import { Refused } from "../api/client";
import { Account } from "../login/Account";
import { Icon, type IconName } from "../parts/Icon";
import { applyTheme, keptTheme, THEMES, type Theme } from "./theme";

const Palette = lazy(() => import("./Palette"));

export const VIEWS: readonly { href: string; words: string; icon: IconName; key: string }[] = [
  { href: "/overview", words: "Overview", icon: "overview", key: "o" },
  { href: "/runs", words: "Runs", icon: "runs", key: "r" },
  { href: "/pipelines", words: "Pipelines", icon: "pipelines", key: "p" },
  { href: "/jobs", words: "Jobs", icon: "jobs", key: "j" },
  { href: "/notebooks", words: "Notebooks", icon: "notebooks", key: "n" },
  { href: "/schedules", words: "Schedules", icon: "schedules", key: "s" },
  { href: "/experiments", words: "Experiments", icon: "experiments", key: "e" },
  { href: "/artifacts", words: "Artifacts", icon: "artifacts", key: "a" },
  { href: "/components", words: "Components", icon: "components", key: "c" },
];

export function Shell({ children }: { children: ReactNode }): ReactElement {
  const [palette, setPalette] = useState(false);
  const [path] = useLocation();
  useKeys(() => setPalette(true));
  return (
    <div className="shell">
      <a className="skip" href="#view">
        To the view
      </a>
      <nav className="rail" aria-label="Views">
        <Link className="brand" href="/">
          <img src="/icon.svg" alt="" width="24" height="24" /> <span>Sandmill</span>
        </Link>
        <button type="button" className="palette-button" aria-label="Go to Ctrl K" onClick={() => setPalette(true)}>
          <Icon name="search" /> <span>Go to</span> <kbd>Ctrl K</kbd>
        </button>
        <ul>
          {VIEWS.map((view) => (
            <li key={view.href}>
              <Link href={view.href} {...(isIn(path, view.href) ? { "aria-current": "page" as const } : {})} title={`${view.words} (g ${view.key})`}>
                <Icon name={view.icon} /> <span>{view.words}</span>
              </Link>
            </li>
          ))}
        </ul>
        <div className="rail-end">
          <Account />
          <div className="rail-foot">
            <NodeState />
            <ThemeSwitch />
          </div>
        </div>
      </nav>
      <main id="view" tabIndex={-1}>
        {children}
      </main>
      {palette ? (
        <Suspense fallback={null}>
          <Palette close={() => setPalette(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}

function isIn(path: string, href: string): boolean {
  return path === href || path.startsWith(`${href}/`) || (path === "/" && href === "/overview");
}

function NodeState(): ReactElement {
  const { data, error } = useQuery({ ...node(), refetchInterval: 5_000, staleTime: 0, retry: false });
  const gone = error instanceof Refused && error.status === 0;
  return (
    <p className={gone ? "node-state gone" : "node-state"} role="status">
      {gone ? "The node does not answer" : data === undefined ? "" : `Node ${data.version}`}
    </p>
  );
}

const THEME_ICONS: Record<Theme, IconName> = { auto: "half", light: "sun", dark: "moon" };

function ThemeSwitch(): ReactElement {
  const [theme, setTheme] = useState(keptTheme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "auto";
  const choose = (): void => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" className="quiet" onClick={choose} aria-label={`Theme: ${theme}. Change to ${next}`} title={`Theme: ${theme}`}>
      <Icon name={THEME_ICONS[theme]} />
    </button>
  );
}

/** Whether keys are being typed into something. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** Ctrl K or `/` opens the palette; `g` and a letter go to a view. */
function useKeys(open: () => void): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    let going = false;
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open();
        return;
      }
      if (isTyping(event.composedPath()[0] ?? event.target) || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const view = VIEWS.find((one) => one.key === event.key);
      if (event.key === "/") {
        event.preventDefault();
        open();
      } else if (going && view !== undefined) {
        navigate(view.href);
      }
      going = event.key === "g";
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}
