"""The one way out of the interpreter: a line of JSON and bytes behind it, for bytes.

Never keeps anything, and knows no names of Python's: what goes through is the contract's.
"""

import json

import _host

INTERRUPTED = b'{"call":"interrupted"}\n'


def call(name: str, content: bytes = b"", **fields: object) -> bytes:
    return _host.call(line_of({"call": name, **fields}, vars) + content)


def line_of(value: object, default) -> bytes:
    """JSON in a line. Half characters, which texts of Python's may hold, become question marks."""
    return json.dumps(value, ensure_ascii=False, default=default).encode(errors="replace") + b"\n"


def interrupted() -> bool:
    # Asked from within loops of cells, hence without making the line anew.
    return _host.call(INTERRUPTED) != b""


def question() -> tuple[dict, bytes]:
    """What the host asks, and the bytes that came with it."""
    line, _, content = call("question").partition(b"\n")
    return json.loads(line), content


def answer(line: bytes, content: bytes) -> None:
    call("answer", line + content)


def environment() -> list[list[str]]:
    """The session's variables, each with its name."""
    return json.loads(call("environment"))
