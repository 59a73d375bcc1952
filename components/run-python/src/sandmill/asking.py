"""One request to the node, and what comes back.

Never opens a connection: the host carries the request, as far as the session was granted it.
"""

import json
import time
import urllib.parse

from componentize_py_types import Err
from wit_world.imports import requests, session

# How long a watcher waits between two looks, in seconds, and between two questions whether it should stop.
LOOK_SECONDS = 0.5
INTERRUPT_SECONDS = 0.1
# Items of one page; the node has pages of at most as many.
PAGE_ITEMS_MAX = 200


class PlatformError(Exception):
    """What the platform refused: `code` is what `sandmill explain` takes, `hint` says what to do next."""

    def __init__(self, code: str, message: str, hint: str | None = None, problems: list[dict] | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.message = message
        self.hint = hint
        # All that is wrong, where it is more than one thing.
        self.problems = problems or []

    def __reduce__(self):
        return type(self), (self.code, self.message, self.hint, self.problems)


def ask(method: str, path: str, body: object = None, **query: object) -> object:
    """Asks for a path of the node's REST interface, such as `ask("GET", "/api/v1/runs", limit=10)`, and returns the
    JSON of the answer."""
    content = None if body is None else requests.Content("application/json", json.dumps(body).encode())
    answer = exchange(method, with_query(path, query), content)
    return json.loads(answer) if answer else None


def exchange(method: str, path: str, content=None, span=None, metadata: str | None = None) -> bytes:
    """Asks, and returns the answer's bytes."""
    verb = {"GET": requests.Method.GET, "POST": requests.Method.POST}.get(method.upper())
    if verb is None:
        raise ValueError(f"`{method}` is not asked from notebooks; GET and POST are")
    try:
        answer = requests.ask(requests.Request(verb, path, content, span, metadata))
    except Err as refused:
        refusal = refused.value
        raise PlatformError(refusal.code, refusal.message, refusal.hint) from None
    if answer.status >= 400:
        raise error_of(answer.status, answer.body)
    return answer.body


def error_of(status: int, body: bytes) -> PlatformError:
    try:
        problems = json.loads(body)["errors"]
        first = problems[0]
        return PlatformError(first["code"], first["message"], first.get("hint"), problems)
    except (ValueError, LookupError, TypeError):
        return PlatformError(f"HTTP {status}", body[:1000].decode(errors="replace"))


def with_query(path: str, query: dict) -> str:
    """The path with what is wanted behind the question mark; what is None is not asked for."""
    wanted = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urllib.parse.urlencode(wanted)}" if wanted else path


def part(text: str) -> str:
    """A name as one part of a path."""
    return urllib.parse.quote(text, safe="")


def pages(path: str, limit: int, **query: object) -> list[dict]:
    """The newest items of a list, in as many requests as it takes."""
    items: list[dict] = []
    page = None
    while len(items) < limit:
        answer = ask("GET", path, limit=min(limit - len(items), PAGE_ITEMS_MAX), page=page, **query)
        items += answer["items"]
        page = answer.get("next")
        if page is None:
            break
    return items[:limit]


def pause() -> None:
    """Waits until it is time to look again; an interrupt ends the wait and the cell."""
    until = time.monotonic() + LOOK_SECONDS
    while time.monotonic() < until:
        if session.interrupted():
            raise KeyboardInterrupt
        time.sleep(INTERRUPT_SECONDS)


def to_wire(value: object) -> dict:
    """A value as parameters have it: JSON, an artifact, or a list with artifacts in it."""
    if hasattr(value, "reference"):
        return {"artifact": value.reference}
    if isinstance(value, (list, tuple)) and any(hasattr(item, "reference") for item in value):
        return {"list": [to_wire(item) for item in value]}
    return {"plain": value}
