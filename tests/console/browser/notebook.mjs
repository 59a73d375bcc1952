// A notebook from the first click to a step of a pipeline, in a real session of a real kernel.
// Never goes around the page where it offers a way.

import { readFileSync } from "node:fs";
import { ask, base, check, look, until, withPage } from "./lib.mjs";

const HOSTILE = `from html import escape
class Page:
    def _repr_html_(self):
        return '''<h1>Report</h1><script>top.pwned = true; globalThis.pwned = true; fetch("/api/v1/runs")</script>
<img src=x onerror="top.pwned = true"><form action="/api/v1/runs" method="post"><button>Send</button></form>
<meta http-equiv="refresh" content="0;url=http://evil.invalid/"><a href="javascript:top.pwned=true">go</a>'''
Page()`;

const RICH = `import base64, sys
class Show:
    def __init__(self, **forms): self.forms = forms
    def _repr_mimebundle_(self, include=None, exclude=None): return {name.replace("__", "/").replace("_plus_", "+"): value for name, value in self.forms.items()}
print("\\x1b[31mred\\x1b[0m and plain")
print("to stderr", file=sys.stderr)
display(Show(image__png="iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="))
display(Show(image__svg_plus_xml='<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" onload="top.pwned=true"><rect width="40" height="40" fill="teal"/></svg>'))
display(Show(text__markdown="## Found\\n\\n*three* things"))
display(Show(text__html="<style>td{color:red}</style><table border=1><thead><tr><th></th><th>name</th></tr></thead><tbody><tr><th>0</th><td>wheat</td></tr></tbody></table><p>1 rows</p>"))
6 * 7`;

const editor = (cell) => cell.getByRole("textbox");
const cellAt = (page, place) => page.locator(".cell").nth(place);
const output = (cell) => cell.locator(".outputs");

