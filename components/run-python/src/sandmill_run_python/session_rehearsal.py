"""A session run through while the component is built, so that what its first cells need is part of the image.

Never leaves anything of it behind but what the interpreter has learned: every session that begins from the image would
otherwise find out for itself, and write to pages of memory that it shares with all others until then.
"""

import builtins
import getpass
import linecache
import sys

from sandmill_kernel import completion, kernel, outlet, process, showing, state

# The interpreter fits its code to what it saw, and needs to see it more than once.
REHEARSALS = 12
CELLS = (
    "x = 1",
    "x + 1",
    "import math\ndef half(n):\n    return n / 2\nfor turn in range(3):\n    print(half(turn))",
    "1 / 0",
)


class Deaf:
    """Hears what cells say, and keeps none of it."""

    def write(self, to, text: str) -> None:
        pass

    def display(self, shown, display_id, update: bool) -> None:
        pass

    def result(self, value) -> None:
        pass

    def clear(self, wait: bool) -> None:
        pass

    def interrupted(self) -> bool:
        return False


def rehearse() -> None:
    """Runs cells, asks about them, and writes the session down and reads it again."""
    outlet_before, outlet.to = outlet.to, Deaf()
    streams, main = (sys.stdout, sys.stderr), sys.modules["__main__"]
    questions = (builtins.input, getpass.getpass)
    for _ in range(REHEARSALS):
        process.forget_the_build()
        process.granted_packages()
        run_through(kernel.Session())
        for cell in [name for name in linecache.cache if name.startswith("<cell ")]:
            del linecache.cache[cell]
    builtins.input, getpass.getpass = questions
    (sys.stdout, sys.stderr), sys.modules["__main__"] = streams, main
    outlet.to = outlet_before


def run_through(session: kernel.Session) -> None:
    session.begin()
    for number, code in enumerate(CELLS, 1):
        try:
            session.execute(code, number, False)
        except ZeroDivisionError as error:
            kernel.report_of(error)
    completion.matches_at("hal", 3, session.namespace)
    completion.description_at("half", 2, session.namespace, False)
    completion.completeness_of("for x in y:")
    for _, value in session.variables():
        showing.in_a_line(value)
    content, _ = state.save(session.kept_names(), session.namespace)
    state.restore(content, session.namespace)
