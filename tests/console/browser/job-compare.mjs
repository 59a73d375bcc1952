// Training jobs side by side: chosen in the list, shown by the address, added to and taken out of it.
// Never more than the pages ask the node for; the jobs are started by its interface.

import { ask, base, check, look, until, withPage } from "./lib.mjs";

const document = (rate, steps, workers) => `apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: { name: compared-line }
spec:
  component: programs/train-line:1
  workers: ${workers}
  settings: { steps: ${steps}, learning-rate: ${rate} }
  checkpoint: { everySteps: 20 }
  evaluateEverySteps: 20
`;

/** The jobs of this test, by title. */
async function trained() {
  const jobs = [
    ["slow", document(0.01, 60, 1)],
    ["fast", document(0.2, 60, 2)],
    ["long", document(0.2, 90, 1)],
  ];
  for (const [name, text] of jobs) {
    await ask(base, "/api/v1/train-jobs", { document: text, name });
  }
  const found = async () => (await ask(base, "/api/v1/train-jobs")).items;
  await until("all jobs to be trained", async () => (await found()).filter((job) => job.status === "succeeded").length === jobs.length);
  return new Map((await found()).map((job) => [job.title, job.id]));
}

/** The cells of a row, without its name. */
async function cells(page, name) {
  const row = page.locator("table.compare tr", { has: page.getByRole("rowheader", { name, exact: true }) });
  await row.waitFor();
  return (await row.locator("td").allInnerTexts()).map((text) => text.trim());
}

async function choose(page, jobs) {
  await page.goto(`${base}/jobs`);
  for (const title of ["slow", "fast"]) {
    await page.locator("table.jobs tbody tr", { hasText: title }).getByRole("checkbox").check();
  }
  await page.getByRole("link", { name: "Compare 2" }).click();
  await page.waitForURL(/\/jobs\/compare\?jobs=/);
  check(page.url().includes(jobs.get("slow")) && page.url().includes(jobs.get("fast")), `the address does not say what is compared: ${page.url()}`);
}

async function differences(page) {
  check((await cells(page, "learning-rate")).join(" ") === "0.01 0.2", `the settings are other ones: ${await cells(page, "learning-rate")}`);
  check((await cells(page, "workers")).join(" ") === "1 2", "the plans' differences are not shown");
  check((await page.getByRole("rowheader", { name: "steps", exact: true }).count()) === 1, "a setting that is the same is shown");
  const losses = (await cells(page, "last loss")).map(Number);
  check(losses.length === 2 && losses.every((loss) => loss > 0) && losses[0] > losses[1], `the last losses are ${losses}`);
  await page.locator("figcaption", { hasText: /^loss$/ }).waitFor();
  const drawing = page.locator("figure.drawing", { has: page.locator("figcaption", { hasText: /^loss$/ }) });
  await drawing.locator("canvas").waitFor();
  const curves = await drawing.locator("[role=img]").getAttribute("aria-label");
  check(["slow", "fast"].every((title) => curves.includes(`${title} `)) && !curves.includes("worker-1"), `other curves are drawn: ${curves}`);
  await look(page, "jobs-compare");
  await page.getByLabel("Show what is the same as well").check();
  check((await page.getByRole("rowheader", { name: "steps", exact: true }).count()) === 2, "what is the same is not shown");
}

async function change(page, jobs) {
  await page.getByRole("button", { name: "Add a job" }).click();
  await page.getByRole("dialog").getByRole("button", { name: /long/ }).click();
  await until("the third job's column", async () => (await cells(page, "learning-rate")).length === 3);
  check(page.url().includes(jobs.get("long")), "the address does not hold the added job");
  // What the address says is what is shown, to whoever is sent it.
  await page.reload();
  check((await cells(page, "learning-rate")).length === 3, "the address does not lead to what was compared");
  await page.getByRole("button", { name: /^Take slow .* out$/ }).click();
  await until("two columns", async () => (await page.locator("table.compare thead th").count()) === 2);
  check(!page.url().includes(jobs.get("slow")), "the address still holds what was taken out");
  await page.goto(`${base}/jobs/${jobs.get("slow")}`);
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await page.getByText("Choose another job").waitFor();
  await page.goto(`${base}/jobs/compare?jobs=${jobs.get("slow")},00000000-0000-7000-8000-000000000000`);
  await page.getByRole("alert").waitFor();
}

await withPage(
  async (page) => {
    const jobs = await trained();
    await choose(page, jobs);
    await differences(page);
    await change(page, jobs);
  },
  { ignored: [/status of 404/] },
);
