"""`sandmill:kernel/session`: what a kernel says while a call is under way. Never keeps what is said."""

import json

from sandmill_run_science import door

from .sandmill_kernel_types import Bundle


class TextStream:
    """Where text that is written goes."""

    STDOUT = "Stdout"
    STDERR = "Stderr"


def write(to: str, text: str) -> None:
    door.call("write", to=to, text=text)


def display(shown: Bundle, id: str | None, update: bool) -> None:
    door.call("display", shown=shown, id=id, update=update)


def result(value: Bundle) -> None:
    door.call("result", value=value)


def clear(wait: bool) -> None:
    door.call("clear", wait=wait)


def interrupted() -> bool:
    return door.interrupted()


def read_line(prompt: str, secret: bool) -> str | None:
    return json.loads(door.call("read-line", prompt=prompt, secret=secret))
