// From a file to a repaired run, as somebody would go who sees the console for the first time.
// Never goes around the console where it offers a way.

import { join } from "node:path";
import { EDITING, ask, base, check, data, look, until, withPage } from "./lib.mjs";

const DIGITS = join(data, "scenarios/pipeline-digits/pipeline.yaml");
const ROWS = join(data, "data/digits/train.csv");
const OTHER_ROWS = join(data, "data/digits/validation-a.csv");

const FAILING = `apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: failing }
spec:
  steps:
    talk: { component: "programs/talk:1", function: run, cache: false }
    fail: { component: "programs/fail:1", function: with-hint, arguments: { retryable: false }, after: [talk] }
    behind: { component: "programs/noop:1", function: run, after: [fail] }
`;

/** As kfp's compiler writes it: one program, a choice, and words as its output. */
const COMPILED = `
components:
  comp-write:
    executorLabel: exec-write
    inputDefinitions: { parameters: { words: { parameterType: STRING } } }
    outputDefinitions: { artifacts: { result: { artifactType: { schemaTitle: system.Markdown, schemaVersion: 0.0.1 } } } }
deploymentSpec:
  executors:
    exec-write:
      container:
        image: "programs/write-files:1"
        args: [text, "{{$.inputs.parameters['words']}}", "{{$.outputs.artifacts['result'].path}}"]
pipelineInfo: { name: compiled }
root:
  dag:
    tasks:
      write:
        componentRef: { name: comp-write }
        inputs: { parameters: { words: { componentInputParameter: words } } }
        taskInfo: { name: write }
  inputDefinitions:
    parameters:
      words: { parameterType: STRING, defaultValue: "**hello**", isOptional: true, literals: ["**hello**", "**goodbye**"] }
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.0
`;

/** Waits for a run's end where somebody would see it, and gives its address. */
async function watched(page, status) {
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  await page.locator(".run-facts .status-running").or(page.locator(`.run-facts .status-${status}`)).first().waitFor();
  await page.locator(`.run-facts .status-${status}`).waitFor({ timeout: 100_000 });
  return new URL(page.url()).pathname;
}

async function upload(page) {
  await page.goto(`${base}/runs`);
  await page.getByText("Nothing has run here yet").waitFor();
  await look(page, "runs-empty");
  await page.getByRole("link", { name: "Pipelines" }).click();
  await page.getByText("No pipeline is kept yet").waitFor();
  await page.getByRole("link", { name: "Upload a file" }).click();
  await page.getByLabel("Pipeline file").setInputFiles(DIGITS);
  await page.getByText("9 steps, 7 parameters").waitFor();
  await look(page, "upload");
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("heading", { name: "digits" }).waitFor();
  await page.locator(".graph canvas").waitFor();
  await look(page, "pipeline");
}

/** Breaks the document, sees what the node says of it, mends it, and keeps it as another version. */
async function change(page) {
  await page.getByRole("link", { name: "Edit and run" }).click();
  await page.getByText("Checked by the node: 9 steps").waitFor();
  const editor = page.getByRole("textbox", { name: "Pipeline document" });
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("kindness: none\n");
  await page.getByText("1 to mend").waitFor();
  await page.getByRole("button", { name: /SM0102/ }).waitFor();
  await look(page, "workbench-wrong");
  await page.keyboard.press("Shift+ArrowUp");
  await page.keyboard.press("Delete");
  await page.keyboard.type("# Kept as a second version.\n");
  await page.getByText("Checked by the node: 9 steps").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByLabel("What changed").fill("a word at the top");
  await look(page, "save");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^v2/ }).waitFor();
}

async function run(page) {
  await page.getByRole("link", { name: "Edit and run" }).click();
  await page.getByText("Checked by the node: 9 steps").waitFor();
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByText("Pick an artifact, or upload a file.").first().waitFor();
  await page.getByLabel("Upload a file for data-set").setInputFiles(ROWS);
  await page.getByLabel("Upload a file for validation-set").setInputFiles(OTHER_ROWS);
  await page.locator(".chip", { hasText: "validation-a.csv" }).waitFor();
  await page.getByLabel("Title of the run").fill("first look");
  await page.getByLabel("Experiment of the run").fill("algorithms");
  await look(page, "workbench");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  const address = await watched(page, "succeeded");
  await look(page, "run-graph");
  return address;
}

