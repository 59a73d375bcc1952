"""The platform from inside a notebook: runs, training jobs, artifacts and what they measured.

    import sandmill

    run = sandmill.submit(open("pipeline.yaml").read(), {"rows": 100})
    run.watch()
    run.output("train", "accuracy")
    sandmill.artifacts()[0].text()

What a session may ask is granted by whoever runs its node (`sandmill up --notebook-platform read` or `submit`); whatever
it may not is refused with a `PlatformError` that has the platform's own code.
"""

from . import tensor
from .artifacts import Artifact, artifact, artifacts, data_sets, upload
from .asking import PlatformError, ask
from .endpoints import call
from .jobs import Job, job, jobs, train
from .runs import Run, run, runs, submit

__all__ = [
    "Artifact",
    "Job",
    "PlatformError",
    "Run",
    "artifact",
    "artifacts",
    "ask",
    "call",
    "data_sets",
    "job",
    "jobs",
    "run",
    "runs",
    "submit",
    "tensor",
    "train",
    "upload",
]