/** Puts text into a cell, as a whole. */
async function write(page, cell, text) {
  await editor(cell).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Writes a cell behind the last one and runs it to its end. */
async function run(page, text, { waits = true } = {}) {
  const before = await page.locator(".cell").count();
  await page.getByRole("button", { name: "Code", exact: true }).click();
  const cell = cellAt(page, before);
  await cell.waitFor();
  await write(page, cell, text);
  await page.keyboard.press("Control+Enter");
  if (waits) {
    await done(cell);
  }
  return cell;
}

async function done(cell) {
  await cell.locator(".cell-count", { hasText: /^\[\d+\]$/ }).waitFor();
}

async function shows(cell, text) {
  await output(cell).getByText(text).first().waitFor();
}

async function begin(page) {
  await page.goto(`${base}/notebooks`);
  await page.getByText("No notebook yet").waitFor();
  await look(page, "notebooks-empty");
  await page.getByRole("button", { name: "New notebook" }).click();
  await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
  await look(page, "notebook-new");
}

async function cells(page) {
  const first = cellAt(page, 0);
  await write(page, first, "x = 41\nx + 1");
  await page.keyboard.press("Shift+Enter");
  await shows(first, "42");
  // Shift Enter made another cell, and its text is where the cursor is.
  await page.keyboard.insertText("raise ValueError('so it is')");
  await page.keyboard.press("Control+Enter");
  await shows(cellAt(page, 1), "ValueError: so it is");
  // Beside the text, keys are commands: another cell above, words instead of code, and away with it.
  await page.keyboard.press("Escape");
  await page.keyboard.press("a");
  await until("a cell above", async () => (await page.locator(".cell").count()) === 3, 5);
  await page.keyboard.press("m");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText("# A **notebook**");
  await page.keyboard.press("Escape");
  await page.locator(".cell-words strong", { hasText: "notebook" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await until("a deleted cell", async () => (await page.locator(".cell").count()) === 2, 5);
  await page.locator(".variable", { hasText: "41" }).waitFor();
}

async function completion(page) {
  await page.getByRole("button", { name: "Code", exact: true }).click();
  const cell = page.locator(".cell").last();
  await editor(cell).click();
  await page.keyboard.type("'🌾'; x.bit_l");
  await page.keyboard.press("Control+Space");
  await page.getByRole("option", { name: "bit_length" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  await page.keyboard.press("d");
}

async function rich(page) {
  const cell = await run(page, RICH);
  await output(cell).locator(".ansi-red", { hasText: "red" }).waitFor();
  await output(cell).locator(".output-stderr", { hasText: "to stderr" }).waitFor();
  await until("two pictures", async () => (await output(cell).locator("img").count()) === 2, 10);
  const drawn = await output(cell).locator("img").evaluateAll((images) => images.every((image) => image.complete && image.naturalWidth > 0));
  check(drawn, "a picture is not shown");
  await output(cell).locator(".markdown em", { hasText: "three" }).waitFor();
  await output(cell).locator("table.data td", { hasText: "wheat" }).waitFor();
  await shows(cell, "42");
}

async function hostile(page) {
  const cell = await run(page, HOSTILE);
  const frame = output(cell).frameLocator("iframe");
  await frame.getByRole("heading", { name: "Report" }).waitFor();
  const styled = await frame.locator("body").evaluate((body) => getComputedStyle(body).marginLeft);
  check(styled === "10px", `the frame has no style sheet: ${styled}`);
  await page.evaluate(() => new Promise((after) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(after)), 300)));
  check(!(await page.evaluate(() => "pwned" in globalThis)), "what a cell showed ran in the page");
  const sandbox = await output(cell).locator("iframe").getAttribute("sandbox");
  check(sandbox === "", `the frame's sandbox is ${sandbox}`);
  for (const frame of page.frames().slice(1)) {
    check(!(await frame.evaluate(() => "pwned" in globalThis).catch(() => false)), "what a cell showed ran in its frame");
  }
  check(page.url().startsWith(base), "what a cell showed took the page away");
  await look(page, "notebook-rich");
}

async function question(page) {
  const cell = await run(page, "name = input('Who is there? ')\nprint('hello', name)", { waits: false });
  await page.getByLabel("Who is there?").fill("Ada");
  await page.keyboard.press("Enter");
  await shows(cell, "hello Ada");
}

async function interrupt(page) {
  const cell = await run(page, "import itertools\nfor turns in itertools.count(): last = turns", { waits: false });
  await cell.getByText("runs", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Interrupt" }).click();
  await shows(cell, "KeyboardInterrupt");
  const after = await run(page, "last > 0, x");
  await shows(after, "(True, 41)");
}

/** What a cell writes while nobody looks is there afterwards, and what it asks is asked again. */
async function reload(page) {
  const cell = await run(page, "import time\nfor second in range(8):\n    print('second', second, flush=True); time.sleep(0.25)\nanswer = input('Still there? ')\nprint('they said', answer)", { waits: false });
  const place = (await page.locator(".cell").count()) - 1;
  await shows(cell, "second 0");
  await page.reload();
  const again = cellAt(page, place);
  await shows(again, "second 7");
  const text = await output(again).innerText();
  check(text.match(/second 0/g)?.length === 1 && /second 0\s+second 1\s+second 2/.test(text), `lines are missing or doubled: ${text}`);
  await page.getByLabel("Still there?").fill("yes");
  await page.keyboard.press("Enter");
  await shows(again, "they said yes");
  await done(again);
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  await shows(cellAt(page, place), "they said yes");
  await output(cellAt(page, 3)).or(page.locator(".output-table td")).getByText("wheat").first().waitFor();
}

/** What was taken away stays away, though the session still knows it; the same cell run again shows it again. */
async function clear(page) {
  const cell = await run(page, "print('to be ' + 'cleared')");
  await shows(cell, "to be cleared");
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  // The session tells of what was before it answers this.
  await shows(await run(page, "print('told ' + 'again')"), "told again");
  check((await page.getByText("to be cleared", { exact: true }).count()) === 0, "a reload brought cleared outputs back");
  const place = (await page.locator(".cell").count()) - 2;
  await cellAt(page, place).locator(".cm-content").click();
  await page.keyboard.press("Control+Enter");
  await shows(cellAt(page, place), "to be cleared");
}

async function modes(page) {
  await page.getByLabel("Mode").selectOption("lazy");
  const source = await run(page, "amount = 2");
  const doubled = await run(page, "twice = amount * 2\ntwice");
  const shown = await run(page, "f'it is {twice}'");
  await shows(shown, "it is 4");
  await write(page, source, "amount = 5");
  await doubled.getByText("stale").waitFor();
  await shown.getByText("stale").waitFor();
  await page.keyboard.press("Control+Enter");
  await until("the changed cell", async () => (await source.getByText("stale").count()) === 0);
  await shows(shown, "it is 4");
  await look(page, "notebook-lazy");
  await page.getByLabel("Mode").selectOption("reactive");
  await write(page, source, "amount = 7");
  await page.keyboard.press("Control+Enter");
  await shows(doubled, "14");
  await shows(shown, "it is 14");
  check((await page.locator(".cell-stale").count()) === 0, "a cell is stale in a reactive notebook");
}

async function download(page) {
  await page.getByText("Saved", { exact: true }).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download as .ipynb" }).click()]);
  check(file.suggestedFilename() === "Untitled.ipynb", `it is called ${file.suggestedFilename()}`);
  const notebook = JSON.parse(readFileSync(await file.path(), "utf8"));
  check(notebook.nbformat === 4 && notebook.metadata.sandmill.mode === "reactive", "the notebook's form or its mode is lost");
  const texts = notebook.cells.map(({ source }) => source.join(""));
  check(texts.includes("amount = 7"), "a cell is missing");
  const { content } = await ask(base, "/api/contents/Untitled.ipynb");
  check(content.cells.length === notebook.cells.length, "what is kept is not what is shown");
}

/** Another page of the same notebook sees what a cell shows, and neither takes the other for a stranger. */
async function twoPages(page, context) {
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByText("Ready", { exact: true }).waitFor();
  const count = (one) => one.locator(".cell", { hasText: "f'it is" }).locator(".cell-count").innerText();
  const before = await count(page);
  await page.locator(".cell", { hasText: "amount = 7" }).getByRole("button", { name: "Run this cell" }).click();
  await until("both pages to show the new result", async () => {
    const [here, there] = [await count(page), await count(other)];
    return here !== before && here.startsWith("[") && here === there;
  });
  for (const one of [page, other, page]) {
    await one.getByText("Saved", { exact: true }).waitFor();
    await one.locator(".cell", { hasText: "f'it is" }).getByRole("button", { name: "Run this cell" }).click();
  }
  await page.getByText("Saved", { exact: true }).waitFor();
  check((await page.getByText("changed elsewhere").count()) === 0, "a page took the other for a stranger");
  await other.close();
}

/** A cell that writes without a pause can be read, and stopped, while it does. */
async function flood(page) {
  const cell = await run(page, "for line in range(10**9): print('line', line, flush=True)", { waits: false });
  await shows(cell, "line 0");
  await page.getByRole("button", { name: "Interrupt" }).click();
  await shows(cell, "KeyboardInterrupt");
  await done(cell);
  await cell.focus();
  await page.keyboard.press("d");
  await page.keyboard.press("d");
}

/** Somebody else writes the same notebook: nothing is written over, and whoever sits here chooses. */
async function elsewhere(page) {
  await page.getByText("Saved", { exact: true }).waitFor();
  const path = "/api/contents/Untitled.ipynb";
  const { content } = await ask(base, path);
  content.cells[0].source = "# Written elsewhere";
  const body = JSON.stringify({ type: "notebook", format: "json", content });
  const saved = await fetch(base + path, { method: "PUT", headers: { "content-type": "application/json" }, body });
  check(saved.ok, `the other one could not save: ${saved.status}`);
  await write(page, page.locator(".cell").last(), "1");
  await page.getByText("This notebook was changed elsewhere").waitFor();
  await look(page, "notebook-changed-elsewhere");
  await page.getByRole("button", { name: "Load what is there" }).click();
  await page.getByText("Written elsewhere").waitFor();
}

async function step(page) {
  await page.getByRole("button", { name: "Make a step" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a pipeline step" });
  const boxes = dialog.getByRole("checkbox");
  const count = await boxes.count();
  const wanted = ["amount = 7", "twice = amount * 2", "f'it is {twice}'", "x = 41"];
  for (let place = 0; place < count; place += 1) {
    const words = await dialog.locator("li").nth(place).locator("code").innerText();
    if (!wanted.includes(words)) {
      await boxes.nth(place).uncheck();
    }
  }
  await dialog.getByLabel("Name").fill("from-cells");
  await look(page, "notebook-step");
  await dialog.getByRole("button", { name: "Open in the workbench" }).click();
  await page.getByText("Checked by the node: 1 step").waitFor();
  await look(page, "workbench-from-notebook");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
  await page.locator(".run-facts .status-succeeded").waitFor({ timeout: 100_000 });
}

async function rename(page) {
  await page.goto(`${base}/notebooks`);
  await page.getByRole("table").first().waitFor();
  await look(page, "notebooks");
  await page.getByRole("link", { name: "Untitled", exact: true }).first().click();
  await page.getByText("Ready", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByLabel("Name of the notebook").fill("50% of #1");
  await page.getByRole("button", { name: "Rename" }).click();
  await page.waitForURL((url) => url.searchParams.get("path") === "50% of #1.ipynb");
  await page.getByRole("heading", { name: "50% of #1" }).waitFor();
  await page.getByText("Ready", { exact: true }).waitFor();
  const again = await run(page, "x, amount");
  await shows(again, "(41, 7)");
  await page.getByText("Saved", { exact: true }).waitFor();
}

async function end(page) {
  await page.goto(`${base}/notebooks`);
  await page.getByRole("button", { name: "Stop" }).click();
  await until("the session's end", async () => (await ask(base, "/api/sessions")).length === 0);
  page.once("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "Delete 50% of #1.ipynb" }).click();
  await page.getByText("No notebook yet").waitFor();
}

// The walls of the hostile cell say what they stopped: that is what they are for.
const ignored = [/Content Security Policy/, /Blocked script execution/, /sandbox/i, /evil\.invalid/];

await withPage(
  async (page, context) => {
    const strangers = [];
    const isStrange = (url) => !/^(data|blob|about):/.test(url) && !url.startsWith(base);
    page.on("response", (response) => isStrange(response.url()) && strangers.push(response.url()));
    // What a policy stopped never left; what failed otherwise did.
    page.on("requestfailed", (request) => isStrange(request.url()) && request.failure()?.errorText !== "csp" && strangers.push(request.url()));
    for (const part of [begin, cells, completion, rich, hostile, question, interrupt, reload, modes, download, twoPages, flood, elsewhere, step, rename, clear, end]) {
      const began = Date.now();
      await part(page, context);
      console.log(`${part.name}: ${Date.now() - began} ms`);
    }
    check(strangers.length === 0, `the page asked strangers: ${strangers.join(", ")}`);
  },
  { ignored },
);
