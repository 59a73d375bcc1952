// What waits for a login, and what does not.
// Never asks a node: what it answers is written down here.

import { afterEach, expect, test, vi } from "vitest";
import type { Login } from "../api/types";

const ADA: Login = { user: "ada", role: "member", expiresAtMillis: 1 };

/** A node that knows nobody until it is told to, and the gate before it as a page that was just opened has it. */
async function opened(): Promise<{ gate: typeof import("./gate"); letIn: () => void; asked: string[] }> {
  vi.resetModules();
  const asked: string[] = [];
  let known = false;
  const body = async (input: RequestInfo | URL, init?: RequestInit): Promise<string> =>
    input instanceof Request ? `${input.url} ${await input.text()}` : `${String(input)} ${typeof init?.body === "string" ? init.body : ""}`;
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push((await body(input, init)).trim());
    return new Response(known ? JSON.stringify(ADA) : "", { status: known ? 200 : 401 });
  });
  return { gate: await import("./gate"), letIn: () => (known = true), asked };
}

afterEach(() => vi.unstubAllGlobals());

test("what is refused for want of a login waits and is asked again, with its body", async () => {
  const { gate, letIn, asked } = await opened();
  gate.set({ is: "in", login: ADA });
  const made = gate.fetchSignedIn(new Request("http://node/a", { method: "POST", body: "one" }));
  const plain = gate.fetchSignedIn("/b", { method: "PUT", body: "two" });
  await vi.waitFor(() => expect(gate.isHolding()).toBe(true));
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(gate.read()).toEqual({ is: "over", login: ADA, aside: false });
  letIn();
  gate.release(ADA);
  expect((await made).status).toBe(200);
  expect((await plain).status).toBe(200);
  expect(asked.slice(2).sort()).toEqual(["/b two", "http://node/a one"]);
  expect(gate.isHolding()).toBe(false);
});

test("a refusal that comes after the next login ends nothing", async () => {
  const { gate, letIn, asked } = await opened();
  gate.set({ is: "in", login: ADA });
  const late = gate.fetchSignedIn("/late");
  letIn();
  gate.release(ADA);
  expect((await late).status).toBe(200);
  expect(gate.read()).toEqual({ is: "in", login: ADA });
  expect(asked.length).toBeLessThanOrEqual(2);
});

test("a page that nobody signed in to is asked for a token, and one of a node without users is not", async () => {
  const stranger = await opened();
  await stranger.gate.begin();
  expect(stranger.gate.read()).toEqual({ is: "out" });
  stranger.letIn();
  await stranger.gate.begin();
  expect(stranger.gate.read()).toEqual({ is: "in", login: ADA });
});
