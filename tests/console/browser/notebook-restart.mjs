// A notebook whose node dies and comes back: the page says so, keeps what was shown, and goes on in a new session.
// Never reloads the page.

import { base, check, look, told, withPage } from "./lib.mjs";

// The node is gone for a while, and then does not know the session; the browser says both.
const ignored = [/ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/, /WebSocket connection/, /404/];

await withPage(
  async (page) => {
    await page.goto(`${base}/notebooks`);
    await page.getByRole("button", { name: "New notebook" }).click();
    await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
    const cell = page.locator(".cell").first();
    await cell.getByRole("textbox").click();
    await page.keyboard.insertText("x = 41\nprint('shown', x)");
    await page.keyboard.press("Control+Enter");
    await cell.locator(".outputs").getByText("shown 41").waitFor();
    await page.getByText("Saved", { exact: true }).waitFor();
    await page.evaluate(() => (globalThis.sameVisit = true));
    console.log("watching");
    await told();
    await page.getByText("This session is over").waitFor({ timeout: 60_000 });
    await cell.locator(".outputs").getByText("shown 41").waitFor();
    await look(page, "notebook-over");
    await page.getByRole("button", { name: "Start a new session" }).click();
    await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
    await cell.getByRole("textbox").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText("print('x' in globals())");
    await page.keyboard.press("Control+Enter");
    await cell.locator(".outputs").getByText("False").waitFor();
    check(await page.evaluate(() => globalThis.sameVisit === true), "the page was loaded again");
  },
  { ignored },
);
