"""The first turn of an interpreter: makes the component's archives importable, and starts the kernel.

Never lays an archive into the session's files: each is read where it lies in the component, piece by piece.
"""

import io
import json
import os
import sys
import zipimport

import _host

# The packages with CPython's library, where the interpreter was built to look for it; and this component's own modules.
ARCHIVES = {"/usr/local/lib/python315.zip": 0, "/usr/local/lib/sandmill.zip": 1}
BUFFER_BYTES = 16 * 1024
READ_ONLY_FILE = 0o100444


def ask(**call):
    return _host.call(json.dumps(call).encode() + b"\n")


class Archive(io.RawIOBase):
    """An archive as a file that is open."""

    def __init__(self, number):
        self.number = number
        self.at = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=os.SEEK_SET):
        self.at = offset + (0, self.at, SIZES[self.number])[whence]
        return self.at

    def readinto(self, buffer):
        piece = ask(call="read", archive=self.number, offset=self.at, length=len(buffer))
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


class Over:
    """A module with some of its names replaced."""

    def __init__(self, module, **replaced):
        self.__dict__.update(replaced, module=module)

    def __getattr__(self, name):
        return getattr(self.module, name)


def opened(number):
    return io.BufferedReader(Archive(number), BUFFER_BYTES)


def open_code(path, *, ordinary=io.open_code):
    return opened(ARCHIVES[path]) if path in ARCHIVES else ordinary(path)


def open_file(file, *arguments, ordinary=io.open, **options):
    # For what reads an archive as a file, as `zipfile` and `importlib.resources` do.
    is_archive = isinstance(file, str) and file in ARCHIVES
    return opened(ARCHIVES[file]) if is_archive else ordinary(file, *arguments, **options)


def path_stat(path, *, ordinary=zipimport._bootstrap_external._path_stat):
    if path.startswith(INSIDE):
        # To the importer an archive is a file, whatever the session has laid under its name.
        raise NotADirectoryError(path)
    if path not in ARCHIVES:
        return ordinary(path)
    return os.stat_result((READ_ONLY_FILE, 0, 0, 1, 0, 0, SIZES[ARCHIVES[path]], 0, 0, 0))


INSIDE = tuple(f"{path}/" for path in ARCHIVES)
SIZES = [int(ask(call="size", archive=number)) for number in ARCHIVES.values()]
zipimport._io = Over(io, open_code=open_code)
zipimport._bootstrap_external = Over(zipimport._bootstrap_external, _path_stat=path_stat)
io.open = open_file
sys.path[:] = ARCHIVES

import sandmill_run_science
