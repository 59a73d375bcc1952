"""A node that ends sessions that are idle for two seconds: those that work or are connected stay."""

import time

from session import Socket, ok, rest, start

idle, working, connected, paused = start(), start(), start(), start()
assert rest("POST", f"/api/v1/sessions/{paused}/pause")[0] == 200
held = Socket(connected)
gone = Socket(working)
# Nobody is connected while this runs.
gone.send("execute_request", {"code": "import time\nuntil = time.time() + 20\nwhile time.time() < until: pass\ndone = 1", "silent": False})
while gone.receive()["header"]["msg_type"] != "execute_input":
    pass
gone.connection.close()
ended = time.monotonic() + 60
while rest("GET", f"/api/kernels/{idle}")[0] == 200:
    assert time.monotonic() < ended, "the idle session is still there"
    time.sleep(0.5)
ok("idle")

left = {one["id"]: one["state"] for one in rest("GET", "/api/v1/sessions")[1]["items"]}
assert left == {working: "busy", connected: "idle", paused: "paused"}, left
ok("others")

while rest("GET", f"/api/kernels/{working}")[0] == 200:
    assert time.monotonic() < ended, "the session that has done its work is still there"
    time.sleep(0.5)
assert rest("GET", f"/api/kernels/{connected}")[0] == 200
ok("done")
