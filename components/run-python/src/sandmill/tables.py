"""Lists that show themselves as tables.

Never holds more than it was given: a list is what the platform said at one moment.
"""

import html
import time


class Table(list):
    """A list of things of one kind, with a column for each thing that is told of them."""

    def __init__(self, items, columns: dict) -> None:
        super().__init__(items)
        self.columns = columns

    def cells(self) -> list[list[str]]:
        return [[str(read(item)) for read in self.columns.values()] for item in self]

    def __repr__(self) -> str:
        rows = [list(self.columns), *self.cells()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.columns))]
        lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return table(list(self.columns), self.cells())


def table(head: list[str], rows: list[list[str]]) -> str:
    """An HTML table; what stands in it is text, whatever it looks like."""
    line = lambda cells, tag: "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"
    return f"<table><thead>{line(head, 'th')}</thead><tbody>{''.join(line(row, 'td') for row in rows)}</tbody></table>"


def moment(millis: int | None) -> str:
    """A time as people read it, in UTC."""
    return "" if millis is None else time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(millis / 1000))


def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit in ("B", "KiB", "MiB"):
        if count < 1024:
            return f"{count} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} GiB"
