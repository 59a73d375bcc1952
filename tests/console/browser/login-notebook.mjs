// A notebook whose user's login ends while they write: nothing of it is lost, and its session goes on.
// Never reloads the page.

import { base, check, look, until, withPage } from "./lib.mjs";

const [, , , token] = process.argv;
const ignored = [/401/, /WebSocket connection/];
const asked = { headers: { authorization: `Bearer ${token}` } };

await withPage(
  async (page) => {
    const again = page.getByRole("dialog", { name: "Sign in again" });
    await page.goto(`${base}/notebooks?token=${token}`);
    await page.getByRole("button", { name: "New notebook" }).click();
    await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
    const cell = page.locator(".cell").first();
    await cell.getByRole("textbox").click();
    await page.keyboard.insertText("x = 41");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Saved", { exact: true }).waitFor();
    const path = new URL(page.url()).searchParams.get("path") ?? new URL(page.url()).searchParams.get("notebook");
    check(path !== null, `the notebook's path is not in ${page.url()}`);
    await page.evaluate(() => (globalThis.sameVisit = true));
    // The login ends while this stands unsaved.
    await page.context().clearCookies();
    await cell.getByRole("textbox").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("x = 41 # a draft that is not saved\nprint('shown', x + 1)");
    await again.waitFor({ timeout: 60_000 });
    await look(page, "notebook-sign-in-again");
    const file = async () => JSON.stringify(await (await fetch(`${base}/api/contents/${encodeURIComponent(path)}`, asked)).json());
    check(!(await file()).includes("a draft"), "it was saved without a login");
    await again.getByLabel("Token").fill(token);
    await again.getByRole("button", { name: "Sign in", exact: true }).click();
    await again.waitFor({ state: "hidden" });
    await until("the draft to be saved", async () => (await file()).includes("a draft that is not saved"));
    await page.getByText("Ready", { exact: true }).waitFor({ timeout: 60_000 });
    await cell.getByRole("textbox").click();
    await page.keyboard.press("Control+Enter");
    await cell.locator(".outputs").getByText("shown 42").waitFor();
    check(await page.evaluate(() => globalThis.sameVisit === true), "the page was loaded again");
  },
  { ignored },
);
