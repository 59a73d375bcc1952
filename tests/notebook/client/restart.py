"""Sessions before a node is killed and after it was started again."""

import sys

from session import Socket, ok, plain, rest, start

when, *sessions = sys.argv[2:]

if when == "before":
    status, session = rest("POST", "/api/sessions", {"path": "a/b.ipynb", "name": "b", "type": "notebook", "kernel": {"name": "python3"}})
    assert status == 201, session
    paused, working = session["kernel"]["id"], start()
    socket = Socket(paused)
    assert socket.run("kept = {'a': 1}\ndef more(): return kept['a'] + 1")[1]["status"] == "ok"
    assert Socket(working).run("gone = 1")[1]["status"] == "ok"
    assert rest("POST", f"/api/v1/sessions/{paused}/pause")[0] == 200
    print("sessions", paused, working)

if when == "after":
    paused, working = sessions
    status, all = rest("GET", "/api/v1/sessions")
    assert [(one["id"], one["state"], one["platform"]) for one in all["items"]] == [(paused, "paused", "read")], all
    assert rest("GET", f"/api/kernels/{working}")[0] == 404
    ok("listed")
    status, session = rest("POST", "/api/sessions", {"path": "a/b.ipynb", "kernel": {"name": "python3"}})
    assert status == 201 and session["kernel"]["id"] == paused, (session, paused)
    ok("found")
    socket = Socket(paused)
    heard, reply = socket.run("kept, more()")
    assert plain(heard) == "({'a': 1}, 2)" and reply["execution_count"] == 2, (heard, reply)
    ok("resumed")
    assert socket.run("kept = 'changed since'")[1]["status"] == "ok"
    ok("crashed")

if when == "again":
    paused, _ = sessions
    heard, reply = Socket(paused).run("kept")
    assert plain(heard) == "{'a': 1}", (heard, reply)
    ok("earlier")
    assert rest("DELETE", f"/api/v1/sessions/{paused}")[0] == 204
    assert rest("GET", "/api/v1/sessions")[1]["items"] == []
    ok("given-up")
