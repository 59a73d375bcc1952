// Artifacts, names and values made to break out: they are seen as what they are, and nothing of them runs.
// Never relies on one wall: the frame, the answer's policy and the page's own are each looked at.

import { ask, base, check, look, withPage } from "./lib.mjs";

const MARK = "globalThis.pwned = true";
const NAME = `<img src=x onerror="${MARK.replaceAll('"', "'")}">`;

const PAGE = `<!doctype html><html><head><meta http-equiv="refresh" content="1;url=http://evil.invalid/">
<script>${MARK}; top.document.title = "taken"; fetch("/api/v1/runs"); top.location = "http://evil.invalid/";</script></head>
<body onload="${MARK}"><h1>Report</h1><img src="http://evil.invalid/pixel.png"><form action="/api/v1/runs" method="post"><button>Send</button></form></body></html>`;

const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" onload="${MARK}"><script>${MARK}</script><rect width="80" height="80" fill="teal"/></svg>`;

const WORDS = `# Findings\n\n<script>${MARK}</script>\n\n[open](javascript:${encodeURIComponent(MARK)}) and [data](data:text/html,x)\n\n![pixel](http://evil.invalid/pixel.png)\n\n<b onmouseover="${MARK}">bold</b>\n`;

const TABLE = `"<script>${MARK}</script>","=cmd|' /C calc'!A0"\n"<img src=x onerror=${MARK}>",1\n`;

const DOCUMENT = `apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: hostile, description: ${JSON.stringify(NAME)} }
spec:
  parameters:
    words: { type: string, description: ${JSON.stringify(NAME)} }
  steps:
    only: { component: "programs/noop:1", function: run }
`;

async function put(content, mediaType) {
  const headers = { "content-type": mediaType, "sandmill-metadata": JSON.stringify({ name: NAME }) };
  const response = await fetch(`${base}/api/v1/artifacts`, { method: "POST", headers, body: content });
  check(response.ok, `an artifact was not taken: ${response.status}`);
  return (await response.json()).digest;
}

/** Nothing ran in the page or in a frame of it, and the page is still the console's. */
async function unharmed(page, what) {
  // What would have run by itself has had its time once the page has been drawn twice more.
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 300)));
  check(page.url().startsWith(base), `${what} took the page to ${page.url()}`);
  check(!(await page.evaluate(() => "pwned" in globalThis)), `${what} ran in the page`);
  for (const frame of page.frames().slice(1)) {
    const ran = await frame.evaluate(() => "pwned" in globalThis).catch(() => false);
    check(!ran, `${what} ran in its frame`);
  }
  check((await page.title()).endsWith("· Sandmill"), `${what} took the title`);
}

// The walls say what they stopped: that is what they are for.
const ignored = [/Content Security Policy/, /Blocked script execution/, /sandbox/i, /evil\.invalid/];

await withPage(
  async (page) => {
    const strangers = [];
    const isStrange = (url) => !url.startsWith(base) && !url.startsWith("data:");
    page.on("response", (response) => isStrange(response.url()) && strangers.push(response.url()));
    // What a policy stopped never left; what failed otherwise did.
    page.on("requestfailed", (request) => isStrange(request.url()) && request.failure()?.errorText !== "csp" && strangers.push(request.url()));
    page.on("dialog", (dialog) => strangers.push(dialog.message()) && dialog.dismiss());

    await page.goto(`${base}/artifacts/${encodeURIComponent(await put(PAGE, "text/html"))}`);
    await page.frameLocator(".preview-page iframe").getByRole("heading", { name: "Report" }).waitFor();
    await unharmed(page, "an HTML artifact");
    await look(page, "hostile-page");

    await page.goto(`${base}/artifacts/${encodeURIComponent(await put(DRAWING, "image/svg+xml"))}`);
    await page.locator(".preview-image").waitFor();
    await unharmed(page, "an SVG artifact");

    await page.goto(`${base}/artifacts/${encodeURIComponent(await put(WORDS, "text/markdown"))}`);
    await page.locator(".markdown", { hasText: "Findings" }).waitFor();
    check((await page.locator(".markdown a").count()) === 0, "a link that runs or holds a page was made");
    check((await page.locator(".markdown script, .markdown img, .markdown b").count()) === 0, "Markdown made elements of its own");
    await unharmed(page, "a Markdown artifact");

    await page.goto(`${base}/artifacts/${encodeURIComponent(await put(TABLE, "text/csv"))}`);
    await page.locator(".preview-table td").first().waitFor();
    check((await page.locator(".preview-table script, .preview-table img").count()) === 0, "a table made elements of its own");
    await unharmed(page, "a table");
    await look(page, "hostile-table");

    // Opened by itself, content has no origin, whatever it is.
    const direct = await fetch(`${base}/api/v1/artifacts/${encodeURIComponent(await put(PAGE, "text/html"))}/content`);
    check(direct.headers.get("content-security-policy")?.startsWith("sandbox") === true, "content is served without a sandbox");

    const parameters = { words: { plain: NAME } };
    const { run } = await ask(base, "/api/v1/runs", { document: DOCUMENT, parameters, name: NAME, experiment: NAME });
    await page.goto(`${base}/runs/${run}?view=parameters`);
    await page.getByRole("heading", { name: NAME }).waitFor();
    await unharmed(page, "a run's title");
    await page.goto(`${base}/runs`);
    await page.locator("table.runs tbody tr").first().waitFor();
    await unharmed(page, "a list of runs");
    await page.goto(`${base}/pipelines/run?clone=${run}`);
    await page.getByText("Checked by the node: 1 step").waitFor();
    await unharmed(page, "a document");
    check(strangers.length === 0, `the page asked strangers: ${strangers.join(", ")}`);
  },
  { ignored },
);
