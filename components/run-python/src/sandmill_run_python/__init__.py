"""CPython as a command and as a kernel: `run-python step FILES` runs one function with types, `run-python kfp ARGUMENTS`
one lightweight KFP component, `run-python notebook ARGUMENTS` a notebook, and a session runs cells.

Never opens anything itself: files, variables and packages are those that the host hands to this guest.
What stands at the top of this module runs once, when the component is built; its memory is what every
guest starts from.
"""

import os

# Read by kfp when it is imported: it then leaves out its compiler and its client.
KFP_RUNTIME = ("_KFP_RUNTIME", "true")
os.environ.update([KFP_RUNTIME])

from . import library

library.freeze()

import gc
import sys
import traceback

from componentize_py_types import Err
from wit_world import exports
from wit_world.imports import environment

# Part of the component, so that cells can import it.
import sandmill
from sandmill_kernel import interruption, process
# The exports `sandmill:kernel/kernel` and `sandmill:kernel/state`. A session is what a process is to a command.
from sandmill_kernel.kernel import SESSION, Kernel, State

from . import kfp_step, notebook_step, session_rehearsal, typed_step

interruption.prepare()
kfp_step.rehearse()
typed_step.rehearse()
session_rehearsal.rehearse()
# What is here now is here for good: looking through it for garbage would touch every page of the image.
gc.collect()
gc.freeze()

COMMANDS = {"kfp": kfp_step.main, "notebook": notebook_step.main, "step": typed_step.main}
USAGE = (
    "usage: run-python kfp --function_to_execute NAME --executor_input JSON"
    " or run-python notebook [--allow-errors] [NAME=VALUE …] or run-python step CALL_FILE REPORT_FILE"
)


class Run(exports.Run):
    """The export `wasi:cli/run`."""

    def run(self) -> None:
        program, *arguments = environment.get_arguments() or ["run-python"]
        become_a_process()
        status = run_command(program, arguments)
        sys.stdout.flush()
        sys.stderr.flush()
        if status != 0:
            raise Err(None)


def become_a_process() -> None:
    """Once per guest, before anything that it runs."""
    process.become([*environment.get_environment(), KFP_RUNTIME])


def run_command(program: str, arguments: list[str]) -> int:
    """Runs the named command to its end and says with which status a process would have ended."""
    name = arguments[0] if arguments else ""
    command = COMMANDS.get(name)
    if command is None:
        print(f"{program}: `{name}` is no command; {USAGE}", file=sys.stderr)
        return 2
    sys.argv = [program, *arguments[1:]]
    try:
        command()
    except SystemExit as ending:
        return exit_status(ending)
    except BaseException as error:
        print_traceback(error)
        return 1
    return 0


def exit_status(ending: SystemExit) -> int:
    """As CPython has it: nothing is 0, a number is itself, anything else is printed and is 1."""
    if ending.code is None:
        return 0
    if isinstance(ending.code, int):
        return ending.code
    print(ending.code, file=sys.stderr)
    return 1


def print_traceback(error: BaseException) -> None:
    """Prints the traceback without this package's own frames: nobody can change those."""
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_globals.get("__package__") == __name__:
        frame = frame.tb_next
    traceback.print_exception(type(error), error, frame)


# Whatever a session is asked first, its code finds what this guest was given.
SESSION.become_a_process = become_a_process
