"""A node that pauses sessions that are idle for two seconds: those that work stay, and whoever is connected goes on."""

import time

from session import Socket, ok, plain, rest, start, text


def state(kernel):
    status, session = rest("GET", f"/api/v1/sessions/{kernel}")
    return session["state"] if status == 200 else None


def wait_until(kernel, wanted):
    ended = time.monotonic() + 120
    while state(kernel) != wanted:
        assert time.monotonic() < ended, f"{kernel} is {state(kernel)} and should be {wanted}"
        time.sleep(0.2)


idle, working, connected = start(), start(), start()
held = Socket(connected)
held.run("rows = [1, 2]\nnumbers = (row for row in rows)\nprint('before')")
gone = Socket(working)
# Nobody is connected while this runs.
gone.send("execute_request", {"code": "import time\nuntil = time.time() + 20\nwhile time.time() < until: pass\ndone = 1", "silent": False})
while gone.receive()["header"]["msg_type"] != "execute_input":
    pass
gone.connection.close()
wait_until(idle, "paused")
wait_until(connected, "paused")
ok("idle")

assert state(working) == "busy"
wait_until(working, "paused")
socket = Socket(working)
assert plain(socket.run("done")[0]) == "1"
ok("others")

# The connection is still the same, and what is lost is told in the first cell.
heard, reply = held.run("rows.append(3)\nrows")
assert reply["status"] == "ok" and plain(heard) == "[1, 2, 3]", (heard, reply)
assert "numbers (generator)" in text(heard), heard
assert state(connected) == "idle"
heard, reply = held.run("numbers")
assert reply["ename"] == "NameError" and "paused" not in text(heard), (heard, reply)
# What was said before the pause is still told to who comes back.
again = Socket(connected, replay=True)
while True:
    message = again.receive()
    if message["header"]["msg_type"] == "stream" and message["content"]["text"] == "before\n":
        break
ok("resumed")

# A session that is ended while it is paused is over for whoever is connected.
again.connection.close()
wait_until(connected, "paused")
assert rest("DELETE", f"/api/kernels/{connected}")[0] == 204
while True:
    message = held.receive()
    if message["header"]["msg_type"] == "status" and message["content"]["execution_state"] == "dead":
        break
ok("done")
