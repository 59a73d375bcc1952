"""What makes a guest that was built once a process of its own: variables, randomness, and where modules are found.

Never opens anything: packages are the folders that the host has mounted.
"""

import importlib
import os
import random
import sys

PACKAGES_FOLDER = "/packages"


def become(variables: list[tuple[str, str]], library: tuple[str, ...] = ()) -> None:
    """Replaces what the build left in memory by what this guest was given. `library` is where modules are found that
    are part of the component and not of the interpreter."""
    os.environ.clear()
    os.environ.update(variables)
    # Without a terminal Python would keep lines back until its buffer is full.
    sys.stdout.reconfigure(line_buffering=True)
    sys.stderr.reconfigure(line_buffering=True)
    # Compiled files would count as the step's output, and no second guest would find them.
    sys.dont_write_bytecode = True
    forget_the_build()
    sys.path[:] = [os.getcwd(), *granted_packages(), *library]


def forget_the_build() -> None:
    """The generator's state and the folders that were looked into are part of the build."""
    # A granted source of randomness must tell.
    random.seed()
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()


def granted_packages() -> list[str]:
    """The folders of the packages that the host has mounted, in the order of their numbers."""
    try:
        names = os.listdir(PACKAGES_FOLDER)
    except OSError:
        return []
    return [f"{PACKAGES_FOLDER}/{name}" for name in sorted(names, key=int)]


def find_new_packages() -> None:
    """Makes what the host has mounted since the last cell importable."""
    new = [folder for folder in granted_packages() if folder not in sys.path]
    if new:
        sys.path += new
        importlib.invalidate_caches()
