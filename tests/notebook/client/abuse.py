"""What goes wrong in a session, by accident or on purpose, while a neighbour goes on."""

import struct

from session import Socket, ok, rest, start

neighbour = Socket(start())
neighbour.run("mine = 'untouched'")
kernel = start()
socket = Socket(kernel)

for junk in ["", "{", "[]", "null", '{"header": 1}', "\x00"]:
    socket.connection.send(junk)
for junk in [b"", b"\xff" * 64, struct.pack("<QQ", 7, 2**63), struct.pack(">II", 2, 2**31)]:
    socket.connection.send_binary(junk)
socket.send("no_such_request", {})
heard, reply = socket.run("1 + 1")
assert reply["status"] == "ok", reply
ok("frames")

heard, reply = socket.run("for i in range(40): print('x' * 1_000_000)\n'end'")
said = sum(len(content["text"]) for kind, content in heard if kind == "stream")
# What crosses the limit is dropped whole, and here a piece is a million bytes.
assert reply["status"] == "ok" and (16 << 20) - 1_100_000 <= said < 18 << 20, (reply, said)
assert "dropped" in heard[-1][1].get("text", ""), heard[-1]
ok("flood")

heard, reply = socket.run("def deep(n): return deep(n + 1)\ndeep(0)")
assert reply["status"] == "error" and reply["ename"] in ("RecursionError", "KernelEnded"), reply
heard, reply = socket.run("1")
assert reply["status"] == "ok", reply
ok("recursion")

heard, reply = socket.run("hoard = []\nwhile True: hoard.append(bytearray(1 << 20))")
assert reply["status"] == "error" and reply["ename"] in ("MemoryError", "KernelEnded"), reply
assert reply["ename"] != "KernelEnded" or "memory limit" in reply["evalue"], reply
heard, reply = socket.run("2")
assert reply["status"] == "ok", reply
ok("memory")

gone = Socket(kernel)
asked = gone.send("execute_request", {"code": "import time\ntime.sleep(1)\nleft = 'done'", "silent": False})
# Others hear of the cell once it is at work; what they ask before that overtakes it.
while socket.receive()["parent_header"].get("msg_id") != asked:
    pass
gone.connection.close()
heard, reply = socket.run("left")
assert heard[-1][1]["data"]["text/plain"] == "'done'", (heard, reply)
ok("vanished")

for code in ["open('/etc/passwd').read()", "open('../../etc/passwd').read()", "open('/proc/self/environ').read()"]:
    heard, reply = socket.run(code)
    assert reply["ename"] in ("FileNotFoundError", "PermissionError"), (code, reply)
heard, reply = socket.run("import os\nopen('own.txt', 'w').write('x')\nos.listdir('/'), dict(os.environ)")
assert reply["status"] == "ok" and "own.txt" in heard[-1][1]["data"]["text/plain"], (heard, reply)
assert "HOME" not in heard[-1][1]["data"]["text/plain"], heard
ok("files")

for code in [
    "import socket; socket.create_connection(('127.0.0.1', 80))",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1/')",
    "import subprocess; subprocess.run(['true'])",
]:
    heard, reply = socket.run(code)
    assert reply["status"] == "error", (code, reply)
ok("network")

heard, reply = neighbour.run("import os\nos.listdir('/')")
assert "own.txt" not in heard[-1][1]["data"]["text/plain"], heard
ok("others")

heard, reply = neighbour.run("mine")
assert heard[-1][1]["data"]["text/plain"] == "'untouched'", heard
assert rest("DELETE", f"/api/kernels/{kernel}")[0] == 204
assert rest("GET", f"/api/kernels/{kernel}")[0] == 404
heard, reply = neighbour.run("mine")
assert reply["status"] == "ok", reply
ok("neighbour")
