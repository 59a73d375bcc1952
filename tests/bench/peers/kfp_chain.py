"""Runs a chain of no-op steps under `kfp.local` and notes how long each step took.

Usage: kfp_chain.py STEPS SCRATCH_FOLDER RESULT_FILE [--bare]

No container and no virtual environment per step; nothing is cached. Components are written as kfp's
manual shows them, so each step's process first makes sure that kfp is installed. With `--bare` that
check is left out too, which is the fastest that kfp can go.

Writes one JSON object: {"version", "steps", "total_millis", "step_millis": [...]}.
"""

import contextlib
import io
import json
import re
import sys
import time
from importlib.metadata import version

from kfp import dsl, local

TASK_ENDED = re.compile(r"Task .* finished with status .*SUCCESS")


class FinishTimes(io.TextIOBase):
    """Takes kfp's output and notes when it says that a task ended: the only sign it gives."""

    def __init__(self):
        super().__init__()
        self.seconds = []

    def write(self, text):
        if TASK_ENDED.search(text):
            self.seconds.append(time.perf_counter())
        return len(text)


def main():
    steps, scratch, result_file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    bare = "--bare" in sys.argv[4:]

    @dsl.component(packages_to_install=[], install_kfp_package=not bare)
    def pass_through(number: int) -> int:
        return number

    @dsl.pipeline(name="chain")
    def chain() -> int:
        task = pass_through(number=0)
        task.set_caching_options(False)
        for _ in range(steps - 1):
            task = pass_through(number=task.output)
            task.set_caching_options(False)
        return task.output

    local.init(
        runner=local.SubprocessRunner(use_venv=False),
        pipeline_root=scratch,
        raise_on_error=True,
    )
    finished = FinishTimes()
    begin = time.perf_counter()
    with contextlib.redirect_stdout(finished):
        chain()
    total = time.perf_counter() - begin

    if len(finished.seconds) != steps:
        sys.exit(f"saw {len(finished.seconds)} steps end, expected {steps}: kfp's log messages have changed")
    marks = [begin, *finished.seconds]
    result = {
        "version": version("kfp"),
        "steps": steps,
        "total_millis": total * 1000,
        "step_millis": [(after - before) * 1000 for before, after in zip(marks, marks[1:])],
    }
    with open(result_file, "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
