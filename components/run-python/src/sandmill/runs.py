"""Runs of pipelines: started, watched, read.

Never decides what a run may do; its document and the node's policy say so.
"""

from .artifacts import Artifact, artifacts
from .asking import ask, pages, part, pause, to_wire
from .tables import Table, moment, table

ENDED = {"succeeded", "failed", "cancelled"}
POINTS_MAX = 10_000
# Steps of one answer.
STEPS_MAX = 10_000


class Run:
    """A run as it was told when it was last read; `refresh()` reads it again."""

    def __init__(self, told: dict) -> None:
        self.told = told

    @property
    def id(self) -> str:
        return self.told["id"]

    @property
    def pipeline(self) -> str:
        return self.told["pipeline"]

    @property
    def status(self) -> str:
        """`running`, `cancelling`, `succeeded`, `failed` or `cancelled`."""
        return self.told["status"]

    @property
    def steps(self) -> Table:
        """The steps, each as the platform tells it."""
        if "steps" not in self.told:
            self.refresh()
        return Table(self.told["steps"], STEP_COLUMNS)

    def refresh(self) -> "Run":
        """Reads the run again."""
        path = f"/api/v1/runs/{part(self.id)}"
        self.told = ask("GET", path, limit=STEPS_MAX)
        behind = self.told.get("next")
        while behind is not None:
            more = ask("GET", path, limit=STEPS_MAX, after=behind)
            self.told["steps"] += more["steps"]
            behind = more.get("next")
        return self

    def watch(self) -> "Run":
        """Prints what becomes of the steps until the run has ended."""
        seen: dict[str, str] = {}
        while True:
            self.refresh()
            for step in self.told["steps"]:
                if seen.get(step["name"]) != step["status"] and step["status"] != "waiting":
                    seen[step["name"]] = step["status"]
                    problem = (step.get("failure") or {}).get("message", "")
                    print(f"{step['name']}: {step['status']}" + (f" ({problem})" if problem else ""))
            if self.status in ENDED:
                done, total = self.told["stepsFinished"], self.told["stepsTotal"]
                print(f"{self.pipeline}: {self.status}, {done} of {total} steps")
                return self
            pause()

    def outputs(self, step: str) -> dict:
        """What a step made, by name: plain values, and artifacts."""
        found = next((one for one in self.steps if one["name"] == step), None)
        if found is None:
            raise KeyError(f"the run has no step `{step}`; it has {', '.join(one['name'] for one in self.steps)}")
        return {name: from_wire(value) for name, value in (found.get("outputs") or {}).items()}

    def output(self, step: str, name: str = "output") -> object:
        """One thing that a step made."""
        made = self.outputs(step)
        if name not in made:
            raise KeyError(f"step `{step}` has no output `{name}`; it has {', '.join(made) or 'none yet'}")
        return made[name]

    def artifacts(self) -> Table:
        """All artifacts that it made."""
        return artifacts(self)

    def metrics(self) -> dict[str, list[tuple[int, float | None]]]:
        """What its steps measured as they went: by `step/series`, the points of each series."""
        return series(f"/api/v1/runs/{part(self.id)}/metrics")

    def logs(self) -> list[str]:
        """The lines of its log."""
        return [line["text"] for line in ask("GET", f"/api/v1/runs/{part(self.id)}/logs")["items"]]

    def cancel(self) -> None:
        """Ends it."""
        ask("POST", f"/api/v1/runs/{part(self.id)}/cancel")

    def __repr__(self) -> str:
        return f"Run({self.id}, {self.pipeline}, {self.status})"

    def _repr_html_(self) -> str:
        head = table(["run", "pipeline", "status"], [[self.id, self.pipeline, self.status]])
        return head + (self.steps._repr_html_() if "steps" in self.told else "")


COLUMNS = {
    "run": lambda run: run.id,
    "pipeline": lambda run: run.pipeline,
    "status": lambda run: run.status,
    "steps": lambda run: f"{run.told['stepsFinished']}/{run.told['stepsTotal']}",
    "submitted at": lambda run: moment(run.told["submittedAtMillis"]),
}
STEP_COLUMNS = {
    "step": lambda step: step["name"],
    "status": lambda step: step["status"],
    "attempts": lambda step: step["attempts"],
}


def from_wire(value: dict) -> object:
    """A value as Python has it."""
    if "artifact" in value:
        return Artifact(value["artifact"])
    if "list" in value:
        return [from_wire(item) for item in value["list"]]
    return value["plain"]


def series(path: str) -> dict[str, list[tuple[int, float | None]]]:
    """All points behind a path of metrics."""
    found: dict[str, list[tuple[int, float | None]]] = {}
    after = None
    while True:
        answer = ask("GET", path, after=after, limit=POINTS_MAX)
        for point in answer["items"]:
            found.setdefault(f"{point['step']}/{point['name']}", []).append((point["index"], point.get("value")))
        after = answer.get("next")
        if after is None:
            return found


def runs(pipeline: str | None = None, status: str | None = None, limit: int = 50) -> Table:
    """The newest runs, of all pipelines or of one."""
    return Table(map(Run, pages("/api/v1/runs", limit, pipeline=pipeline, status=status)), COLUMNS)


def run(id: str) -> Run:
    """The run of this id."""
    return Run({"id": id}).refresh()


def submit(
    document: str, parameters: dict | None = None, *, name: str | None = None, experiment: str | None = None
) -> Run:
    """Starts a run of a Pipeline document, with its parameters by name: plain values, or artifacts."""
    body: dict = {"document": document}
    body["parameters"] = {key: to_wire(value) for key, value in (parameters or {}).items()}
    body.update({key: value for key, value in (("name", name), ("experiment", experiment)) if value is not None})
    return run(ask("POST", "/api/v1/runs", body)["run"])
