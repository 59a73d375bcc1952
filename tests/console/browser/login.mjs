// Signing in, a login that ends in the middle of work, and signing out: the page stays as it is, nothing is lost.
// Never reloads the page; what was written before the login ended is looked for in the same visit.

import { EDITING, accessible, base, check, look, until, withPage } from "./lib.mjs";

const [, , , token, other] = process.argv;

// Refusals are what this is about; the browser lists each of them.
const ignored = [/401/, /429/, /WebSocket connection/, /ERR_INCOMPLETE_CHUNKED_ENCODING/, /ERR_ABORTED/, ...EDITING];

const STEPS = 8;
const DOCUMENT = `apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: sleepy }
spec:
  steps:
${Array.from({ length: STEPS }, (_, place) => `    s${place}: { component: "programs/sleep:1", function: run, arguments: { millis: ${2_500 + place} }, cache: false${place === 0 ? "" : `, after: [s${place - 1}]`} }`).join("\n")}
`;

const asUser = async (path, method = "GET", body) => {
  const options = { method, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } };
  const response = await fetch(base + path, body === undefined ? options : { ...options, body: JSON.stringify(body) });
  check(response.ok, `${path}: ${response.status}`);
  return response.json();
};

/** Answers the question for a token, wherever it stands. */
async function signIn(page, place, word = token) {
  await place.getByLabel("Token").fill(word);
  await place.getByRole("button", { name: "Sign in", exact: true }).click();
}

const again = (page) => page.getByRole("dialog", { name: "Sign in again" });

await withPage(
  async (page, context) => {
    // Without a login there is nothing but the question for one, which takes no wrong token.
    await page.goto(`${base}/pipelines`);
    await page.getByRole("heading", { name: "Sign in to Sandmill" }).waitFor();
    await look(page, "sign-in");
    await signIn(page, page, "not-a-token-at-all");
    await page.getByRole("alert").getByText("SM0706").waitFor();
    await page.setViewportSize({ width: 390, height: 800 });
    await look(page, "sign-in-phone");
    check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the phone");
    await page.setViewportSize({ width: 1360, height: 860 });
    await signIn(page, page);
    await page.getByRole("heading", { name: "Pipelines", level: 1 }).waitFor();
    await page.locator(".account", { hasText: "ada" }).waitFor();
    const cookies = await context.cookies();
    check(cookies.length === 1 && cookies[0].httpOnly && cookies[0].sameSite === "Strict", `cookies: ${JSON.stringify(cookies)}`);
    check(!cookies[0].value.includes(token), "the cookie holds the token");
    check(await page.evaluate((word) => !JSON.stringify({ ...localStorage, ...sessionStorage }).includes(word), token), "the page keeps the token");

    // A run is followed while the login ends, and a pipeline is being written.
    const { run } = await asUser("/api/v1/runs", "POST", { document: DOCUMENT });
    await page.goto(`${base}/runs/${run}?view=timeline`);
    await page.locator(".bar-succeeded").first().waitFor();
    await page.evaluate(() => (globalThis.sameVisit = true));
    await again(page).waitFor({ timeout: 60_000 });
    await look(page, "sign-in-again");
    await page.keyboard.press("Escape");
    await page.locator(".account").getByRole("button", { name: "Sign in" }).click();
    await signIn(page, again(page));
    await again(page).waitFor({ state: "hidden" });
    await page.locator(".run-facts .status-succeeded").waitFor({ timeout: 90_000 });
    // The login may have ended once more meanwhile; the stream goes on all the same.
    check((await page.locator(".bar-succeeded").count()) === STEPS, "a step's end was missed");
    check(await page.evaluate(() => globalThis.sameVisit === true), "the page was loaded again");
  },
  { ignored },
);

await withPage(
  async (page) => {
    // An unsaved draft of a pipeline: it is still there, and what it asked of the node is answered after all.
    await page.goto(`${base}/runs?token=${token}`);
    await page.getByRole("heading", { name: "Runs", level: 1 }).waitFor();
    check(!page.url().includes("token"), `the token stands in the address: ${page.url()}`);
    await page.goto(`${base}/pipelines/run`);
    const editor = page.locator(".cm-content").first();
    await editor.fill(DOCUMENT);
    await again(page).waitFor({ timeout: 60_000 });
    await page.evaluate(() => (globalThis.sameVisit = true));
    await signIn(page, again(page));
    await again(page).waitFor({ state: "hidden" });
    check((await editor.textContent()).includes("programs/sleep:1"), "the draft is gone");
    await accessible(page, "a draft after signing in again");
    // Out again by the palette; nothing of the page is left.
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Sandmill" }).waitFor();
    await until("the login to be over", async () => (await page.context().request.get(`${base}/api/v1/runs`)).status() === 401, 20);
    // As somebody else: no page of the one before.
    await signIn(page, page, other);
    await page.locator(".account", { hasText: "bob" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("sign out");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in to Sandmill" }).waitFor();
  },
  { ignored },
);
