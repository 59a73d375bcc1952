// The list of a hundred thousand runs is opened, scrolled, filtered and turned, without the page ever standing still.
// Never counts what the browser does before the console is there.

import { ask, base, check, look, withPage } from "./lib.mjs";

const component = process.argv[3];
const RUNS = 100_000;
const LONG_MILLIS_MAX = 200;
const FIRST_PAGE_MILLIS_MAX = 5_000;

/** The address of the page that begins so far behind the newest run. */
async function farAway(runs) {
  let page;
  for (let passed = 0; passed < runs; passed += 200) {
    const query = page === undefined ? "" : `&page=${page}`;
    page = (await ask(base, `/api/v1/runs?limit=200${query}`)).next;
  }
  return page;
}

await withPage(async (page) => {
  await page.addInitScript(() => {
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((entry) => entry.duration))).observe({ entryTypes: ["longtask"] });
  });
  const worst = async (what) => {
    const [longest] = await page.evaluate(() => globalThis.long.splice(0).sort((one, other) => other - one));
    console.log(`${what}: longest task ${Math.round(longest ?? 0)} ms`);
    check((longest ?? 0) <= LONG_MILLIS_MAX, `${what} held the page up for ${longest} ms`);
  };
  const rows = page.locator("table.runs tbody tr");
  const filled = async (holds) => {
    await page.waitForFunction(holds);
    await page.locator(".stale").waitFor({ state: "detached" });
  };

  await page.goto(`${base}/runs`);
  await rows.nth(49).waitFor();
  const firstPage = await page.evaluate(() => performance.now());
  console.log(`the first page of ${RUNS} runs was there after ${Math.round(firstPage)} ms`);
  check(firstPage <= FIRST_PAGE_MILLIS_MAX, `the first page took ${firstPage} ms`);
  await worst("opening the list");
  check((await rows.count()) === 50, "a page holds fifty runs");
  await page.getByText("seed=99999").waitFor();
  for (let step = 0; step < 12; step += 1) {
    await page.mouse.wheel(0, 400);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  await worst("scrolling the list");

  await page.getByLabel("Only runs that are").selectOption("failed");
  await filled(() => document.querySelectorAll("table.runs .status-failed").length === 50);
  await page.getByLabel("Only runs of this pipeline").fill("churn");
  await page.keyboard.press("Enter");
  await filled(() => [...document.querySelectorAll("table.runs tbody tr")].every((row) => row.textContent.includes("churn")));
  await worst("filtering the list");
  for (let turned = 0; turned < 5; turned += 1) {
    const [before] = await rows.allTextContents();
    await page.getByRole("button", { name: "Older" }).click();
    await page.waitForFunction((text) => document.querySelector("table.runs tbody tr")?.textContent !== text, before);
  }
  await worst("turning pages");

  await page.goto(`${base}/runs?page=${await farAway(RUNS - 200)}`);
  await page.getByText("seed=199").waitFor();
  await worst("opening a page far away");
  for (let turned = 0; turned < 3; turned += 1) {
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText(`seed=${149 - 50 * turned}`, { exact: true }).waitFor();
  }
  check(await page.getByRole("button", { name: "Older" }).isDisabled(), "there is nothing behind the oldest run");
  await page.getByRole("button", { name: "Newest" }).click();
  await page.getByText("seed=99999").waitFor();
  await worst("going back to the newest");
  await look(page, "many-runs");

  await page.goto(`${base}/runs?component=${encodeURIComponent(component)}&pipeline=digits`);
  await page.getByRole("button", { name: "component" }).waitFor();
  await filled(() => document.querySelectorAll("table.runs tbody tr").length === 50);
  await worst("listing the runs that call a component");
  const callers = await ask(base, `/api/v1/calling-pipelines?component=${encodeURIComponent(component)}`);
  check(callers.items.reduce((sum, one) => sum + one.runs, 0) === RUNS, "every run calls the component");
});
