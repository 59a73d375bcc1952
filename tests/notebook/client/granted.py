"""The module `sandmill` in a session that was granted the platform: runs and jobs started, watched and read."""

import http.server
import threading

from session import Socket, ok, plain, start, text

PIPELINE = """
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: from-a-notebook }
spec:
  parameters: { input: { type: artifact }, accuracy: { type: number, default: 0.5 } }
  steps:
    copy: { component: 'programs/handles:1', function: copy-artifact, arguments: { input: '${parameters.input}' } }
    score: { component: 'programs/handles:1', function: evaluate, arguments: { accuracy: '${parameters.accuracy}' } }
    points: { component: 'programs/talk:1', function: report, arguments: { points: 3 } }
"""
JOB = """
apiVersion: sandmill.dev/v1
kind: TrainJob
metadata: { name: line }
spec:
  component: programs/train-line:1
  settings: { steps: 4 }
  evaluateEverySteps: 2
"""

socket = Socket(start())


def run(code):
    heard, reply = socket.run(code)
    assert reply["status"] == "ok", (code, reply)
    return heard


run(f"import sandmill\nPIPELINE = {PIPELINE!r}\nJOB = {JOB!r}")
heard = run("table = sandmill.upload('a,b\\n1,x\\n2,y\\n', kind='data-set', media_type='text/csv')\ntable.rows()")
assert plain(heard) == "[{'a': '1', 'b': 'x'}, {'a': '2', 'b': 'y'}]", heard
heard = run("table.read(2, 5), [found.digest for found in sandmill.data_sets()] == [table.digest]")
assert plain(heard) == "(b'b\\n1', True)", heard
ok("uploaded")

heard = run("begun = sandmill.submit(PIPELINE, {'input': sandmill.upload('content'), 'accuracy': 0.75}, name='here').watch()")
said = text(heard)
assert "copy: succeeded" in said and "from-a-notebook: succeeded, 3 of 3 steps" in said, said
ok("watched")

heard = run("begun.output('copy').text(), begun.output('score').kind, begun.output('score').json()['scalars']")
assert plain(heard).startswith("('content', 'metrics', ") and "0.75" in plain(heard), heard
heard = run("begun.metrics()")
assert "points/" in plain(heard), heard
assert "2" in plain(run("len(begun.artifacts())")), heard
ok("read")

heard = run("job = sandmill.train(JOB).watch()\njob.status, job.model.kind, list(job.metrics())")
assert "line: succeeded, step 4" in text(heard) and plain(heard).startswith("('succeeded', 'model', "), heard
ok("trained")

heard = run("sandmill.runs()")
html = heard[-1][1]["data"]["text/html"]
assert "<table>" in html and "from-a-notebook" in html and "succeeded" in html, heard
ok("shown")

for code, error in [
    ("sandmill.submit('apiVersion: sandmill.dev/v1\\nkind: Pipeline\\nspeck: 1')", "SM01"),
    ("sandmill.artifact('sha256:' + '0' * 64)", "SM0603"),
    ("sandmill.run('no-id')", "SM0702"),
    ("sandmill.ask('POST', '/api/v1/sessions', {})", "SM0302"),
    ("sandmill.ask('GET', '/api/v1/sessions')", "SM0302"),
    ("sandmill.ask('GET', '/api/kernels')", "SM0701"),
    ("sandmill.ask('GET', '/../../etc/passwd')", "SM0701"),
    ("sandmill.ask('GET', 'http://127.0.0.1:1/api/v1/runs/../sessions')", "SM0701"),
    ("sandmill.ask('GET', 'no path')", "SM0702"),
]:
    heard, reply = socket.run(code)
    assert reply["ename"].endswith("PlatformError") and error in reply["evalue"], (code, reply)
ok("refused")


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers with what it was sent; `/away` leads to the same machine by another name."""

    def do_GET(self):
        if self.path == "/large":
            self.answer(b"x" * ((8 << 20) + 1))
        else:
            self.send_response(302)
            self.send_header("location", f"http://localhost:{self.server.server_port}/")
            self.end_headers()

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"])), 418)

    def answer(self, body, status=200):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-sent", self.headers.get("content-type") or "")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


endpoint = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=endpoint.serve_forever, daemon=True).start()
port = endpoint.server_port
heard = run(f"answer = sandmill.call('http://127.0.0.1:{port}/predict', {{'rows': [1]}})\nanswer.status, answer.json(), answer.headers['x-sent']")
assert plain(heard) == "(418, {'rows': [1]}, 'application/json')", heard
for address, more, error in [
    (f"http://localhost:{port}/", "", "SM0302"),
    (f"http://127.0.0.1:{port}/away", "", "another"),
    (f"http://127.0.0.1:{port}/large", "", "SM0705"),
    ("file:///etc/passwd", "", "SM0702"),
    (f"http://127.0.0.1:{port}/", ", headers={'Host': 'elsewhere'}", "SM0702"),
    ("http://127.0.0.1:1/", "", "SM0704"),
]:
    heard, reply = socket.run(f"sandmill.call('{address}'{more})")
    assert reply["ename"].endswith("PlatformError"), (address, reply)
    assert error in reply["evalue"] or error == "another" and "does not allow" in reply["evalue"], (address, reply)
ok("called")