/** A step beside the run: its table, its scores, its page, what it may reach. */
async function steps(page) {
  await page.getByRole("tab", { name: "Timeline" }).click();
  await page.getByRole("treeitem", { name: /^load / }).click();
  await page.locator(".preview-table td.number").first().waitFor();
  await look(page, "step-table");
  await page.getByRole("treeitem", { name: /^evaluate / }).click();
  await page.locator(".confusion td.right").first().waitFor();
  await look(page, "step-metrics");
  await page.getByRole("treeitem", { name: /^report / }).click();
  const report = page.frameLocator(".preview-page iframe");
  await report.getByRole("heading", { name: "Handwritten digits" }).waitFor();
  await look(page, "step-report");
  await page.getByRole("tab", { name: "Sandbox" }).click();
  await page.getByText("Nothing was granted").waitFor();
  await look(page, "step-sandbox");
  await page.getByRole("tab", { name: "Attempts" }).click();
  await page.getByText("Attempt 1").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("heading", { name: "Runs" }).waitFor();
}

async function clone(page, address) {
  await page.goto(base + address);
  await page.getByRole("link", { name: "Clone" }).click();
  await page.getByText("Checked by the node: 9 steps").waitFor();
  await page.getByLabel("algorithm").fill("random-forest");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  return watched(page, "succeeded");
}

/** The other format: kept, opened, run with a choice, its words shown. */
async function compiled(page) {
  await page.goto(`${base}/pipelines/new`);
  await page.getByLabel("Pipeline file").setInputFiles({ name: "compiled.yaml", mimeType: "application/yaml", buffer: Buffer.from(COMPILED) });
  await page.getByText("1 step, 1 parameter").waitFor();
  await page.getByRole("button", { name: "Keep it" }).click();
  await page.getByRole("link", { name: "Edit and run" }).click();
  await page.getByText("Checked by the node: 1 step").waitFor();
  await page.getByRole("combobox", { name: /^words/ }).selectOption("**goodbye**");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await watched(page, "succeeded");
  await page.getByRole("tab", { name: "Timeline" }).click();
  await page.getByRole("treeitem", { name: /^write / }).click();
  await page.locator(".markdown strong", { hasText: "goodbye" }).waitFor();
}

/** Both runs side by side, and the way that led to an artifact. */
async function compare(page, addresses) {
  await page.goto(`${base}/runs`);
  for (const address of addresses) {
    await page.locator("tr", { has: page.locator(`a[href="${address}"]`) }).getByRole("checkbox").check();
  }
  await page.getByRole("link", { name: "Compare 2" }).click();
  await page.locator("tr.differs", { hasText: "algorithm" }).waitFor();
  await page.locator("tr.differs", { hasText: "evaluate.accuracy" }).or(page.locator("tr", { hasText: "evaluate.accuracy" })).first().waitFor();
  check((await page.locator(".confusion").count()) === 4, "the confusion matrices do not stand side by side");
  await look(page, "compare");
}

async function lineage(page, address) {
  await page.goto(`${base}${address}?step=train`);
  await page.getByRole("link", { name: "open artifact" }).click();
  await page.getByRole("tab", { name: "Lineage" }).click();
  await page.getByText("Used by 2 steps").waitFor();
  await page.getByText("evaluate.model").waitFor();
  await look(page, "lineage");
  await page.getByRole("link", { name: "Artifacts" }).first().click();
  await page.getByRole("link", { name: "train.model" }).first().waitFor();
  await look(page, "artifacts");
}

