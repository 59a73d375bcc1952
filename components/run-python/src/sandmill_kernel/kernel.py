"""The kernel: a session whose cells run one after the other in one namespace.

Never prints anything itself: what cells write, show and ask for goes through the host, as it happens.
"""

import ast
import builtins
import getpass
import linecache
import sys
import traceback
import types

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import kernel as contract
from wit_world.exports import state as state_contract
from wit_world.imports import session

from . import completion, interruption, outlet, process, showing, state


# By which frames of this package are told from those of cells.
OWN_FOLDER = __name__.partition(".")[0]


class Stream:
    """Where cells write: each write goes to the host at once, which joins what belongs together."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, name: str, to) -> None:
        self.name = name
        self.to = to

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            outlet.to.write(self.to, text)
        return len(text)

    def writelines(self, lines) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("a notebook's output is no file")


class Session:
    """What one session keeps."""

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.namespace.update(display=showing.display, clear_output=showing.clear_output)
        self.own_names = set(self.namespace)
        self.has_begun = False
        # What is done before anything else, by whoever knows what this guest was given.
        self.become_a_process = lambda: None

    def begin(self) -> None:
        """Once per session, before its first cell."""
        if self.has_begun:
            return
        self.has_begun = True
        self.become_a_process()
        sys.modules["__main__"] = self.module
        sys.stdout = Stream("<stdout>", session.TextStream.STDOUT)
        sys.stderr = Stream("<stderr>", session.TextStream.STDERR)
        builtins.input = ask
        getpass.getpass = ask_secretly

    def execute(self, code: str, number: int, silent: bool) -> None:
        file = f"<cell {number}>"
        # Tracebacks show lines of cells, and functions that cells define can be inspected.
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        tree = ast.parse(code, file)
        interruption.watch(tree)
        interruption.ask()
        value = None
        body, last = tree.body, None
        if body and isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";"):
            body, last = body[:-1], ast.Expression(body[-1].value)
        statements = compile(ast.Module(body, tree.type_ignores), file, "exec", dont_inherit=True)
        exec(statements, self.namespace)
        if last is not None:
            expression = compile(last, file, "eval", dont_inherit=True)
            value = eval(expression, self.namespace)
        if value is not None and not silent:
            self.namespace["_"] = value
            outlet.to.result(showing.bundle_of(value))

    def kept_names(self) -> dict[str, object]:
        """What is written down when the session is paused: all but what every session has."""
        is_own = lambda name: name in self.own_names or (name.startswith("__") and name.endswith("__"))
        return {name: value for name, value in self.namespace.items() if not is_own(name)}

    def variables(self) -> list[tuple[str, object]]:
        return [
            (name, value)
            for name, value in sorted(self.namespace.items())
            if not name.startswith("_") and name not in self.own_names and not isinstance(value, types.ModuleType)
        ]


def ask(prompt: object = "", /) -> str:
    """In place of `input`."""
    return answer(str(prompt), False)


def ask_secretly(prompt: str = "Password: ", stream=None, **_) -> str:
    """In place of `getpass.getpass`."""
    return answer(prompt, True)


def answer(prompt: str, secret: bool) -> str:
    line = session.read_line(prompt, secret)
    if line is None:
        if outlet.to.interrupted():
            raise KeyboardInterrupt
        raise EOFError("nobody sits before this notebook who could answer")
    return line


def report_of(error: BaseException) -> contract.ErrorReport:
    """The error as it is told: the frames of cells and of what they call, not those of this package."""
    told = traceback.TracebackException.from_exception(error, compact=True)
    hide_own_frames(told, set())
    lines = [line.rstrip("\n") for line in told.format()]
    return contract.ErrorReport(type(error).__name__, str(error), lines)


def hide_own_frames(told: traceback.TracebackException, seen: set[int]) -> None:
    """Leaves out the frames of this package and of the compiler that it calls, here and in what led to it."""
    if id(told) in seen:
        return
    seen.add(id(told))
    is_syntax = told.exc_type_str.endswith("SyntaxError") or told.exc_type_str.endswith("IndentationError")
    frames = [] if is_syntax else [frame for frame in told.stack if OWN_FOLDER not in frame.filename]
    told.stack = traceback.StackSummary.from_list(frames)
    for cause in (told.__cause__, told.__context__, *(told.exceptions or ())):
        if cause is not None:
            hide_own_frames(cause, seen)


SESSION = Session()


class Kernel(exports.Kernel):
    """The export `sandmill:kernel/kernel`."""

    def describe(self) -> contract.Description:
        version = ".".join(map(str, sys.version_info[:3]))
        return contract.Description(
            "python", version, "text/x-python", ".py", "ipython3", f"Python {version} in a sandbox"
        )

    def execute(self, code: str, number: int, silent: bool) -> None:
        SESSION.begin()
        process.find_new_packages()
        try:
            SESSION.execute(code, number, silent)
        except BaseException as error:
            raise Err(report_of(error))

    def complete(self, code: str, cursor: int) -> contract.Completions:
        SESSION.begin()
        matches, start, end = completion.matches_at(code, cursor, SESSION.namespace)
        return contract.Completions(matches, start, end)

    def inspect(self, code: str, cursor: int, detailed: bool):
        SESSION.begin()
        text = completion.description_at(code, cursor, SESSION.namespace, detailed)
        return None if text is None else showing.text_bundle(text)

    def is_complete(self, code: str):
        return completion.completeness_of(code)

    def variables(self) -> list[contract.Variable]:
        return [
            contract.Variable(name, type(value).__name__, showing.in_a_line(value))
            for name, value in SESSION.variables()
        ]

    def shutdown(self) -> None:
        import atexit

        atexit._run_exitfuncs()


class State(exports.State):
    """The export `sandmill:kernel/state`."""

    # What was written down and nobody took yet.
    written = memoryview(b"")

    def save(self) -> state_contract.Saved:
        SESSION.begin()
        try:
            content, lost = state.save(SESSION.kept_names(), SESSION.namespace)
        except BaseException as error:
            raise Err(f"{type(error).__name__}: {error}")
        told = [state_contract.Lost(name, type(value).__name__, reason) for name, value, reason in lost]
        State.written = memoryview(content)
        return state_contract.Saved(len(content), told)

    def take_saved(self, most: int) -> bytes:
        piece, State.written = bytes(State.written[:most]), State.written[most:]
        return piece

    def restore(self, content: bytes) -> None:
        SESSION.begin()
        try:
            state.restore(content, SESSION.namespace)
        except BaseException as error:
            raise Err(f"{type(error).__name__}: {error}")
