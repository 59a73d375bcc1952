"""Sessions paused and resumed: what survives, what is told, and who resumes."""

import time

from session import Socket, ok, plain, rest, start

kernel = start()
socket = Socket(kernel)
assert socket.run(
    """
import math, threading, collections
rows = [1, 2]
same = rows
_private = 'kept'
Point = collections.namedtuple('Point', 'x y')
class Counter:
    made = 0
    def __init__(self): Counter.made += 1
    def more(self): return self.made + step
step = 10
counter = Counter()
def total():
    while len(rows) < 0: pass
    return sum(rows) * step
lock = threading.Lock()
def forever():
    while True: pass
numbers = (number for number in rows)
open('own.txt', 'w').write('file')
large = bytes(range(256)) * (80 << 10)
"""
)[1]["status"] == "ok"
before = socket.run("0")[1]["execution_count"]
status, paused = rest("POST", f"/api/v1/sessions/{kernel}/pause")
assert status == 200 and paused["state"] == "paused" and paused["paused"]["sizeBytes"] > 0, (status, paused)
lost = {one["name"]: one["kind"] for one in paused["paused"]["lost"]}
assert lost == {"lock": "lock", "numbers": "generator"}, paused
ok("paused")

status, all = rest("GET", "/api/v1/sessions")
assert [(one["id"], one["state"]) for one in all["items"]] == [(kernel, "paused")], all
status, all = rest("GET", "/api/kernels")
assert [(one["id"], one["execution_state"]) for one in all] == [(kernel, "unknown")], all
assert rest("POST", f"/api/v1/sessions/{kernel}/pause")[0] == 200
ok("listed")

# A client that connects resumes it.
socket = Socket(kernel)
heard, reply = socket.run("rows.append(3)\nsame is rows, total(), counter.more(), _private, math.pi > 3, open('own.txt').read(), len(large), large[-1]")
assert plain(heard) == "(True, 60, 11, 'kept', True, 'file', 20971520, 255)", (heard, reply)
assert reply["execution_count"] == before + 1, reply
heard, reply = socket.run("step = 1\ntotal(), Counter().more(), isinstance(counter, Counter), Point(1, 2)")
assert plain(heard) == "(6, 3, True, Point(x=1, y=2))", (heard, reply)
heard, reply = socket.run("lock")
assert reply["ename"] == "NameError", reply
ok("resumed")

# Loops of functions that came back can be interrupted, and their tracebacks show the line.
asked = socket.send("execute_request", {"code": "forever()", "silent": False})
while socket.receive()["header"]["msg_type"] != "execute_input":
    pass
# The loop turns by now.
time.sleep(1)
assert rest("POST", f"/api/v1/sessions/{kernel}/pause")[0] == 409
assert rest("POST", f"/api/kernels/{kernel}/interrupt")[0] == 204
while True:
    message = socket.receive()
    if message["header"]["msg_type"] == "execute_reply":
        assert message["content"]["ename"] == "KeyboardInterrupt", message
        assert any("while True: pass" in line for line in message["content"]["traceback"]), message
        break
ok("busy")

assert rest("POST", f"/api/v1/sessions/{kernel}/pause")[0] == 200
assert rest("POST", f"/api/v1/sessions/{kernel}/resume")[1]["state"] == "idle"
assert rest("POST", f"/api/v1/sessions/{kernel}/pause")[0] == 200
assert rest("DELETE", f"/api/v1/sessions/{kernel}")[0] == 204
assert rest("POST", f"/api/v1/sessions/{kernel}/resume")[0] == 404
assert rest("GET", "/api/v1/sessions")[1]["items"] == []
ok("given-up")
