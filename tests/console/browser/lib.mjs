// What the scripts share: a browser that notices everything that goes wrong in a page.
// Never waits for a time to pass; it waits for what is to be seen.

import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const required = (name) => {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set; tests/console starts these scripts`);
  }
  return value;
};

const packages = createRequire(required("CONSOLE_PACKAGES"));
const { chromium } = packages("playwright-core");
const axe = packages.resolve("axe-core/axe.min.js");

export const data = required("CONSOLE_DATA");
const screenshots = required("CONSOLE_SCREENSHOTS");

/**
 * What Chromium itself says while a document is edited. Where a text over several lines is replaced, it tries to keep
 * the old look by a style attribute, which the pages' policy blocks and the editor puts right; and it notes that the
 * checker refuses a text that is not finished, or the example whose component this node has not got.
 */
export const EDITING = [/Applying inline style violates .* directive 'style-src 'self''/, /status of 422/];

/** Fails the script with a sentence. */
export function check(holds, otherwise) {
  if (!holds) {
    throw new Error(otherwise);
  }
}

/** Waits for a line from the test. */
export async function told() {
  const lines = createInterface({ input: process.stdin });
  await new Promise((done) => lines.once("line", done));
  // Left open, it would keep this program from its end.
  lines.close();
  process.stdin.destroy();
}

/**
 * Opens a page, hands it to `visit`, and looks afterwards whether anything went wrong in it: an error, a broken
 * policy, a request to another host. `ignored` are errors that the script causes itself.
 */
export async function withPage(visit, { dark = false, width = 1360, height = 860, ignored = [] } = {}) {
  const browser = await chromium.launch({ executablePath: required("CONSOLE_BROWSER"), args: ["--no-sandbox"] });
  try {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && wrong.push(`console: ${message.text()} (${page.url()} ${message.location().url}:${message.location().lineNumber})`));
    await visit(page, context);
    const left = wrong.filter((text) => !ignored.some((pattern) => pattern.test(text)));
    check(left.length === 0, `the page had errors:\n${left.join("\n")}`);
  } finally {
    await browser.close();
  }
}

/** Keeps a picture of the page, in both themes. */
export async function picture(page, name) {
  mkdirSync(screenshots, { recursive: true });
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    // A frame for the colours to change, and one for canvases to be drawn again.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path: join(screenshots, `${name}-${theme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** Nothing serious stands between the page and whoever uses it by keys or by ear. */
export async function accessible(page, name) {
  // The page's policy keeps the library from being put in as a script of the page's own.
  const source = packages("node:fs").readFileSync(axe, "utf8");
  await page.evaluate(source);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  const words = serious.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => node.html.slice(0, 160)).join("\n  ")}`);
  check(serious.length === 0, `${name} is not accessible:\n${words.join("\n")}`);
}

/** Looks at a page from all sides: by key and ear, and as a picture. */
export async function look(page, name) {
  await accessible(page, name);
  await picture(page, name);
}

/** Asks the node itself. */
export async function ask(base, path, body) {
  const options = body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(base + path, options);
  check(response.ok, `${path}: ${response.status} ${response.ok ? "" : await response.text()}`);
  return response.status === 204 || response.status === 202 ? undefined : response.json();
}

/** Waits until the node says so. */
export async function until(what, holds, seconds = 90) {
  const deadline = Date.now() + 1_000 * seconds;
  while (!(await holds())) {
    check(Date.now() < deadline, `waited ${seconds} s for ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

export const base = process.argv[2];
