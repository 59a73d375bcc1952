"""The module `sandmill` in a session that was granted less than it asks for, and ways around that."""

import sys

from session import Socket, ok, plain, rest, start

granted = sys.argv[2]
socket = Socket(start())
heard, reply = socket.run("import sandmill, os\ntry:\n    sandmill.runs()\nexcept sandmill.PlatformError as error:\n    print(error.code, error.hint)")
assert reply["status"] == "ok", reply
if granted == "none":
    assert "SM0302" in heard[-1][1]["text"] and "--notebook-platform read" in heard[-1][1]["text"], heard
else:
    heard, reply = socket.run("len(sandmill.runs()), sandmill.ask('GET', '/api/v1/node')['version'] != ''")
    assert plain(heard) == "(0, True)", (heard, reply)
ok("reading")

for code in [
    "sandmill.submit('x')",
    "sandmill.train('x')",
    "sandmill.upload('x')",
    "sandmill.call('http://127.0.0.1/')",
    "sandmill.ask('POST', '/api/v1/runs', {})",
    "sandmill.ask('POST', '/api/v1/notebooks:run', {'notebook': {}})",
]:
    heard, reply = socket.run(code)
    assert reply["ename"].endswith("PlatformError") and "SM0302" in reply["evalue"], (code, reply)
heard, reply = socket.run("sandmill.ask('DELETE', '/api/v1/sessions/x')")
assert reply["ename"] == "ValueError", reply
ok("starting")

# More than the node lets sessions have is not given to who asks for it.
status, refused = rest("POST", "/api/v1/sessions", {"platform": "submit"})
assert status == 403 and "SM0302" == refused["errors"][0]["code"], (status, refused)
status, session = rest("POST", "/api/v1/sessions", {"platform": "none"})
assert status == 201 and session["platform"] == "none", (status, session)
heard, reply = Socket(session["id"]).run("import sandmill\nsandmill.runs()")
assert "SM0302" in reply["evalue"], reply
ok("asked")

# What the module stands on leads nowhere else: no files, no network, no variables of the node's.
for code in [
    "open('/data')",
    "open('/../paused')",
    "os.listdir('/..') == os.listdir('/') or 1/0\nopen('../../paused')",
    "import socket; socket.create_connection(('127.0.0.1', 80))",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1/')",
    "os.environ['HOME']",
]:
    heard, reply = socket.run(code)
    assert reply["status"] == "error" and reply["ename"] != "ZeroDivisionError", (code, reply)
ok("around")
