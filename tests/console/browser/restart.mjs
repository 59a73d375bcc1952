// A run that is watched while its node dies and comes back: the page catches up by itself and misses nothing.
// Never reloads the page.

import { ask, base, check, told, withPage } from "./lib.mjs";

const STEPS = 6;

function document() {
  const steps = Array.from({ length: STEPS }, (_, place) => {
    const after = place === 0 ? "" : `, after: [s${place - 1}]`;
    return `    s${place}: { component: "programs/sleep:1", function: run, arguments: { millis: ${700 + place} }, cache: false${after} }`;
  });
  return `apiVersion: sandmill.dev/v1\nkind: Pipeline\nmetadata: { name: sleepy }\nspec:\n  steps:\n${steps.join("\n")}\n`;
}

// The node is gone for a while; the browser says so, and that is all right.
const ignored = [/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/];

await withPage(
  async (page) => {
    const { run } = await ask(base, "/api/v1/runs", { document: document() });
    await page.goto(`${base}/runs/${run}?view=timeline`);
    await page.locator(".bar-succeeded").first().waitFor();
    await page.evaluate(() => (globalThis.sameVisit = true));
    console.log("watching");
    await told();
    await page.locator(".run-facts .status-succeeded").waitFor({ timeout: 60_000 });
    await page.locator(".run-facts", { hasText: `${STEPS} of ${STEPS}` }).waitFor();
    check((await page.locator(".bar-succeeded").count()) === STEPS, "a step's end was missed");
    check(await page.evaluate(() => globalThis.sameVisit === true), "the page was loaded again");
  },
  { ignored },
);