async function components(page) {
  await page.getByRole("link", { name: "Components" }).click();
  await page.getByLabel("Find a name").fill("split");
  await page.locator("tr", { hasText: "sandmill/split-rows" }).getByRole("link").click();
  await page.getByText("stratify-by").first().waitFor();
  await page.getByText("Splits the rows of a table into a training part and a test part.").waitFor();
  await look(page, "component");
  await page.getByRole("tab", { name: "WIT" }).click();
  await page.locator(".wit", { hasText: "split-rows: func" }).waitFor();
  await look(page, "component-wit");
  await page.getByRole("tab", { name: "Used by" }).click();
  await page.locator("table.runs", { hasText: "digits" }).waitFor();
  await look(page, "component-used");
  await page.getByRole("row", { name: /^digits/ }).getByRole("link", { name: "digits" }).click();
  await page.getByRole("button", { name: "component" }).waitFor();
  await page.locator("table.runs", { hasText: "digits" }).waitFor();
}

async function overview(page) {
  await page.goto(base);
  await page.locator(".overview-why", { hasText: "the table has no rows" }).waitFor();
  await page.locator(".gauge", { hasText: "Kept here" }).waitFor();
  await page.getByRole("link", { name: "digits" }).first().waitFor();
  await look(page, "overview");
}

async function schedule(page, address) {
  await page.goto(base + address);
  await page.getByRole("link", { name: "Clone" }).click();
  await page.getByText("Checked by the node: 9 steps").waitFor();
  await page.getByRole("button", { name: "Schedule" }).click();
  await look(page, "schedule-form");
  await page.getByRole("button", { name: "Make the schedule" }).click();
  await page.getByText("Next firings").waitFor();
  check((await page.locator(".firings li").count()) === 8, "the schedule does not show its next firings");
  await look(page, "schedule");
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("It is paused.").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.locator(".firings li").first().waitFor();
  await page.getByRole("link", { name: "Schedules" }).first().click();
  await page.getByRole("link", { name: "digits" }).waitFor();
  await look(page, "schedules");
}

/** A run that fails says why, and is tried again from there. */
async function repair(page) {
  const { run: id } = await ask(base, "/api/v1/runs", { document: FAILING });
  await until("the run to fail", async () => (await ask(base, `/api/v1/runs/${id}`)).status === "failed");
  await page.goto(`${base}/runs/${id}?step=fail`);
  await page.getByText("the table has no rows").waitFor();
  await page.getByText("load another file").waitFor();
  await look(page, "run-failed");
  await page.getByRole("button", { name: "Retry from failed" }).click();
  await page.getByRole("tab", { name: "Attempts" }).click();
  await page.getByText("Attempt 2").waitFor();
  await page.locator(".run-facts .status-failed").waitFor();
  await page.goto(`${base}/runs/${id}?view=log`);
  await page.locator(".log-line", { hasText: "to stderr" }).waitFor();
  await page.getByLabel("Search the log").fill("MESSAGE");
  await page.getByText(/5 lines found/).waitFor();
  await look(page, "log");
}

await withPage(async (page) => {
  await upload(page);
  await change(page);
  const first = await run(page);
  await steps(page);
  const second = await clone(page, first);
  await compare(page, [first, second]);
  await compiled(page);
  await lineage(page, first);
  await components(page);
  await schedule(page, first);
  await repair(page);
  await overview(page);
  await page.goto(`${base}/runs?experiment=algorithms`);
  await page.locator("table.runs tbody tr", { hasText: "first look" }).waitFor();
  await page.goto(`${base}/runs?status=failed`);
  await page.locator("table.runs tbody tr").first().waitFor();
  await look(page, "runs");
  await page.goto(`${base}/experiments`);
  await page.getByRole("link", { name: "algorithms" }).waitFor();
  await look(page, "experiments");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Where to" }).fill("sched");
  await look(page, "palette");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Schedules" }).waitFor();
}, { ignored: EDITING });

await withPage(
  async (page) => {
    await page.goto(`${base}/runs`);
    await page.locator("table.runs tbody tr a").first().click();
    await page.locator(".graph canvas").waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    check(!wide, "the page is wider than the phone");
    await look(page, "phone-run");
  },
  { width: 390, height: 844 },
);
