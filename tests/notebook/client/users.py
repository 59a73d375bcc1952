"""Two users of one node: neither uses the other's session, and the code of a session finds nothing of the other's."""

import sys

import websocket

from session import Socket, ok, plain, rest, start, text

ada, bob = sys.argv[2:4]
PIPELINE = """
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: copying }
spec:
  parameters: { input: { type: artifact } }
  steps:
    copy: { component: 'programs/handles:1', function: copy-artifact, arguments: { input: '${parameters.input}' }, cache: false }
"""
BEGIN = f"""
import sandmill
PIPELINE = {PIPELINE!r}
given = sandmill.upload(CONTENT)
begun = sandmill.submit(PIPELINE, {{'input': given}}).watch()
begun.id, given.digest, begun.output('copy').digest, begun.output('copy').text()
"""


def run(socket, code):
    heard, reply = socket.run(code)
    assert reply["status"] == "ok", (code, reply)
    return heard


hers = start(ada)
heard = run(Socket(hers, token=ada), "CONTENT = 'of ada alone'\n" + BEGIN)
job, given, made, content = eval(plain(heard))
assert content == "of ada alone", heard

his = start(bob)
for method, path in [
    ("GET", f"/api/kernels/{hers}"),
    ("GET", f"/api/kernels/{hers}/variables"),
    ("POST", f"/api/kernels/{hers}/interrupt"),
    ("POST", f"/api/kernels/{hers}/restart"),
    ("DELETE", f"/api/kernels/{hers}"),
    ("POST", f"/api/v1/sessions/{hers}/pause"),
    ("DELETE", f"/api/v1/sessions/{hers}"),
]:
    status, refused = rest(method, path, None, bob)
    assert status == 403 and "SM0707" in str(refused), (method, path, status, refused)
for token in (bob, None):
    try:
        Socket(hers, token=token)
    except websocket.WebSocketBadStatusException as error:
        assert error.status_code == (401 if token is None else 403), error
    else:
        raise AssertionError("somebody else is connected to a session")
assert [one["id"] for one in rest("GET", "/api/kernels", None, bob)[1]] == [his]
# The notebook's file is everybody's, and the session in it each user's own.
body = {"path": "shared.ipynb", "type": "notebook", "kernel": {"id": hers}}
assert rest("POST", "/api/sessions", body, ada)[0] == 201
assert rest("POST", "/api/sessions", body, bob)[0] == 403
status, model = rest("POST", "/api/sessions", {**body, "kernel": {"name": "python3"}}, bob)
assert status == 201 and model["id"] != hers, model
assert rest("DELETE", f"/api/sessions/{model['id']}", None, bob)[0] == 204
ok("sessions")

# Outside of sessions members read everybody's runs, and end none but their own.
assert rest("GET", f"/api/v1/runs/{job}", None, bob)[0] == 200
for verb in ("cancel", "retry"):
    status, refused = rest("POST", f"/api/v1/runs/{job}/{verb}", None, bob)
    assert status == 403 and refused["errors"][0]["code"] == "SM0707", refused
ok("changed")

bobs = Socket(his, token=bob)
heard = run(bobs, "import sandmill\nlen(sandmill.runs()), len(sandmill.jobs()), len(sandmill.artifacts())")
assert plain(heard) == "(0, 0, 0)", heard
heard = run(bobs, "CONTENT = 'of bob alone'\n" + BEGIN)
assert eval(plain(heard))[3] == "of bob alone", heard
heard = run(bobs, "len(sandmill.runs()), len(begun.artifacts()), given.text(), sandmill.artifact(given.digest).text()")
assert plain(heard) == "(1, 1, 'of bob alone', 'of bob alone')", heard
ok("own")

for code in [
    f"sandmill.run('{job}')",
    f"sandmill.artifact('{given}')",
    f"sandmill.artifact('{made}')",
    *[f"sandmill.ask('GET', '/api/v1/runs/{job}{part}')" for part in ("", "/plan", "/document", "/steps/copy", "/metrics", "/logs")],
    f"sandmill.ask('GET', '/api/v1/artifacts/{made}/content')",
    f"sandmill.ask('GET', '/api/v1/artifacts/{made.replace(':', '%3A')}/content')",
    f"sandmill.ask('POST', '/api/v1/runs/{job}/cancel')",
    f"sandmill.ask('POST', '/api/v1/runs/{job}/retry')",
]:
    heard, reply = bobs.run(code)
    assert reply["status"] == "error" and "SM0707" in reply["evalue"], (code, reply)
heard = run(bobs, f"sandmill.ask('GET', '/api/v1/artifacts', run='{job}')['items']")
assert plain(heard) == "[]", heard
ok("read")

# Nor does a step or a job of his get to see it.
reference = rest("GET", f"/api/v1/artifacts/{made}", None, ada)[1]
reference = {key: reference[key] for key in ("digest", "kind", "mediaType", "sizeBytes", "metadata") if key in reference}
for parameter in ({"artifact": reference}, {"list": [{"artifact": reference}]}):
    heard, reply = bobs.run(f"sandmill.ask('POST', '/api/v1/runs', {{'document': PIPELINE, 'parameters': {{'input': {parameter!r}}}}})")
    assert reply["status"] == "error" and "SM0707" in reply["evalue"], (parameter, reply)
JOB = f"""
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: {{ name: line }}
spec: {{ component: 'programs/train-line:1', dataSets: {{ train: {{ digest: '{made}' }} }} }}
"""
heard, reply = bobs.run(f"sandmill.train({JOB!r})")
assert reply["status"] == "error" and "SM0707" in reply["evalue"], reply
ok("handed")

# Sessions are not asked for by code, and no name that it brings makes it somebody else.
for code, error in [
    (f"sandmill.ask('GET', '/api/v1/sessions/{hers}')", "SM0302"),
    (f"sandmill.ask('POST', '/api/v1/sessions/{hers}/pause')", "SM0302"),
    ("sandmill.ask('GET', '/api/v1/schedules')", "SM0302"),
    ("sandmill.ask('POST', '/api/v1/login', {'token': 'x' * 16})", "SM0302"),
    (f"sandmill.ask('GET', '/api/kernels/{hers}')", "SM0701"),
    (f"sandmill.ask('GET', '/api/v1/runs/{job}?token={ada}')", "SM07"),
]:
    heard, reply = bobs.run(code)
    assert reply["status"] == "error" and error in reply["evalue"], (code, reply)
# What he made himself is his, also where she had made the same before.
heard = run(bobs, "CONTENT = 'of ada alone'\n" + BEGIN)
assert eval(plain(heard))[2:] == (made, "of ada alone"), heard
ok("around")
