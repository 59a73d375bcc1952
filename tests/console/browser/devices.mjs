// The overview while a step computes on a device, and before and after.
// Never needs a graphics adapter: it asks the node what there is, and the page has to say the same.

import { ask, base, check, look, until, withPage } from "./lib.mjs";

const WORK = `apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: train }
spec:
  steps:
    train: { component: "programs/tensors:1", function: train, arguments: { steps: 1000000, seed: 1 }, grants: { device: { memory: 64MiB } } }
`;

await withPage(async (page) => {
  // The component is compiled before anything of it can be seen, which takes a while on a busy machine.
  await page.goto(base);
  const gauge = page.locator(".gauge", { hasText: "Devices" });
  await gauge.getByText("none open").waitFor();
  await until("the drivers", async () => (await ask(base, "/api/v1/node/load")).devices.backend !== undefined);
  const { devices } = await ask(base, "/api/v1/node/load");
  const [adapter] = devices.adapters;
  await gauge.getByText(adapter === undefined ? "No graphics adapter" : adapter.name).waitFor();
  await gauge.getByText("A step may be granted 2.0 GiB").waitFor();

  const { run } = await ask(base, "/api/v1/runs", { document: WORK });
  await gauge.getByText(/[KM]iB of 64\.0 MiB, 1 open/).waitFor({ timeout: 100_000 });
  const { samples } = await ask(base, "/api/v1/node/load");
  check(samples.at(-1).deviceMemoryBytes >= 9_472, "a network of two layers takes more");
  await look(page, "overview-devices");
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, "overview-devices-phone");

  await ask(base, `/api/v1/runs/${run}/cancel`, {});
  await gauge.getByText("none open").waitFor();
});
