"""Endpoints, called over HTTP: the host sends the request, if the node lets sessions call the endpoint's host.

Never opens a connection itself.
"""

import base64
import json as encoding

from .asking import ask


class Answer:
    """What an endpoint answered: `status`, `headers`, `body`."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> object:
        """The body as JSON."""
        return encoding.loads(self.body)

    def __repr__(self) -> str:
        return f"Answer({self.status}, {len(self.body)} bytes)"


def call(
    url: str,
    json: object = None,
    *,
    method: str | None = None,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Calls an endpoint: with a body, or with something that is sent as JSON, by POST; else by GET."""
    sent = dict(headers or {})
    if json is not None:
        body = encoding.dumps(json).encode()
        sent.setdefault("content-type", "application/json")
    method = method or ("GET" if body is None else "POST")
    asked = {"method": method, "url": url, "headers": sent, "body": base64.b64encode(body or b"").decode()}
    told = ask("POST", "/api/v1/endpoints:call", asked)
    return Answer(told["status"], told["headers"], base64.b64decode(told["body"]))
