// Light, dark, or as the machine has it.
// Never anything but a colour scheme is kept in the browser.

const KEY = "sandmill-theme";

export type Theme = "auto" | "light" | "dark";

export const THEMES: readonly Theme[] = ["auto", "light", "dark"];

const machine = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch {
    // A browser that keeps nothing shows what the machine prefers.
    return "auto";
  }
}

/** Shows a theme and keeps it for the next visit. */
export function applyTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Chosen for this visit only.
  }
  show(theme);
}

/** Shows the kept theme, and follows the machine where that is what was chosen. */
export function followTheme(): void {
  show(keptTheme());
  machine().addEventListener("change", () => show(keptTheme()));
}

function show(theme: Theme): void {
  const dark = theme === "dark" || (theme === "auto" && machine().matches);
  document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  // What is drawn on canvases is drawn again in the other colours.
  window.dispatchEvent(new Event("themechange"));
}

/** Calls back after the colours changed; gives what ends it. */
export function onThemeChange(changed: () => void): () => void {
  window.addEventListener("themechange", changed);
  return () => window.removeEventListener("themechange", changed);
}
