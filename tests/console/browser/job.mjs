// A training job: written, mended, watched while it trains, stopped, resumed, and followed past the end of its node.
// Never reloads the page of a job that is at work.

import { EDITING, ask, base, check, look, told, until, withPage } from "./lib.mjs";

/** Enough to be stopped, resumed and interrupted on the way. */
const STEPS = 40_000;

const DOCUMENT = `apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: { name: watched-line }
spec:
  component: programs/train-line:1
  workers: 2
  settings: { steps: ${STEPS} }
  checkpoint: { everySteps: 200 }
`;

// The node is gone for a while; the browser says so, and that is all right. So is the refusal of a wrong document.
const ignored = [/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/, /status of 4\d\d/, ...EDITING];

async function write(page) {
  await page.goto(`${base}/`);
  // Keys are listened to once the shell is there.
  await page.getByRole("link", { name: "Jobs" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await page.getByText("Nothing was trained here yet").waitFor();
  await page.getByText("sandmill train run job.yaml").waitFor();
  await look(page, "jobs-empty");
  await page.getByRole("link", { name: "Write a job and run it" }).click();
  const editor = page.locator(".cm-content");
  await editor.waitFor();
  await editor.fill(DOCUMENT.replace("workers:", "wrokers:"));
  await page.locator(".findings-wrong", { hasText: "wrokers" }).waitFor();
  check(await page.getByRole("button", { name: "Train" }).isDisabled(), "a wrong document may be trained");
  await editor.fill(DOCUMENT);
  await page.locator(".findings", { hasText: "Checked by the node: 2 workers" }).waitFor();
  await look(page, "job-new");
  await page.getByLabel("Title of the job").fill("A line to watch");
  await page.getByRole("button", { name: "Train" }).click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
  return page.url().split("/").at(-1);
}

/** The step that the page shows. */
async function step(page) {
  return Number((await page.locator(".job-step").innerText()).split(" ")[0].replaceAll(",", ""));
}

async function grows(page, what) {
  const before = await step(page);
  await until(`${what}: steps behind ${before}`, async () => (await step(page)) > before);
}

const status = (page, name) => page.locator(`.run-facts .status-${name}`).waitFor({ timeout: 60_000 });

async function watchAndStop(page, job) {
  await status(page, "running");
  await page.locator(".curves canvas").first().waitFor();
  await page.locator("figcaption", { hasText: "loss" }).waitFor();
  await page.evaluate(() => (globalThis.sameVisit = true));
  await grows(page, "the curve is not live");
  await page.getByRole("button", { name: "Stop" }).click();
  await status(page, "suspended");
  const { step: kept } = await ask(base, `/api/v1/train-jobs/${job}`);
  await until(`the step that was kept, ${kept}`, async () => (await step(page)) === kept);
  await look(page, "job-stopped");
  await page.getByRole("tab", { name: "Checkpoints" }).click();
  check((await page.locator("table.list tbody tr").count()) >= 1, "no checkpoint is shown");
  check(page.url().endsWith("?view=checkpoints"), "the address does not hold the view");
  await page.getByRole("tab", { name: "Log" }).click();
  await page.locator(".log-line", { hasText: "worker 1 of 2" }).waitFor();
  await page.getByRole("tab", { name: "Settings" }).click();
  await page.getByText(String(STEPS), { exact: true }).waitFor();
  await page.getByRole("tab", { name: "Curves" }).click();
}

async function resumeAndSurvive(page, job) {
  const before = await step(page);
  await page.getByRole("button", { name: "Resume" }).click();
  await status(page, "running");
  await until("steps behind those before the stop", async () => (await step(page)) > before);
  console.log("watching");
  await told();
  await page.getByRole("tab", { name: "History" }).click();
  await page.locator(".job-interrupted").waitFor({ timeout: 60_000 });
  await page.getByRole("tab", { name: "Curves" }).click();
  await grows(page, "the curve does not go on");
  const succeeded = page.locator(".run-facts .status-succeeded").waitFor({ timeout: 240_000 });
  await succeeded;
  await until("the last step", async () => (await step(page)) === STEPS);
  check(await page.evaluate(() => globalThis.sameVisit === true), "the page was loaded again");
  const { model } = await ask(base, `/api/v1/train-jobs/${job}`);
  await page.locator(`.run-facts a[href*="${encodeURIComponent(model.digest)}"]`).waitFor();
  await page.getByRole("tab", { name: "Workers" }).click();
  check((await page.locator("table.list .status-succeeded").count()) === 2, "a worker's end was missed");
  await look(page, "job-ended");
}

async function find(page, job) {
  await page.goto(`${base}/jobs`);
  const row = page.locator("table.jobs tbody tr", { hasText: "A line to watch" });
  await row.waitFor();
  check((await row.innerText()).includes(STEPS.toString()), `the list does not say how far the job came: ${await row.innerText()}`);
  check((await row.innerText()).includes("loss"), "the list does not say what was measured last");
  await look(page, "jobs");
  await page.getByLabel("Only jobs that are").selectOption("failed");
  await page.getByText("No job fits").waitFor();
  check(page.url().includes("status=failed"), "the address does not hold the filter");
  await page.keyboard.press("Control+k");
  await page.getByLabel("Where to").fill("A line to watch");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/jobs/${job}$`));
}

/** From the model that a job made back to the job. */
async function lineage(page, job) {
  await page.goto(`${base}/artifacts`);
  await page.locator(`a[href^="/runs/${job}"]`).first().click();
  await page.waitForURL(new RegExp(`/jobs/${job}$`));
  await page.locator(".run-facts .status-succeeded").waitFor();
}

await withPage(
  async (page) => {
    const job = await write(page);
    await watchAndStop(page, job);
    await resumeAndSurvive(page, job);
    await find(page, job);
    await lineage(page, job);
  },
  { ignored },
);
