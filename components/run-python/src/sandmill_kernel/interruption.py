"""Stopping a cell with its state kept: the host is asked now and then while loops of the cell turn.

Never watches more than the cell's own code: functions of libraries run at full speed, and what cannot be stopped
here (one long call of a library, a sleep) the host ends together with the session.
"""

import ast
import builtins
import itertools

from . import outlet

# Turns between two questions. A question crosses to the host, which takes longer than a turn.
TURNS_PER_QUESTION = 256
# The names by which code of cells takes a turn: `__take__(__turns__)`. They are builtins, so that they are found from
# wherever a function of a cell is called, also after a pause.
TAKE = "__take__"
TURNS = "__turns__"

LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Questions:
    """Asks the host, and grants turns. The interpreter counts them, in its own language: a turn is cheap."""

    def __iter__(self):
        return self

    def __next__(self):
        ask()
        return itertools.repeat(True, TURNS_PER_QUESTION)


def ask() -> None:
    """Breaks off where somebody wants that."""
    if outlet.to.interrupted():
        # An iterator that failed once is at its end.
        prepare()
        raise KeyboardInterrupt


def prepare() -> None:
    """When the component is built, and after each interrupt."""
    setattr(builtins, TAKE, next)
    setattr(builtins, TURNS, itertools.chain.from_iterable(Questions()))


def watch(tree: ast.Module) -> None:
    """Lets every loop of a cell, and of the functions that it defines, take a turn each time around."""
    if tree.body:
        # What is declared global is found faster. Nothing may stand before an import from the future.
        futures = [place for place, node in enumerate(tree.body) if is_future(node)]
        tree.body.insert(futures[-1] + 1 if futures else 0, at(tree.body[0], ast.Global, [TAKE, TURNS]))
    for node in ast.walk(tree):
        if isinstance(node, LOOPS):
            node.body.insert(0, at(node.body[0], ast.Expr, turn_at(node.body[0])))
        elif isinstance(node, COMPREHENSIONS):
            for clause in node.generators:
                # Every turn is true.
                clause.ifs.insert(0, turn_at(clause.target))


def is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def turn_at(place: ast.AST) -> ast.Call:
    name = lambda text: at(place, ast.Name, text, ast.Load())
    return at(place, ast.Call, name(TAKE), [name(TURNS)], [])


def at(place: ast.AST, kind: type, *fields):
    """A node that tracebacks show as another one."""
    return ast.copy_location(kind(*fields), place)
