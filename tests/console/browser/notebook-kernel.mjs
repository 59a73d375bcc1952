// A notebook whose kernel is chosen on its page: the session is the chosen kernel's, and the file names it.
// Never a kernel that the node does not list.

import { ask, base, check, look, until, withPage } from "./lib.mjs";

await withPage(async (page) => {
  await page.goto(`${base}/notebooks`);
  await page.getByRole("button", { name: "New notebook" }).click();
  await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
  const path = new URL(page.url()).searchParams.get("path");
  const cell = page.locator(".cell").first();
  const run = async (text, shown) => {
    await cell.getByRole("textbox").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(text);
    await page.keyboard.press("Control+Enter");
    await cell.locator(".outputs").getByText(shown, { exact: true }).waitFor({ timeout: 120_000 });
  };
  await run("x = 41\nprint('x' in globals())", "True");

  const choice = page.getByRole("combobox", { name: "Kernel" });
  check((await choice.inputValue()) === "python3", "the node's own Python comes first");
  await choice.selectOption("science");
  await run("print('x' not in globals(), 1)", "True 1");
  await look(page, "notebook-kernel");
  const sessions = await ask(base, "/api/sessions");
  check(sessions.length === 1 && sessions[0].kernel.name === "science", JSON.stringify(sessions));

  // Whoever opens it next gets the same, also once its session is over.
  await until("the notebook's file", async () => (await ask(base, `/api/contents/${path}`)).content.metadata.kernelspec.name === "science", 20);
  const address = page.url();
  await page.goto(`${base}/notebooks`);
  await fetch(`${base}/api/kernels/${sessions[0].kernel.id}`, { method: "DELETE" });
  await page.goto(address);
  await page.getByText("Ready", { exact: true }).waitFor({ timeout: 120_000 });
  check((await choice.inputValue()) === "science", "the choice stays with the notebook");
  await until("its session", async () => (await ask(base, "/api/sessions"))[0]?.kernel.name === "science", 20);
});
