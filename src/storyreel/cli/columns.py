"""Rows of text in columns, for tables of thousands of rows: each cell is measured once, the last column is folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Literal

Style = Literal["", "dim", "yellow", "red", "magenta"]
Cell = tuple[str, Style]

_CODES = {"dim": "2", "yellow": "33", "red": "31", "magenta": "35"}
_GAP = 2
_LEAST = 20


def columns(rows: Sequence[Sequence[Cell]], width: int, *, right: frozenset[int], has_color: bool) -> Iterator[str]:
    """Lines of at most `width` cells where the last column can be folded so far; those in `right` end at their edge."""
    from rich.cells import cell_len

    if not rows:
        return
    sizes = [[cell_len(text) for text, _ in row] for row in rows]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    indent = sum(widths[:-1]) + _GAP * (len(widths) - 1)
    room = max(_LEAST, width - indent)
    for row, own in zip(rows, sizes, strict=True):
        line = ""
        for place, (text, style) in enumerate(row[:-1]):
            blank = " " * (widths[place] - own[place])
            shown = painted(text, style, has_color)
            line += (blank + shown if place in right else shown + blank) + " " * _GAP
        text, style = row[-1]
        folded = [text] if own[-1] <= room else wrap(text, room)
        yield (line + painted(folded[0] if folded else "", style, has_color)).rstrip()
        for more in folded[1:]:
            yield " " * indent + painted(more, style, has_color)


def painted(text: str, style: Style, has_color: bool) -> str:
    """The text as a terminal shows it in a colour."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if has_color and style and text else text
