"""A client that was away: it hears what cells said meanwhile, once, and answers what they still ask."""

import time

from session import Socket, ok, rest, start

kernel = start()

gone = Socket(kernel)
first = gone.send("execute_request", {"code": "x = 1\nprint('first')"})
asked = gone.send("execute_request", {"code": "import time\nprint('begun')\ntime.sleep(1)\nprint(input('who? '))", "allow_stdin": True})
while gone.receive()["content"].get("text") != "begun\n":
    pass
gone.connection.close()
time.sleep(2)


def kinds_until(socket, wanted):
    """What is heard of the two cells, up to a message of this kind."""
    heard = []
    while not heard or heard[-1][1] != wanted:
        message = socket.receive()
        parent = message["parent_header"].get("msg_id")
        if parent in (first, asked):
            heard.append((parent, message["header"]["msg_type"], message["content"]))
    return heard


back = Socket(kernel, replay=True)
heard = kinds_until(back, "input_request")
assert [kind for parent, kind, _ in heard if parent == first] == ["execute_input", "stream", "status"], heard
assert [kind for parent, kind, _ in heard if parent == asked] == ["execute_input", "stream", "input_request"], heard
ok("replayed")

back.send("input_reply", {"status": "ok", "value": "me"}, "stdin")
rest_of_it = kinds_until(back, "status")
assert [content.get("text") for _, kind, content in rest_of_it if kind == "stream"] == ["me\n"], rest_of_it
ok("answered")

third = Socket(kernel, replay=True)
heard = kinds_until(third, "status") + kinds_until(third, "status")
assert "input_request" not in [kind for _, kind, _ in heard], heard
plain = Socket(kernel)
found, reply = plain.run("x")
assert [kind for kind, _ in found] == ["status", "execute_input", "execute_result"], found
ok("not-asked-again")

status, variables = rest("GET", f"/api/kernels/{kernel}/variables")
assert status == 200 and {"name": "x", "type": "int", "summary": "1"} in variables, (status, variables)
assert rest("GET", "/api/kernels/00000000-0000-4000-8000-000000000000/variables")[0] == 404
ok("variables")
