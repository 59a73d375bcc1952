// @jupyterlab/services, the client inside JupyterLab and others, against the node.
// Never a browser: the same package runs in Node, with `ws` as its WebSocket.

import assert from "node:assert/strict";
import process from "node:process";

import { KernelManager, KernelSpecManager, ServerConnection, SessionManager } from "@jupyterlab/services";
import WebSocket from "ws";

const WAIT_MILLIS_MAX = 60_000;
// Which form of frames the server chose.
const protocols = new Set();

class NotingWebSocket extends WebSocket {
  constructor(address, wanted, options) {
    super(address, wanted, options);
    this.once("open", () => protocols.add(this.protocol));
  }
}

const baseUrl = `${process.argv[2]}/`;
const serverSettings = ServerConnection.makeSettings({
  baseUrl,
  wsUrl: baseUrl.replace("http", "ws"),
  token: process.argv[3] ?? "any",
  appendToken: true,
  WebSocket: NotingWebSocket,
});

function ok(part) {
  console.log(`ok ${part}`);
}

// Runs a cell; everything that came of it, and its reply.
async function run(kernel, code, answer) {
  const future = kernel.requestExecute({ code, allow_stdin: answer !== undefined });
  const heard = [];
  future.onIOPub = (message) => heard.push([message.header.msg_type, message.content]);
  future.onStdin = (message) => {
    assert.equal(message.header.msg_type, "input_request");
    kernel.sendInputReply({ status: "ok", value: answer }, message.header);
  };
  const reply = await future.done;
  return { heard, reply: reply.content };
}

function value({ heard, reply }) {
  assert.equal(reply.status, "ok", JSON.stringify(reply));
  return heard.find(([kind]) => kind === "execute_result")[1].data["text/plain"];
}

async function main() {
  const specs = new KernelSpecManager({ serverSettings });
  await specs.ready;
  assert.equal(specs.specs.default, "python3");
  ok("kernelspecs");

  const kernels = new KernelManager({ serverSettings });
  const sessions = new SessionManager({ kernelManager: kernels, serverSettings });
  await sessions.ready;
  const session = await sessions.startNew({ name: "a.ipynb", path: "a.ipynb", type: "notebook", kernel: { name: "python3" } });
  const { kernel } = session;
  const info = await kernel.info;
  assert.equal(info.language_info.name, "python");
  await sessions.refreshRunning();
  assert.ok([...sessions.running()].some((model) => model.id === session.id && model.kernel.id === kernel.id));
  ok("session");

  await run(kernel, "x = 41");
  const added = await run(kernel, "print('said')\nx + 1");
  assert.equal(value(added), "42");
  const kinds = added.heard.map(([kind, content]) => content.execution_state ?? kind);
  assert.deepEqual(kinds, ["busy", "execute_input", "stream", "execute_result", "idle"]);
  ok("order");

  assert.ok(protocols.has("v1.kernel.websocket.jupyter.org"), [...protocols].join());
  ok("framing");

  assert.equal(value(await run(kernel, "input('name? ')", "Ada")), "'Ada'");
  ok("stdin");

  await run(kernel, "kept = 'kept'");
  const completed = await kernel.requestComplete({ code: "kep", cursor_pos: 3 });
  assert.deepEqual(completed.content.matches, ["kept"]);
  const inspected = await kernel.requestInspect({ code: "len", cursor_pos: 3, detail_level: 0 });
  assert.ok(inspected.content.found && inspected.content.data["text/plain"].includes("len"));
  const complete = await kernel.requestIsComplete({ code: "for i in range(3):" });
  assert.equal(complete.content.status, "incomplete");
  ok("completion");

  setTimeout(() => kernel.interrupt(), 1_000);
  const stopped = await run(kernel, "while True: pass");
  assert.equal(stopped.reply.ename, "KeyboardInterrupt");
  assert.equal(value(await run(kernel, "kept")), "'kept'");
  ok("interrupt");

  await kernel.restart();
  const gone = await run(kernel, "kept");
  assert.equal(gone.reply.ename, "NameError");
  ok("restart");

  await session.setPath("b.ipynb");
  await sessions.refreshRunning();
  assert.ok([...sessions.running()].some((model) => model.path === "b.ipynb"));
  await session.shutdown();
  await kernels.refreshRunning();
  assert.ok(![...kernels.running()].some((model) => model.id === kernel.id));
  ok("shutdown");
}

setTimeout(() => {
  console.error("it hangs");
  process.exit(1);
}, WAIT_MILLIS_MAX).unref();
await main();
// Managers poll for ever.
process.exit(0);
