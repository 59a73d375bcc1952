"""A node that never compiled its kernel: sessions are there at once, and one whose kernel does not start says why."""

import time

from session import Socket, ok, plain, rest, start


def model(kernel):
    status, found = rest("GET", f"/api/kernels/{kernel}")
    assert status == 200, (status, found)
    return found


status, begun = rest("POST", "/api/kernels", {"name": "python3"})
assert status == 201 and begun["execution_state"] == "starting", (status, begun)
kernel = begun["id"]
session = rest("GET", f"/api/v1/sessions/{kernel}")[1]
assert session["state"] == "starting" and "is compiled, once on this node" in session["waitsFor"], session
ok("at-once")

# One that is ended before it has begun is gone, and holds nobody up.
other = rest("POST", "/api/kernels", {"name": "python3"})[1]["id"]
assert rest("DELETE", f"/api/kernels/{other}")[0] == 204
assert rest("GET", f"/api/kernels/{other}")[0] == 404
ok("ended")

# Clients connect and ask before there is anybody to answer.
socket = Socket(kernel)
heard, reply = socket.run("6 * 7")
assert reply["status"] == "ok" and plain(heard) == "42", (heard, reply)
assert model(kernel)["execution_state"] == "idle"
ok("answered")

status, begun = rest("POST", "/api/kernels", {"name": "programs/copy-file:1"})
assert status == 201, (status, begun)
dead = begun["id"]
ended = time.monotonic() + 120
while model(dead)["execution_state"] != "dead":
    assert time.monotonic() < ended, model(dead)
    time.sleep(0.2)
assert "no cell can be run in it" in model(dead)["reason"], model(dead)
session = rest("GET", f"/api/v1/sessions/{dead}")[1]
assert session["state"] == "dead" and "no cell can be run in it" in session["diedOf"], session
ok("dead")

socket = Socket(dead)
heard, reply = socket.run("1")
assert reply["status"] == "error" and "no cell can be run in it" in reply["evalue"], reply
assert heard[-1][0] == "error" and heard[-1][1]["evalue"] == reply["evalue"], heard
assert rest("POST", f"/api/v1/sessions/{dead}/pause")[0] != 200
assert rest("POST", f"/api/kernels/{dead}/restart")[0] not in (200, 204)
assert model(dead)["execution_state"] == "dead"
assert rest("DELETE", f"/api/kernels/{dead}")[0] == 204
assert rest("GET", f"/api/kernels/{dead}")[0] == 404
ok("told")

# What is not to be had at all is refused at once.
status, refusal = rest("POST", "/api/kernels", {"name": "programs/nowhere:1"})
assert status >= 400 and "programs/nowhere" in refusal["message"], (status, refusal)
ok("refused")
