"""`run-python kfp`: one lightweight KFP component, run by kfp's own executor.

Never interprets the executor's input or output: that is kfp's, unmodified.
"""

import contextlib
import io
import json
import logging
import os
import sys

from kfp.dsl import executor_main

# Where the host lays the component's source.
SOURCE_FILE = "/tmp/kfp/source.py"
# A component that is run while this one is built, and how often: the interpreter fits its code to what it saw.
REHEARSED = "rehearsed_component"
REHEARSALS = 12


def main() -> None:
    """As `python3 -m kfp.dsl.executor_main --component_module_path FILE …` does."""
    sys.argv[1:1] = ["--component_module_path", SOURCE_FILE]
    executor_main.executor_main()


def rehearse() -> None:
    """Runs a component as steps do, so that all that kfp imports, compiles and remembers on the way is part of the
    image. Leaves nothing else behind.
    """
    arguments, path = list(sys.argv), list(sys.path)
    for _ in range(REHEARSALS):
        sys.argv[:] = ["run-python", *rehearsed_arguments()]
        # The last thing that a step does is to write its output, and nothing can be written during a build.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(OSError):
            executor_main.executor_main()
        for handler in list(logging.root.handlers):
            logging.root.removeHandler(handler)
        sys.modules.pop(REHEARSED, None)
    logging.root.setLevel(logging.WARNING)
    sys.argv[:], sys.path[:] = arguments, path


def rehearsed_arguments() -> list[str]:
    executor_input = {
        "inputs": {"parameterValues": {"number": 41, "text": "sand"}},
        "outputs": {
            "parameters": {"Output": {"outputFile": "/outputs/Output"}},
            "outputFile": "/outputs/executor_output.json",
        },
    }
    file = os.path.join(os.path.dirname(__file__), f"{REHEARSED}.py")
    named = {
        "--component_module_path": file,
        "--function_to_execute": "successor",
        "--executor_input": json.dumps(executor_input),
    }
    return [argument for pair in named.items() for argument in pair]
