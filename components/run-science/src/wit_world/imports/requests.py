"""`sandmill:platform/requests`: one request to the node. Never opens a connection."""

import json
from dataclasses import dataclass

from componentize_py_types import Err
from sandmill_run_science import door


class Method:
    """How something is asked."""

    GET = "Get"
    POST = "Post"


@dataclass
class Content:
    """What is sent along."""

    media_type: str
    body: bytes


@dataclass
class Request:
    """What is asked."""

    method: str
    path: str
    content: Content | None
    bytes: tuple[int, int] | None
    metadata: str | None


@dataclass
class Answer:
    """What came back, success or not."""

    status: int
    body: bytes


@dataclass
class Refusal:
    """Why the node was not asked."""

    code: str
    message: str
    hint: str | None


def ask(what: Request) -> Answer:
    media_type, body = (None, b"") if what.content is None else (what.content.media_type, what.content.body)
    asked = {"method": what.method, "path": what.path, "bytes": what.bytes, "metadata": what.metadata}
    line, _, content = door.call("ask", body, media_type=media_type, **asked).partition(b"\n")
    told = json.loads(line)
    if "Err" in told:
        raise Err(Refusal(**told["Err"]))
    return Answer(told["Ok"], content)
