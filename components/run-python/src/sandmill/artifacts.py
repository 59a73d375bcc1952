"""Artifacts: content under a digest, read in pieces.

Never keeps what it has read.
"""

import csv
import io
import json

from wit_world.imports import requests

from .asking import ask, exchange, pages, part, with_query
from .tables import Table, moment, size, table

# One request carries at most as many bytes.
PIECE_BYTES = 8 << 20


class Artifact:
    """An artifact: `digest`, `kind`, `media_type`, `size_bytes`, `metadata`, and who made it."""

    def __init__(self, told: dict) -> None:
        self.digest = told["digest"]
        self.kind = told["kind"]
        self.media_type = told["mediaType"]
        self.size_bytes = told["sizeBytes"]
        self.metadata = told.get("metadata", {})
        self.run = told.get("run")
        self.step = told.get("step")
        self.output = told.get("output")
        self.made_at_millis = told.get("madeAtMillis")

    @property
    def reference(self) -> dict:
        """The artifact as parameters of runs and data sets of jobs name it."""
        return {
            "digest": self.digest,
            "kind": self.kind,
            "mediaType": self.media_type,
            "sizeBytes": self.size_bytes,
            "metadata": self.metadata,
        }

    def read(self, start: int = 0, end: int | None = None) -> bytes:
        """The bytes from `start` up to `end`, or to the last."""
        end = self.size_bytes if end is None else min(end, self.size_bytes)
        pieces = []
        for first in range(start, end, PIECE_BYTES):
            span = (first, min(first + PIECE_BYTES, end))
            pieces.append(exchange("GET", f"/api/v1/artifacts/{part(self.digest)}/content", span=span))
        return b"".join(pieces)

    def text(self) -> str:
        """All of it as text."""
        return self.read().decode()

    def json(self) -> object:
        """All of it as JSON."""
        return json.loads(self.read())

    def rows(self) -> list[dict]:
        """The rows of a table in CSV, by the names in its first line."""
        return list(csv.DictReader(io.StringIO(self.text())))

    def __repr__(self) -> str:
        return f"Artifact({self.digest[:19]}…, {self.kind}, {self.media_type}, {size(self.size_bytes)})"

    def _repr_html_(self) -> str:
        made = f"{self.step} of {self.run}" if self.run else ""
        rows = [["digest", self.digest], ["kind", self.kind], ["media type", self.media_type]]
        rows += [["size", size(self.size_bytes)], ["made by", made], ["metadata", json.dumps(self.metadata)]]
        return table(["artifact", ""], rows)


COLUMNS = {
    "digest": lambda artifact: artifact.digest,
    "kind": lambda artifact: artifact.kind,
    "media type": lambda artifact: artifact.media_type,
    "size": lambda artifact: size(artifact.size_bytes),
    "step": lambda artifact: artifact.step or "",
    "made at": lambda artifact: moment(artifact.made_at_millis),
}


def artifacts(run: object = None, limit: int = 50) -> Table:
    """The newest artifacts, of all runs or of one."""
    return Table(map(Artifact, pages("/api/v1/artifacts", limit, run=getattr(run, "id", run))), COLUMNS)


def data_sets(run: object = None, limit: int = 50) -> Table:
    """Those among the newest artifacts that are tables."""
    return Table((found for found in artifacts(run, limit) if found.kind == "data-set"), COLUMNS)


def artifact(digest: str) -> Artifact:
    """The artifact of this digest."""
    return Artifact(ask("GET", f"/api/v1/artifacts/{part(digest)}"))


def upload(content: bytes | str, kind: str = "artifact", media_type: str = "", metadata: dict | None = None) -> Artifact:
    """Keeps content as an artifact: `artifact`, `data-set`, `model` or `metrics`."""
    is_text = isinstance(content, str)
    sent = requests.Content(
        media_type or ("text/plain; charset=utf-8" if is_text else "application/octet-stream"),
        content.encode() if is_text else bytes(content),
    )
    about = None if metadata is None else json.dumps(metadata)
    return Artifact(json.loads(exchange("POST", with_query("/api/v1/artifacts", {"kind": kind}), sent, metadata=about)))
