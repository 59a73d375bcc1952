"""Training jobs: started, watched, read.

Never trains anything here; the platform's workers do.
"""

from .artifacts import Artifact
from .asking import ask, pages, part, pause
from .runs import series
from .tables import Table, moment, table

ENDED = {"succeeded", "failed", "cancelled", "suspended"}


class Job:
    """A training job as it was told when it was last read; `refresh()` reads it again."""

    def __init__(self, told: dict) -> None:
        self.told = told

    @property
    def id(self) -> str:
        return self.told["id"]

    @property
    def name(self) -> str:
        return self.told["name"]

    @property
    def status(self) -> str:
        """`running`, `suspending`, `suspended`, `succeeded`, `failed` or `cancelled`."""
        return self.told["status"]

    @property
    def model(self) -> Artifact | None:
        """What it made, once it has."""
        model = self.told.get("model") or self.refresh().told.get("model")
        return None if model is None else Artifact(model)

    def refresh(self) -> "Job":
        """Reads the job again."""
        self.told = ask("GET", f"/api/v1/train-jobs/{part(self.id)}")
        return self

    def watch(self) -> "Job":
        """Prints how far it has come until it has ended."""
        said = None
        while True:
            self.refresh()
            evaluation = ", ".join(f"{name} {value}" for name, value in self.told["evaluation"].items())
            now = f"{self.name}: {self.status}, step {self.told['step']}" + (f", {evaluation}" if evaluation else "")
            if now != said:
                print(now)
                said = now
            if self.status in ENDED:
                return self
            pause()

    def metrics(self) -> dict[str, list[tuple[int, float | None]]]:
        """What was measured: by `worker/series`, the points of each series."""
        return series(f"/api/v1/train-jobs/{part(self.id)}/metrics")

    def stop(self) -> None:
        """Has it write down its state and wait until it is resumed."""
        ask("POST", f"/api/v1/train-jobs/{part(self.id)}/stop")

    def resume(self) -> None:
        """Has it go on."""
        ask("POST", f"/api/v1/train-jobs/{part(self.id)}/resume")

    def cancel(self) -> None:
        """Ends it."""
        ask("POST", f"/api/v1/train-jobs/{part(self.id)}/cancel")

    def __repr__(self) -> str:
        return f"Job({self.id}, {self.name}, {self.status})"

    def _repr_html_(self) -> str:
        return table(["job", "name", "status"], [[self.id, self.name, self.status]])


COLUMNS = {
    "job": lambda job: job.id,
    "name": lambda job: job.name,
    "status": lambda job: job.status,
    "submitted at": lambda job: moment(job.told["submittedAtMillis"]),
}


def jobs(name: str | None = None, status: str | None = None, limit: int = 50) -> Table:
    """The newest training jobs."""
    return Table(map(Job, pages("/api/v1/train-jobs", limit, name=name, status=status)), COLUMNS)


def job(id: str) -> Job:
    """The training job of this id."""
    return Job({"id": id}).refresh()


def train(document: str, inputs: dict[str, Artifact] | None = None, *, name: str | None = None) -> Job:
    """Starts a training job; data sets and models that its document leaves open are named by artifacts."""
    body: dict = {"document": document, "dataSets": {}, "models": {}}
    for key, artifact in (inputs or {}).items():
        body["models" if artifact.kind == "model" else "dataSets"][key] = artifact.reference
    if name is not None:
        body["name"] = name
    return job(ask("POST", "/api/v1/train-jobs", body)["job"])
