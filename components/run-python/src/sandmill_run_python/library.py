"""The standard library and kfp, compiled into the component at build time.

Never reads a file at run time: the folders that these modules came from exist only during the build.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import marshal
import os
import sys

# What no step can use: other programs, windows, and tests of Python itself.
LEFT_OUT = {"ensurepip", "idlelib", "test", "tests", "tkinter", "turtledemo", "__pycache__", "site-packages"}


class FrozenModule:
    """One module: where it came from, its compiled code, and whether it is a package."""

    __slots__ = ("origin", "code", "is_package")

    def __init__(self, origin: str, code: bytes, is_package: bool) -> None:
        self.origin = origin
        self.code = code
        self.is_package = is_package


class FrozenLibrary(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads the modules that were compiled in."""

    def __init__(self) -> None:
        self.modules: dict[str, FrozenModule] = {}

    def find_spec(self, fullname, path=None, target=None):
        module = self.modules.get(fullname)
        if module is None:
            return None
        spec = importlib.machinery.ModuleSpec(
            fullname, self, origin=module.origin, is_package=module.is_package
        )
        # Tracebacks name the file; nothing else looks for it.
        spec.has_location = True
        return spec

    def is_package(self, fullname):
        return self.modules[fullname].is_package

    def get_code(self, fullname):
        return marshal.loads(self.modules[fullname].code)

    def get_source(self, fullname):
        # Compiled code is all there is; inspect and linecache then say that they have no source.
        return None

    def add_folder(self, folder: str, prefix: str, shown: str) -> None:
        """Compiles every module below the folder. Tracebacks call the folder `shown`."""
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name in LEFT_OUT:
                continue
            if entry.is_dir() and entry.name.isidentifier():
                if os.path.exists(f"{entry.path}/__init__.py"):
                    self.add_folder(entry.path, f"{prefix}{entry.name}.", f"{shown}/{entry.name}")
            elif entry.name.endswith(".py"):
                self.add_file(entry.path, prefix + entry.name.removesuffix(".py"), f"{shown}/{entry.name}")

    def add_file(self, path: str, name: str, shown: str) -> None:
        is_package = name.endswith(".__init__")
        name = name.removesuffix(".__init__")
        with open(path, "rb") as file:
            source = file.read()
        try:
            code = compile(source, shown, "exec", dont_inherit=True)
        except SyntaxError:
            # Templates that only look like modules.
            return
        self.modules[name] = FrozenModule(shown, marshal.dumps(code), is_package)


def freeze() -> None:
    """Compiles in the standard library and kfp, and puts them in front of every other finder."""
    frozen = FrozenLibrary()
    # Not the folder of `os`: that module is part of the interpreter and names a folder of another machine.
    frozen.add_folder(os.path.dirname(os.path.dirname(json.__file__)), "", "python")
    kfp = importlib.util.find_spec("kfp")
    frozen.add_folder(os.path.dirname(kfp.origin), "kfp.", "python/kfp")
    # The package itself, which its folder cannot name.
    frozen.add_file(kfp.origin, "kfp.__init__", "python/kfp/__init__.py")
    # Behind the built-in modules, which have no file, and before the folders of sys.path.
    sys.meta_path.insert(2, frozen)
