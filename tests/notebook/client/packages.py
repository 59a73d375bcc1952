"""Packages that a session installs: from the node's index, for itself alone, wheels without native code only."""

from session import Socket, ok, rest, start, text

kernel = start()
socket, neighbour = Socket(kernel), Socket(start())


heard, reply = socket.run(
    "%pip install -q python-dateutil==2.9.0.post0\nfrom dateutil.relativedelta import relativedelta\nrelativedelta(months=13).years"
)
assert reply["status"] == "ok", reply
assert heard[-1][1]["data"]["text/plain"] == "1", heard
assert "python-dateutil 2." in text(heard) and "six 1." in text(heard), heard
ok("installed")

heard, reply = socket.run("!pip install six")
assert reply["status"] == "ok" and "already" in text(heard), (heard, reply)
ok("again")

assert rest("POST", f"/api/kernels/{kernel}/restart")[0] == 200
heard, reply = socket.run("import dateutil; dateutil.__name__")
assert reply["status"] == "ok", reply
ok("restarted")

socket.run("reached = False")
heard, reply = socket.run("%pip install numpy\nreached = True")
assert reply["ename"] == "InstallFailed" and "numpy" in reply["evalue"], reply
heard, reply = socket.run("reached")
assert heard[-1][1]["data"]["text/plain"] == "False", heard
ok("native")

heard, reply = socket.run("%pip install no-such-package-of-this-name-anywhere")
assert reply["ename"] == "InstallFailed", reply
ok("unknown")

heard, reply = socket.run("%pip install --index-url http://127.0.0.1/ six")
assert reply["ename"] == "InstallRefused" and "--index-url" in reply["evalue"], reply
ok("options")

for code in [
    "open('/packages/0/new.py', 'w')",
    "import os; os.remove('/packages/0/' + os.listdir('/packages/0')[0])",
    "import os; os.rename('/packages/0', '/packages/9')",
    "import os, six; open(six.__file__, 'a')",
]:
    heard, reply = socket.run(code)
    assert reply["status"] == "error" and reply["ename"] in ("PermissionError", "OSError"), (code, reply)
ok("read-only")

heard, reply = neighbour.run("import os, dateutil")
assert reply["ename"] in ("ModuleNotFoundError", "ImportError"), reply
ok("alone")
