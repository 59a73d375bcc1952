// A run of thousands of steps: opened, moved, zoomed, scrolled, searched, without the page ever standing still.
// Never counts what the browser does before the console is there.

import { base, check, look, withPage } from "./lib.mjs";

const run = process.argv[3];
const LONG_MILLIS_MAX = 200;

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
  await page.goto(`${base}/runs/${run}`);
  const canvas = page.locator(".graph canvas");
  await canvas.waitFor();
  await page.locator(".run-facts", { hasText: "2000 of 2000" }).waitFor();
  await page.waitForTimeout(400);
  await worst("opening the graph");
  const box = await canvas.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  for (let turn = 0; turn < 14; turn += 1) {
    await page.mouse.wheel(0, -240);
  }
  await page.mouse.down();
  for (let step = 0; step < 30; step += 1) {
    await page.mouse.move(x - step * 12, y - step * 5);
  }
  await page.mouse.up();
  await worst("moving the graph");
  await look(page, "many-steps-graph");
  await page.evaluate(() => globalThis.long.splice(0));

  await page.getByRole("tab", { name: "Timeline" }).click();
  const rows = page.locator(".timeline-rows");
  await rows.waitFor();
  for (let step = 0; step < 20; step += 1) {
    await rows.evaluate((element) => element.scrollBy(0, 2_500));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  await worst("scrolling the timeline");
  check((await page.locator(".timeline-row").count()) < 200, "the timeline holds rows that nobody sees");
  await page.getByLabel("Find a step").fill("s1999");
  await page.getByRole("treeitem", { name: /^s1999 / }).click();
  await page.locator(".panel", { hasText: "s1999" }).waitFor();
  await worst("finding a step");
  await look(page, "many-steps-timeline");
});
