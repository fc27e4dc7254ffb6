"""A text by offsets, lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from storyreel.base.span import Span

_BREAK = re.compile(r"\r\n?")


def normalized(text: str) -> str:
    """The text without byte order mark and with `\\n` for every line break; no line or column moves."""
    return _BREAK.sub("\n", text.removeprefix("\ufeff")) if "\r" in text else text.removeprefix("\ufeff")


class Lines:
    """A normalized text whose offsets can be named as places in its file."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The stretch from `start` to `end` (exclusive)."""
        return Span(self.file, *self.place(start), *self.place(max(start, end)))

    def bounds(self, offset: int) -> tuple[int, int]:
        """Where the line that holds an offset begins, and where it ends without its break."""
        line = bisect_right(self.starts, offset)
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return self.starts[line - 1], end

    def indent(self, offset: int) -> int:
        """Blanks at the beginning of the line that holds an offset."""
        start, end = self.bounds(offset)
        line = self.text[start:end]
        return len(line) - len(line.lstrip(" "))
