"""`run-python step`: one function of Python whose types its document says.

Never checks a type: the host has checked what comes in, and checks what comes out.
"""

import json
import linecache
import sys
import traceback
import types
import typing

import sandmill_sdk
from sandmill_sdk.types import NotPlain, decode, encode

# The module that a step's text becomes, and what tracebacks call its file.
MODULE = "step"
FILE = "step.py"
KINDS = {kind.KIND: kind for kind in (sandmill_sdk.DataSet, sandmill_sdk.Metrics, sandmill_sdk.Model)}
# How often a call is made while this component is built: the interpreter fits its code to what it saw.
REHEARSALS = 12
REHEARSED = {
    "function": "count",
    "source": """
from dataclasses import dataclass
from sandmill_sdk import Artifact


@dataclass
class Counted:
    words: int
    note: str | None


def count(text: Artifact, words: list[str], least: int = 1, share: float = 0.5) -> Counted:
    return Counted(sum(len(word) >= least for word in words), text.media_type)
""",
    "arguments": {
        "text": {"file": {"path": "/inputs/text", "digest": "", "mediaType": "text/plain", "metadata": {}, "kind": "artifact"}},
        "words": {"value": ["sand", "mill"]},
        "least": {"value": 3},
        "share": {"value": 0.5},
    },
    "results": {"words": "/outputs/words", "note": "/outputs/note"},
    "single": False,
}


def main() -> None:
    """Reads what is to be called from the first file, and writes what came of it to the second."""
    call_file, report_file = sys.argv[1:]
    with open(call_file, encoding="utf-8") as file:
        call = json.load(file)
    report = json.dumps(carry_out(call))
    with open(report_file, "w", encoding="utf-8") as file:
        file.write(report)


def carry_out(call: dict) -> dict:
    """Calls the function and says what it returned, or why it did not."""
    try:
        function = function_of(call["source"], call["function"])
        value = function(**arguments_of(function, call["arguments"]))
        return {"returned": returned(value, call["results"], call["single"])}
    except Exception as error:
        print_traceback(error)
        return {"failed": failure_of(error)}


def function_of(source: str, name: str):
    """The function of this name in a module of this text."""
    # Tracebacks show the text's own lines.
    linecache.cache[FILE] = (len(source), None, source.splitlines(keepends=True), FILE)
    module = types.ModuleType(MODULE)
    # Dataclasses look up the module that they stand in.
    sys.modules[MODULE] = module
    exec(compile(source, FILE, "exec", dont_inherit=True), module.__dict__)
    function = getattr(module, name, None)
    if not callable(function):
        raise sandmill_sdk.Failure(
            f"the step's text has no function `{name}`", hint="name one of its functions under `function`"
        )
    return getattr(function, "__wrapped__", function)


def arguments_of(function, given: dict) -> dict:
    """The arguments as the function's annotations have them."""
    hints = typing.get_type_hints(function)
    return {
        name: file_of(argument["file"]) if "file" in argument else decode(argument["value"], hints.get(name))
        for name, argument in given.items()
    }


def file_of(told: dict) -> sandmill_sdk.Artifact:
    return KINDS.get(told["kind"], sandmill_sdk.Artifact)._handed(told)


def returned(value, places: dict[str, str], single: bool) -> dict:
    """What is said of each result; files among them are laid where they are looked for."""
    if single:
        return {name: described(value, place) for name, place in places.items()}
    fields = value if isinstance(value, dict) else fields_of(value)
    if fields is None:
        # Each of them is told to be what there is in its place.
        return {name: {"pythonType": type(value).__name__} for name in places}
    return {name: described(fields[name], place) for name, place in places.items() if name in fields}


def fields_of(value) -> dict | None:
    """The fields of a NamedTuple or of a dataclass; none of anything else."""
    names = getattr(value, "_fields", None) or getattr(value, "__dataclass_fields__", None)
    return None if names is None else {name: getattr(value, name) for name in names}


def described(value, place: str) -> dict:
    told: dict = {"pythonType": type(value).__name__}
    if isinstance(value, sandmill_sdk.Artifact):
        value.save(place)
        told["file"] = {"kind": value.KIND, "mediaType": value.media_type, "metadata": value.metadata}
        return told
    try:
        return {**told, "value": encode(value)}
    except NotPlain:
        return told


def failure_of(error: Exception) -> dict:
    if isinstance(error, sandmill_sdk.Failure):
        return {"message": error.message, "hint": error.hint, "retryable": error.retryable}
    # Nobody knows whether an exception would come again.
    return {"message": f"{type(error).__name__}: {error}".removesuffix(": "), "retryable": True}


def print_traceback(error: Exception) -> None:
    """Prints the traceback from the step's own text on."""
    frame = error.__traceback__
    while frame is not None and frame.tb_frame.f_globals.get("__name__") == __name__:
        frame = frame.tb_next
    traceback.print_exception(type(error), error, frame)


def rehearse() -> None:
    """Makes a call as steps do, so that all that it imports, compiles and remembers on the way is part of the image."""
    call = json.dumps(REHEARSED)
    for _ in range(REHEARSALS):
        report = carry_out(json.loads(call))
        if "returned" not in report:
            raise RuntimeError(f"the rehearsed step failed: {report}")
        json.dumps(report)
    linecache.cache.pop(FILE, None)
    sys.modules.pop(MODULE, None)
