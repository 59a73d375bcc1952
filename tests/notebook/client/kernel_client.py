"""jupyter-kernel-client against the node: what a notebook does, cell by cell."""

import threading
import time

from jupyter_kernel_client import JupyterKernelClient

from session import URL, Socket, ok, rest, wait_for_the_first_kernel

wait_for_the_first_kernel()


def text(output):
    return output["text"] if isinstance(output["text"], str) else "".join(output["text"])


with JupyterKernelClient(server_url=URL, token="any") as kernel:
    assert kernel.execute("x = 41")["status"] == "ok"
    result = kernel.execute("x + 1")
    assert result["outputs"][0]["data"]["text/plain"] == "42", result
    assert result["execution_count"] == 2, result
    ok("state")

    result = kernel.execute("import sys\nprint('out')\nprint('err', file=sys.stderr)")
    streams = {output["name"]: text(output) for output in result["outputs"]}
    assert streams == {"stdout": "out\n", "stderr": "err\n"}, result
    ok("streams")

    result = kernel.execute(
        "class Shown:\n    def _repr_html_(self): return '<b>bold</b>'\n    def _repr_json_(self): return {'a': 1}\ndisplay(Shown())"
    )
    data = result["outputs"][0]["data"]
    assert data["text/html"] == "<b>bold</b>" and data["application/json"] == {"a": 1}, result
    ok("display")

    result = kernel.execute("def fail():\n    return 1 / 0\nfail()")
    assert result["status"] == "error", result
    error = result["outputs"][0]
    assert error["ename"] == "ZeroDivisionError" and any("return 1 / 0" in line for line in error["traceback"]), result
    ok("errors")

    kernel_id = kernel.id
    socket = Socket(kernel_id)
    asked = socket.send("execute_request", {"code": "input('name? ')", "silent": False, "allow_stdin": True})
    answered = None
    while answered is None:
        message = socket.receive()
        kind = message["header"]["msg_type"]
        if kind == "input_request":
            assert message["content"] == {"prompt": "name? ", "password": False}, message
            socket.send("input_reply", {"status": "ok", "value": "Ada"}, "stdin")
        elif kind == "execute_result":
            answered = message["content"]["data"]["text/plain"]
    assert answered == "'Ada'", answered
    heard, reply = socket.run("input()")
    assert reply["ename"] == "EOFError", reply
    ok("stdin")

    kernel.execute("kept = 'kept'")
    begun = time.monotonic()
    threading.Timer(1.0, lambda: rest("POST", f"/api/kernels/{kernel_id}/interrupt")).start()
    result = kernel.execute("while True: pass", timeout=60)
    assert result["outputs"][0]["ename"] == "KeyboardInterrupt", result
    assert time.monotonic() - begun < 30, "an interrupt takes a moment"
    assert kernel.execute("kept")["outputs"][0]["data"]["text/plain"] == "'kept'"
    ok("interrupt")

    asked = socket.send("complete_request", {"code": "kep", "cursor_pos": 3})
    while True:
        message = socket.receive()
        if message["header"]["msg_type"] == "complete_reply":
            assert message["content"]["matches"] == ["kept"], message
            break
    ok("completion")

    kernel.execute("shared = 7")
    heard, reply = socket.run("shared")
    assert ("execute_input", {"code": "shared", "execution_count": reply["execution_count"]}) == heard[1], heard
    assert heard[2][1]["data"]["text/plain"] == "7", heard
    ok("two-clients")

    status, _ = rest("POST", f"/api/kernels/{kernel_id}/restart")
    assert status == 200, status
    result = kernel.execute("kept")
    assert result["outputs"][0]["ename"] == "NameError", result
    assert result["execution_count"] == 1, result
    ok("restart")
