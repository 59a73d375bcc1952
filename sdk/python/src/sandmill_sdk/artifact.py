"""Artifacts: files that steps take and make, in a sandbox and on an author's machine.

Never changes a file that a step was handed: what a step makes is a file of its own.
"""

from __future__ import annotations

import hashlib
import json
import math
import mimetypes
import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import IO, Any, Self

# Read from a file at once.
PIECE_BYTES = 1 << 20


class Artifact:
    """A file, or a folder, with a media type and names and values about it.

    A step is handed some and returns others. `Artifact("words.txt")` is a file of this machine, by which a step can be
    tested as an ordinary function.
    """

    KIND = "artifact"
    MEDIA_TYPE = "application/octet-stream"

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        media_type: str | None = None,
        metadata: dict[str, str] | None = None,
    ) -> None:
        self._path: Path | None = Path(path)
        self._content: bytes | None = None
        self._digest: str | None = None
        self.media_type = media_type or self._guess()
        self.metadata = dict(metadata or {})

    @classmethod
    def of_bytes(cls, content: bytes, *, media_type: str | None = None, metadata: dict[str, str] | None = None) -> Self:
        """A new one with this content."""
        made = cls("/", media_type=media_type or cls.MEDIA_TYPE, metadata=metadata)
        made._path, made._content = None, bytes(content)
        return made

    @classmethod
    def of_text(cls, text: str, *, media_type: str = "text/plain", metadata: dict[str, str] | None = None) -> Self:
        """A new one with this text, in UTF-8."""
        return cls.of_bytes(text.encode(), media_type=media_type, metadata=metadata)

    @classmethod
    def of_json(cls, value: Any, *, metadata: dict[str, str] | None = None) -> Self:
        """A new one with this value as JSON."""
        return cls.of_text(json.dumps(value), media_type="application/json", metadata=metadata)

    @classmethod
    def _handed(cls, told: dict[str, Any]) -> Self:
        """One that the host has laid where it says."""
        handed = cls(told["path"], media_type=told["mediaType"], metadata=told["metadata"])
        handed._digest = told["digest"]
        return handed

    @property
    def path(self) -> Path:
        """Where it lies. One that was made of bytes is written down when this is first asked."""
        if self._path is None:
            folder = tempfile.mkdtemp(prefix="sandmill-")
            weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
            self._path = Path(folder) / "content"
            self._path.write_bytes(self._content or b"")
        return self._path

    @property
    def size_bytes(self) -> int:
        """The length of its content."""
        return self.path.stat().st_size if self._content is None else len(self._content)

    @property
    def digest(self) -> str:
        """`sha256:` and 64 hexadecimal digits over its bytes."""
        if self._digest is None:
            hasher = hashlib.sha256()
            with self.open() as file:
                while piece := file.read(PIECE_BYTES):
                    hasher.update(piece)
            self._digest = f"sha256:{hasher.hexdigest()}"
        return self._digest

    def open(self) -> IO[bytes]:
        """A reader over its bytes, at the start."""
        return self.path.open("rb")

    def read_bytes(self) -> bytes:
        """All of it. Mind the step's memory limit; `open` reads in pieces."""
        return self.path.read_bytes() if self._content is None else self._content

    def read_text(self, encoding: str = "utf-8") -> str:
        """All of it as text."""
        return self.read_bytes().decode(encoding)

    def read_json(self) -> Any:
        """All of it as JSON."""
        return json.loads(self.read_bytes())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a copy of it to a path: a file, or a folder where it is one."""
        if self._content is not None:
            Path(path).write_bytes(self._content)
        elif self.path == Path(path):
            pass
        elif self.path.is_dir():
            shutil.copytree(self.path, path)
        else:
            shutil.copyfile(self.path, path)

    def _guess(self) -> str:
        guessed = mimetypes.guess_type(str(self._path))[0] if type(self) is Artifact else None
        return guessed or self.MEDIA_TYPE

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.media_type}, {self._path or f'{self.size_bytes} bytes'})"


class DataSet(Artifact):
    """A table. What the built-in components speak is a stream of Arrow record batches."""

    KIND = "data-set"
    MEDIA_TYPE = "application/vnd.apache.arrow.stream"


class Model(Artifact):
    """Trained weights."""

    KIND = "model"


class Metrics(Artifact):
    """What an evaluation found."""

    KIND = "metrics"
    MEDIA_TYPE = "application/vnd.sandmill.metrics.v1+json"

    @classmethod
    def of_scalars(cls, scalars: dict[str, float]) -> Self:
        """New metrics of numbers by their names."""
        for name, value in scalars.items():
            if not math.isfinite(value):
                raise ValueError(f"metric `{name}` is {value}, which metrics cannot hold")
        numbers = {name: float(scalars[name]) for name in sorted(scalars)}
        return cls.of_bytes(json.dumps({"scalars": numbers}, separators=(",", ":"), ensure_ascii=False).encode())

    @property
    def scalars(self) -> dict[str, float]:
        """Numbers by their names."""
        return dict(self.read_json().get("scalars", {}))
