"""How long a session of a notebook takes, as a client of Jupyter's server sees it: one script for every server.

Arguments: address of a server, or `ipykernel` to start Jupyter's own; sessions to begin; cells to run; turns of the
loop; result file.
"""

import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

import websocket

TOKEN = "bench"
READY_SECONDS_MAX = 60
WARM_UP = 20
# The same loop in the cell itself, and in code that the cell compiles, which nothing watches.
LOOP = """
import time
begun = time.perf_counter()
total = 0
for number in range({turns}):
    total += number & 7
spent = time.perf_counter() - begun
"""


class Session:
    def __init__(self, url, name):
        self.url = url
        self.id = request(url, "POST", "/api/kernels", {"name": name})["id"]
        address = url.replace("http", "ws", 1) + f"/api/kernels/{self.id}/channels?session_id=bench&token={TOKEN}"
        self.socket = websocket.create_connection(
            address, timeout=120, suppress_origin=True, sockopt=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        )

    def run(self, code):
        """Runs a cell and waits for everything that comes of it; the text of its value."""
        asked = uuid.uuid4().hex
        header = {"msg_id": asked, "msg_type": "execute_request", "session": "bench", "username": "", "version": "5.4"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message))
        value, replied, idle = None, False, False
        while not (replied and idle):
            heard = json.loads(self.socket.recv())
            if heard["parent_header"].get("msg_id") != asked:
                continue
            kind, content = heard["header"]["msg_type"], heard["content"]
            if kind == "execute_result":
                value = content["data"]["text/plain"]
            elif kind == "error":
                raise RuntimeError("\n".join(content["traceback"]))
            elif kind == "execute_reply":
                replied = True
            elif kind == "status":
                idle = content["execution_state"] == "idle"
        return value

    def end(self):
        self.socket.close()
        request(self.url, "DELETE", f"/api/kernels/{self.id}")


def request(url, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"token {TOKEN}"}
    with urllib.request.urlopen(urllib.request.Request(url + path, data, headers, method=method), timeout=120) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def jupyter_server(folder):
    """Jupyter's own server on a free port, once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={TOKEN}", "--allow-root", "--no-browser"]
    command = [sys.executable, "-m", "jupyter_server", f"--port={port}", "--ServerApp.port_retries=0", *options]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    give_up = time.monotonic() + READY_SECONDS_MAX
    while True:
        try:
            request(url, "GET", "/api/kernelspecs")
            return server, url
        except OSError:
            if time.monotonic() > give_up or server.poll() is not None:
                server.kill()
                raise
            time.sleep(0.1)


def measure(url, sessions, cells, turns):
    # What the first session of a server loads is not what a session takes.
    Session(url, "python3").end()
    begun_millis, trip_millis = [], []
    for _ in range(sessions):
        begun = time.perf_counter()
        session = Session(url, "python3")
        value = session.run("6 * 7")
        begun_millis.append(1000 * (time.perf_counter() - begun))
        assert value == "42", value
        session.end()
    session = Session(url, "python3")
    session.run("x = 1")
    for cell in range(cells + WARM_UP):
        begun = time.perf_counter()
        value = session.run("x + 1")
        if cell >= WARM_UP:
            trip_millis.append(1000 * (time.perf_counter() - begun))
        assert value == "2", value
    loop = LOOP.format(turns=turns)
    watched = min(float(session.run(loop + "spent")) for _ in range(3))
    unwatched = min(float(session.run(f"scope = {{}}\nexec({loop!r}, scope)\nscope['spent']")) for _ in range(3))
    session.end()
    return {
        "begun_millis": begun_millis,
        "trip_millis": trip_millis,
        "loop_millis": 1000 * watched,
        "unwatched_loop_millis": 1000 * unwatched,
    }


def main():
    url, sessions, cells, turns, result = sys.argv[1:]
    server, version = None, ""
    with tempfile.TemporaryDirectory() as folder:
        try:
            if url == "ipykernel":
                import ipykernel

                version = ipykernel.__version__
                server, url = jupyter_server(folder)
            measured = measure(url, int(sessions), int(cells), int(turns))
        finally:
            if server is not None:
                server.terminate()
                server.wait()
    with open(result, "w") as file:
        json.dump({"version": version, **measured}, file)


main()
