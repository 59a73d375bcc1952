"""What the scripts share: the node's address, a kernel of their own, and one WebSocket spoken by hand."""

import json
import sys
import time
import urllib.request
import uuid

import websocket

URL = sys.argv[1]
# A node that was just given its kernel compiles it before the first answer, on a machine that is busy.
REQUEST_SECONDS_MAX = 300


def bearer(token):
    """The header by which a user asks; none at a node that tells nobody apart."""
    return {} if token is None else {"Authorization": f"Bearer {token}"}


def rest(method, path, body=None, token=None):
    """One request to the REST interface; its status and its answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json", **bearer(token)}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=REQUEST_SECONDS_MAX) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        text = error.read()
        return error.code, json.loads(text) if text else None


def start(token=None, kernel="python3"):
    status, model = rest("POST", "/api/kernels", {"name": kernel}, token)
    assert status == 201, (status, model)
    return model["id"]


def wait_for_the_first_kernel():
    """For clients that do not wait as long as a node may take to compile its kernel, which it does once."""
    kernel = start()
    ended = time.monotonic() + REQUEST_SECONDS_MAX
    while rest("GET", f"/api/kernels/{kernel}")[1]["execution_state"] == "starting":
        assert time.monotonic() < ended, "the kernel is not there"
        time.sleep(0.2)
    assert rest("DELETE", f"/api/kernels/{kernel}")[0] == 204


class Socket:
    """The channels of a kernel, without a library between."""

    def __init__(self, kernel, protocols=None, replay=False, token=None):
        address = URL.replace("http", "ws") + f"/api/kernels/{kernel}/channels?session_id=by-hand&replay={str(replay).lower()}"
        self.connection = websocket.create_connection(address, timeout=120, subprotocols=protocols, header=bearer(token))

    def send(self, kind, content, channel="shell"):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": "by-hand", "username": "", "version": "5.4"}
        message = {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.connection.send(json.dumps(message))
        return header["msg_id"]

    def receive(self):
        return json.loads(self.connection.recv())

    def run(self, code, allow_stdin=False):
        """Runs a cell; everything that came of it, in order, and its reply."""
        asked = self.send("execute_request", {"code": code, "silent": False, "allow_stdin": allow_stdin})
        heard, reply, idle = [], None, False
        while reply is None or not idle:
            message = self.receive()
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind = message["header"]["msg_type"]
            if kind == "execute_reply":
                reply = message["content"]
            elif kind == "status" and message["content"]["execution_state"] == "idle":
                idle = True
            else:
                heard.append((kind, message["content"]))
        return heard, reply


def text(heard):
    """All that was printed."""
    return "".join(content["text"] for kind, content in heard if kind == "stream")


def plain(heard):
    """The value of the cell, as text."""
    return heard[-1][1]["data"]["text/plain"]


def ok(part):
    print(f"ok {part}", flush=True)
