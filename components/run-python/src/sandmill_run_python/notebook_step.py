"""`run-python notebook`: a notebook from its first cell to its last, as a step of a pipeline.

Never writes an executed notebook as if it had gone well: where a cell breaks off, the step does too, unless it was told
to allow that.
"""

import json
import sys

from sandmill_kernel import kernel, outlet
from wit_world.imports import session
from wit_world.imports.session import TextStream

INPUT_FILE = "/inputs/notebook"
OUTPUT_FILE = "/outputs/notebook"
ALLOW_ERRORS = "--allow-errors"
FORMAT = 4
# Tags of the cells that hold parameters, as every tool for them has it.
PARAMETERS = "parameters"
INJECTED = "injected-parameters"


class Recorder:
    """Hears what a cell says, as notebooks keep it; text goes to the step's log as well."""

    def __init__(self) -> None:
        self.outputs: list[dict] = []
        self.number = 0
        self.clears = False
        self.log = {TextStream.STDOUT: ("stdout", sys.stdout), TextStream.STDERR: ("stderr", sys.stderr)}

    def begin(self, number: int) -> None:
        self.outputs, self.number, self.clears = [], number, False

    def write(self, to: TextStream, text: str) -> None:
        name, log = self.log[to]
        log.write(text)
        last = self.outputs[-1] if self.outputs and not self.clears else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["text"] += text
        else:
            self.add({"output_type": "stream", "name": name, "text": text})

    def display(self, shown, display_id: str | None, update: bool) -> None:
        self.add({"output_type": "display_data", **forms_of(shown)})

    def result(self, value) -> None:
        self.add({"output_type": "execute_result", "execution_count": self.number, **forms_of(value)})

    def clear(self, wait: bool) -> None:
        self.clears = wait
        if not wait:
            self.outputs.clear()

    def interrupted(self) -> bool:
        return session.interrupted()

    def flush(self) -> None:
        for _, log in self.log.values():
            log.flush()

    def add(self, output: dict) -> None:
        if self.clears:
            self.outputs.clear()
            self.clears = False
        self.outputs.append(output)


def forms_of(bundle) -> dict:
    is_json = lambda kind: kind == "application/json" or kind.endswith("+json")
    data = {
        form.media_type: json.loads(form.content) if is_json(form.media_type) else form.content
        for form in bundle.representations
    }
    return {"data": data, "metadata": json.loads(bundle.metadata) if bundle.metadata else {}}


def main() -> None:
    """Reads the notebook and the parameters, runs the cells, and writes what they gave."""
    allows_errors = ALLOW_ERRORS in sys.argv
    parameters = dict(parameter(text) for text in sys.argv[1:] if text != ALLOW_ERRORS)
    with open(INPUT_FILE, encoding="utf-8") as file:
        notebook = read(file.read())
    set_parameters(notebook["cells"], parameters)
    problem = run(notebook["cells"])
    version = ".".join(map(str, sys.version_info[:3]))
    notebook.setdefault("metadata", {})["language_info"] = {"name": "python", "version": version, "file_extension": ".py"}
    with open(OUTPUT_FILE, "w", encoding="utf-8") as file:
        json.dump(notebook, file, indent=1, ensure_ascii=False)
        file.write("\n")
    if problem is not None:
        print(problem, file=sys.stderr)
        sys.exit(0 if allows_errors else 1)


def parameter(text: str) -> tuple[str, object]:
    """`NAME=VALUE`; the value is JSON where it is some, and text else."""
    name, found, value = text.partition("=")
    if not found or not name.isidentifier():
        sys.exit(f"`{text}` sets no parameter: write NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def read(text: str) -> dict:
    """The notebook, if it is one that can be run."""
    try:
        notebook = json.loads(text)
        is_notebook = notebook["nbformat"] == FORMAT and all(isinstance(cell["cell_type"], str) for cell in notebook["cells"])
    except (ValueError, LookupError, TypeError):
        is_notebook = False
    if not is_notebook:
        sys.exit(f"{INPUT_FILE} is no notebook of format {FORMAT}")
    return notebook


def set_parameters(cells: list[dict], parameters: dict[str, object]) -> None:
    """Adds a cell that sets them: behind the one that is tagged for them, else before all others."""
    if not parameters:
        return
    tags = lambda cell: cell.get("metadata", {}).get("tags", [])
    cells[:] = [cell for cell in cells if INJECTED not in tags(cell)]
    place = next((at + 1 for at, cell in enumerate(cells) if PARAMETERS in tags(cell)), 0)
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = {"cell_type": "code", "id": INJECTED, "metadata": {"tags": [INJECTED]}, "source": source}
    cells.insert(place, cell | {"outputs": [], "execution_count": None})


def run(cells: list[dict]) -> str | None:
    """Runs the cells of code, one after the other, and says which of them broke off, if one did."""
    recorder = outlet.to = Recorder()
    session = kernel.SESSION
    session.begin()
    code = [(at, cell) for at, cell in enumerate(cells) if cell["cell_type"] == "code"]
    for _, cell in code:
        cell.update(outputs=[], execution_count=None)
    for number, (at, cell) in enumerate(code, 1):
        source = cell.get("source", "")
        recorder.begin(number)
        report = None
        try:
            session.execute(source if isinstance(source, str) else "".join(source), number, False)
        except BaseException as error:
            report = kernel.report_of(error)
            told = {"ename": report.name, "evalue": report.message, "traceback": report.traceback}
            recorder.add({"output_type": "error", **told})
        cell.update(outputs=recorder.outputs, execution_count=number)
        recorder.flush()
        if report is not None:
            return "\n".join([f"cell {at + 1} broke off:", *report.traceback])
    return None
