"""Who may compute with tensors: sessions where the node lends them a device, steps that were granted one. With the
argument `lent`, on a node that lends sessions one of 16 MiB."""

import json
import sys
import time
import urllib.request

import nbformat

from session import URL, Socket, ok, plain, rest, start

COMPUTE = "from sandmill.tensor import tensor, device\nx = tensor([1.5, 2.5])\n(x * x).sum().item(), device().memory_bytes"
is_lent = sys.argv[2:] == ["lent"]

if is_lent:
    heard, reply = Socket(start()).run(COMPUTE)
    assert reply["status"] == "ok" and plain(heard) == f"(8.5, {16 << 20})", (heard, reply)
    ok("lent")
    # Who asks for none gets none.
    status, session = rest("POST", "/api/v1/sessions", {"device": False})
    assert status == 201, (status, session)
    heard, reply = Socket(session["id"]).run(COMPUTE)
    assert reply["ename"].endswith("DeviceError") and "SM0302" in reply["evalue"], reply
    status, session = rest("POST", "/api/v1/sessions", {"device": True})
    assert status == 201, (status, session)
    ok("asked")
    raise SystemExit

socket = Socket(start())
heard, reply = socket.run(COMPUTE)
assert reply["ename"].endswith("DeviceError") and "SM0302" in reply["evalue"], reply
assert "--notebook-device-memory-mib" in reply["evalue"] and "granted none" in reply["evalue"], reply
heard, reply = socket.run("sum([1.5 * 1.5, 2.5 * 2.5])")
assert plain(heard) == "8.5", (heard, reply)
ok("session")

status, refused = rest("POST", "/api/v1/sessions", {"device": True})
assert status == 403 and refused["errors"][0]["code"] == "SM0302", (status, refused)
assert "--notebook-device-memory-mib" in refused["errors"][0]["hint"], refused
ok("asked")

STEP = """
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: tensors }
spec:
  parameters: { notebook: { type: artifact } }
  steps:
    compute:
      component: sandmill/run-python:0.1.0
      command:
        args: [notebook]
        inputs: { notebook: '${parameters.notebook}' }
        outputs: { notebook: application/x-ipynb+json, sum: text/plain }
"""
GRANTS = "      grants: { device: { memory: 8MiB } }\n"


def ran(document):
    """A run of the notebook as a step, once it has ended."""
    new = nbformat.v4
    *lines, value = COMPUTE.splitlines()
    source = "\n".join([*lines, f"open('/outputs/sum', 'w').write(repr(({value})))"])
    notebook = nbformat.writes(new.new_notebook(cells=[new.new_code_cell(source)]))
    request = urllib.request.Request(
        f"{URL}/api/v1/artifacts", notebook.encode(), {"Content-Type": "application/x-ipynb+json"}
    )
    with urllib.request.urlopen(request) as answer:
        artifact = {"artifact": json.load(answer)}
    status, run = rest("POST", "/api/v1/runs", {"document": document, "parameters": {"notebook": artifact}})
    assert status in (201, 202), (status, run)
    until = time.monotonic() + 120
    while time.monotonic() < until:
        detail = rest("GET", f"/api/v1/runs/{run['run']}")[1]
        if detail["status"] not in ("running", "cancelling"):
            return detail
        time.sleep(0.2)
    raise AssertionError(f"run {run['run']} does not end")


detail = ran(STEP + GRANTS)
assert detail["status"] == "succeeded", detail
made = detail["steps"][0]["outputs"]["sum"]["artifact"]["digest"]
with urllib.request.urlopen(f"{URL}/api/v1/artifacts/{made}/content") as answer:
    assert answer.read().decode() == f"(8.5, {8 << 20})"
ok("step")

detail = ran(STEP)
assert detail["status"] == "failed", detail
logs = rest("GET", f"/api/v1/runs/{detail['id']}/logs")
assert "SM0302" in json.dumps(logs) and "grants: { device" in json.dumps(logs), logs
ok("step-without")
