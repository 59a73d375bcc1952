"""What could stand at a place in a cell, what stands there, and whether a cell can be run.

Never runs code of the cell: names are looked up, and attributes read.
"""

import codeop
import inspect
import keyword
import pydoc
import re
import rlcompleter

from wit_world.exports import kernel as contract

NAME_BEFORE = re.compile(r"[\w.]*$")
NAME_AFTER = re.compile(r"^\w*")
INDENT = re.compile(r"^\s*")
MATCHES_MAX = 1_000
# Lines at the top of a cell that the host carries out; what is left of the cell is Python.
HOST_LINES = re.compile(r"\A(?:[%!]pip\b[^\n]*\n?)+")


def matches_at(code: str, cursor: int, namespace: dict) -> tuple[list[str], int, int]:
    """The names that begin as what stands before the cursor does."""
    before = code[:cursor]
    word = NAME_BEFORE.search(before).group()
    completer = rlcompleter.Completer(namespace)
    try:
        found = completer.attr_matches(word) if "." in word else completer.global_matches(word)
    except Exception:
        # Reading an attribute may run code of the value's, which may fail.
        found = []
    found = sorted({match.rstrip("( :") for match in found if match})
    return found[:MATCHES_MAX], cursor - len(word), cursor


def description_at(code: str, cursor: int, namespace: dict, detailed: bool) -> str | None:
    """Type, signature and documentation of what is named at the cursor."""
    name = NAME_BEFORE.search(code[:cursor]).group() + NAME_AFTER.search(code[cursor:]).group()
    if not name.rstrip("."):
        # Within the parentheses of a call, what is called is meant.
        called = re.search(r"([\w.]+)\s*\([^()]*$", code[:cursor])
        name = called.group(1) if called else ""
    value, known = resolve(name.strip("."), namespace)
    if not known:
        return None
    lines = []
    try:
        lines.append(f"{name}{inspect.signature(value)}")
    except (TypeError, ValueError):
        lines.append(f"{name}: {type(value).__name__}")
    documentation = inspect.getdoc(value)
    if documentation:
        lines += ["", documentation]
    if detailed:
        lines += ["", pydoc.plain(pydoc.render_doc(value))]
    return "\n".join(lines)


def resolve(name: str, namespace: dict) -> tuple[object, bool]:
    """The value of a dotted name, and whether there is one."""
    first, *rest = name.split(".")
    if not first.isidentifier() or keyword.iskeyword(first):
        return None, False
    builtin = vars(__builtins__) if not isinstance(__builtins__, dict) else __builtins__
    if first not in namespace and first not in builtin:
        return None, False
    value = namespace.get(first, builtin.get(first))
    for attribute in rest:
        try:
            value = getattr(value, attribute)
        except Exception:
            return None, False
    return value, True


def completeness_of(code: str):
    """As an interactive Python has it: a block is complete after an empty line."""
    code = HOST_LINES.sub("", code)
    try:
        compiled = codeop.compile_command(code, "<cell>", "exec")
    except (SyntaxError, OverflowError, ValueError):
        return contract.Completeness_Invalid()
    lines = code.splitlines() or [""]
    last = lines[-1]
    indent = INDENT.match(last).group()
    if compiled is None:
        return contract.Completeness_Incomplete(indent + ("    " if last.rstrip().endswith(":") else ""))
    if indent and not code.endswith("\n") and last.strip():
        return contract.Completeness_Incomplete(indent)
    return contract.Completeness_Complete()
