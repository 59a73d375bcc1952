"""The text that a step runs: the function, and what it needs of its own module.

Never takes in a whole module: what a step does not use can change without making it another step.
"""

from __future__ import annotations

import ast
import builtins
import importlib.metadata
import inspect
import symtable
import sys
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

OWN_PACKAGE = __name__.partition(".")[0]
# What Python defines in every module.
GIVEN = {*dir(builtins), "__name__", "__file__", "__doc__"}


class NoSource(ValueError):
    """A function that cannot be taken out of its module."""


def source_of(function: Callable[..., Any], has_packages: bool, is_decorator: Callable[[Any], bool]) -> str:
    """The text of a module with this function and the top-level statements that it needs, in their order.

    `is_decorator` knows the decorators that are left out.
    """
    if function.__code__.co_freevars:
        names = ", ".join(f"`{name}`" for name in function.__code__.co_freevars)
        raise NoSource(f"{described(function)} uses {names} of the function around it: hand it over as an argument")
    try:
        lines, _ = inspect.findsource(function)
        own = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError) as error:
        raise NoSource(f"the text of {described(function)} is not to be found: write it in a file") from error
    module = Module("".join(lines), function, is_decorator)
    own_tree = ast.parse(own)
    definition = own_tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise NoSource(f"{described(function)} is no function that is written with `def`")
    own_text = module.text_of(definition, own)
    needed = module.needed(own_text, function.__name__)
    module.check_imports(needed, has_packages)
    return joined(module.texts(needed, own_text))


class Module:
    """The text of a module, and which of its statements bind which names."""

    def __init__(self, text: str, function: Callable[..., Any], is_decorator: Callable[[Any], bool]) -> None:
        self.text = text
        self.function = function
        self.is_decorator = is_decorator
        self.statements = ast.parse(text).body
        self.binding: dict[str, list[ast.stmt]] = {}
        for statement in self.statements:
            for name in bound_by(statement):
                self.binding.setdefault(name, []).append(statement)

    def texts(self, needed: set[ast.stmt], own_text: str) -> list[str]:
        """The texts of these statements and of the function in their order; one inside another function comes last."""
        texts, is_there = [], False
        for statement in self.statements:
            if self.is_own(statement):
                texts.append(own_text)
                is_there = True
            elif statement in needed:
                texts.append(self.text_of(statement, self.text))
        return texts if is_there else [*texts, own_text]

    def is_own(self, statement: ast.stmt) -> bool:
        first = [statement, *getattr(statement, "decorator_list", ())]
        line = self.function.__code__.co_firstlineno
        return isinstance(statement, ast.FunctionDef) and line in (part.lineno for part in first)

    def needed(self, text: str, own_name: str) -> set[ast.stmt]:
        """The statements that a text needs, and that these need themselves."""
        found: set[ast.stmt] = set()
        waiting = [text]
        while waiting:
            for name in names_used(waiting.pop()):
                if name == own_name or name in GIVEN:
                    continue
                if name not in self.binding:
                    raise NoSource(self.unknown(name))
                for statement in self.binding[name]:
                    if statement not in found:
                        found.add(statement)
                        waiting.append(self.text_of(statement, self.text))
        return found

    def unknown(self, name: str) -> str:
        where = "is not defined at the top level of its file"
        return f"{described(self.function)} uses `{name}`, which {where}: define or import it there, or in the function"

    def text_of(self, statement: ast.stmt, text: str) -> str:
        """A statement without the decorators that only say that it is a step."""
        segment = ast.get_source_segment(text, statement) or ""
        kept = [
            f"@{ast.get_source_segment(text, decorator)}\n"
            for decorator in getattr(statement, "decorator_list", ())
            if not self.is_left_out(decorator)
        ]
        return "".join(kept) + segment

    def is_left_out(self, decorator: ast.expr) -> bool:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        path = []
        while isinstance(named, ast.Attribute):
            path.append(named.attr)
            named = named.value
        if not isinstance(named, ast.Name):
            return False
        found = self.function.__globals__.get(named.id)
        for attribute in reversed(path):
            found = getattr(found, attribute, None)
        return self.is_decorator(found)

    def check_imports(self, statements: set[ast.stmt], has_packages: bool) -> None:
        """Refuses what a step could not import."""
        for statement in statements:
            for name in modules_of(statement):
                self.check_import(name, has_packages)

    def check_import(self, name: str, has_packages: bool) -> None:
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top == OWN_PACKAGE:
            return
        distributions = importlib.metadata.packages_distributions().get(top, []) if top else []
        if not distributions:
            raise NoSource(
                f"{described(self.function)} imports `{name or '.'}`, which is of no package: put what it needs into its"
                " own file"
            )
        if not has_packages:
            package = f"{distributions[0]}=={importlib.metadata.version(distributions[0])}"
            raise NoSource(
                f"{described(self.function)} imports `{name}`: name its package, as in @step(packages=[\"{package}\"])"
            )


def described(function: Callable[..., Any]) -> str:
    return f"function `{function.__name__}` ({inspect.getfile(function)}:{function.__code__.co_firstlineno})"


def modules_of(statement: ast.stmt) -> Iterator[str]:
    """The modules that a statement imports; an empty name for those beside its own."""
    for part in ast.walk(statement):
        if isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom) and part.module != "__future__":
            yield "" if part.level else part.module or ""


def bound_by(statement: ast.stmt) -> set[str]:
    """The names that a statement binds in its module. What stands under `if __name__ == …` is for programs."""
    if isinstance(statement, ast.If) and any(
        isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(statement.test)
    ):
        return set()
    table = symtable.symtable(ast.unparse(statement), "step", "exec")
    return {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}


def names_used(text: str) -> set[str]:
    """The names that a text takes from its module."""
    used: set[str] = set()
    tables = [symtable.symtable(text, "step", "exec")]
    while tables:
        table = tables.pop()
        is_module = table.get_type() == "module"
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (is_module or symbol.is_global()):
                used.add(symbol.get_name())
        tables.extend(table.get_children())
    return used


def joined(texts: list[str]) -> str:
    """Statements one below the other, with room around definitions."""
    whole = ""
    for text in texts:
        is_definition = text.startswith(("def ", "class ", "@", "async def "))
        whole += ("\n\n" if whole and is_definition else "") + text + "\n"
    return whole
