"""The module `sandmill` in a session that was granted the platform: runs and jobs started, watched and read."""

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
