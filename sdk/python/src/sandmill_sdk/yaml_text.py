"""A document as YAML: texts of several lines stand as they are, everything else as JSON writes it.

Never reads YAML, and never writes more of it than documents need.
"""

from __future__ import annotations

import json
from typing import Any

INDENT = "  "


def yaml_of(document: dict[str, Any]) -> str:
    """The text of a document."""
    return "\n".join(lines_of(document, "")) + "\n"


def lines_of(mapping: dict[str, Any], indent: str) -> list[str]:
    lines = []
    for key, value in mapping.items():
        name = f"{indent}{key_text(key)}:"
        if isinstance(value, dict) and value:
            lines += [name, *lines_of(value, indent + INDENT)]
        elif isinstance(value, str) and is_block(value):
            # The dash keeps the last line's end out of the text, the plus keeps several of them in.
            sign = "|" if value.endswith("\n") and not value.endswith("\n\n") else "|+" if value.endswith("\n") else "|-"
            block = value.removesuffix("\n").split("\n")
            lines += [f"{name} {sign}", *(f"{indent}{INDENT}{line}" if line else "" for line in block)]
        else:
            lines.append(f"{name} {flow(value)}")
    return lines


def is_block(text: str) -> bool:
    """Whether a text reads the same as a block: several lines of what can be printed, the first not indented."""
    printable = all(line.isprintable() or line.replace("\t", "").isprintable() for line in text.split("\n"))
    return "\n" in text.rstrip("\n") and not text[0].isspace() and printable


def key_text(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    # Words that YAML reads as something else than text are quoted.
    is_word = plain.isascii() and plain.isalpha() and key.lower() not in ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
    return key if is_word and key[0].isalpha() else flow(key)


def flow(value: Any) -> str:
    """On one line. JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)
