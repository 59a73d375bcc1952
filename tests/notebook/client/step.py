"""A notebook as a step of a pipeline: parameters in, the executed notebook out, on demand and on a schedule."""

import json
import time
import urllib.request

import nbformat

from session import URL, ok, rest

new = nbformat.v4
tagged = new.new_code_cell("year = 2000\nrows = []", metadata={"tags": ["parameters"]})
NOTEBOOK = new.new_notebook(
    cells=[
        new.new_markdown_cell("# Report"),
        tagged,
        new.new_code_cell("print('year', year)\nlen(rows)"),
        new.new_code_cell("class Shown:\n    def _repr_html_(self): return '<b>shown</b>'\ndisplay(Shown())"),
        new.new_code_cell("open('/outputs/made', 'w').write(str(year))\nopen('/inputs/table').read().split()[0]"),
    ]
)
STEP = """
apiVersion: sandmill.dev/v1
kind: Pipeline
metadata: { name: report }
spec:
  parameters: { year: { type: integer, default: 2026 }, notebook: { type: artifact }, table: { type: artifact } }
  steps:
    report:
      component: sandmill/run-python:0.1.0
      command:
        args: [notebook, 'year=${parameters.year}', 'rows=[1, 2]']
        inputs: { notebook: '${parameters.notebook}', table: '${parameters.table}' }
        outputs: { notebook: application/x-ipynb+json, made: text/plain }
"""


def upload(content, media_type):
    request = urllib.request.Request(f"{URL}/api/v1/artifacts", content, {"Content-Type": media_type})
    with urllib.request.urlopen(request) as answer:
        return {"artifact": json.load(answer)}


def ended(run):
    until = time.monotonic() + 120
    while time.monotonic() < until:
        detail = rest("GET", f"/api/v1/runs/{run}")[1]
        if detail["status"] not in ("running", "cancelling"):
            return detail
        time.sleep(0.2)
    raise AssertionError(f"run {run} does not end")


def content(value):
    with urllib.request.urlopen(f"{URL}/api/v1/artifacts/{value['artifact']['digest']}/content") as answer:
        return answer.read().decode()


def submit(notebook, document=STEP, **more):
    given = {
        "notebook": upload(nbformat.writes(notebook).encode(), "application/x-ipynb+json"),
        "table": upload(b"first second", "text/plain"),
    }
    status, answer = rest("POST", "/api/v1/runs", {"document": document, "parameters": given | more})
    assert status == 201, (status, answer)
    return ended(answer["run"]), given


detail, given = submit(NOTEBOOK, year={"plain": 2027})
assert detail["status"] == "succeeded", detail
outputs = detail["steps"][0]["outputs"]
executed = nbformat.reads(content(outputs["notebook"]), 4)
nbformat.validate(executed)
assert content(outputs["made"]) == "2027", outputs
cells = executed.cells
assert [cell.cell_type for cell in cells] == ["markdown", "code", "code", "code", "code", "code"], executed
assert cells[2].source == "year = 2027\nrows = [1, 2]" and "injected-parameters" in cells[2].metadata.tags, cells[2]
assert cells[3].outputs[0] == {"output_type": "stream", "name": "stdout", "text": "year 2027\n"}, cells[3]
assert cells[3].outputs[1]["data"]["text/plain"] == "2", cells[3]
assert cells[4].outputs[0]["data"]["text/html"] == "<b>shown</b>", cells[4]
assert "'first'" in cells[5].outputs[0]["data"]["text/plain"], cells[5]
assert [cell.execution_count for cell in cells[1:]] == [1, 2, 3, 4, 5], executed
log = rest("GET", f"/api/v1/runs/{detail['id']}/logs")[1]["items"]
assert any(line["text"] == "year 2027" for line in log), log
ok("executed")

bad = new.new_notebook(cells=[new.new_code_cell("x = 1"), new.new_code_cell("x / 0"), new.new_code_cell("x")])
detail, _ = submit(bad)
assert detail["status"] == "failed", detail
log = "\n".join(line["text"] for line in rest("GET", f"/api/v1/runs/{detail['id']}/logs")[1]["items"])
assert "cell 3 broke off:" in log and "ZeroDivisionError" in log, log
allowed = STEP.replace("[notebook,", "[notebook, --allow-errors,").replace(", made: text/plain", "")
detail, _ = submit(bad, allowed)
assert detail["status"] == "succeeded", detail
executed = nbformat.reads(content(detail["steps"][0]["outputs"]["notebook"]), 4)
nbformat.validate(executed)
assert executed.cells[2].outputs[0].ename == "ZeroDivisionError" and executed.cells[3].outputs == [], executed
ok("broke-off")

detail, _ = submit(new.new_notebook(), STEP.replace("'rows=[1, 2]'", "'no name=1'"))
assert detail["status"] == "failed", detail
ok("refused")

status, schedule = rest("POST", "/api/v1/schedules", {"name": "report", "document": STEP, "timing": {"everySeconds": 1}, "parameters": given})
assert status == 201, (status, schedule)
until = time.monotonic() + 60
runs = []
while not runs and time.monotonic() < until:
    runs = rest("GET", f"/api/v1/runs?schedule={schedule['id']}")[1]["items"]
    time.sleep(0.2)
assert rest("POST", f"/api/v1/schedules/{schedule['id']}/pause")[0] < 300
detail = ended(runs[0]["id"])
assert detail["status"] == "succeeded", detail
assert "year 2026" in content(detail["steps"][0]["outputs"]["notebook"]), detail
ok("scheduled")
