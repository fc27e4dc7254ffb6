"""Where in the file the characters of a scalar stand: quotes, escapes, folding and indentation undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from storyreel.base.span import Span
from storyreel.board.node import Scalar
from storyreel.board.text.lines import Lines, normalized

_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b",
    " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_WIDTHS = {"x": 2, "u": 4, "U": 8}
_HEX = re.compile(r"[0-9A-Fa-f]{2,4}|000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4}")
_GAP = re.compile(r"[ \t\n]+")
_BREAKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)*")

Piece = tuple[str, int, int]
"""A character that the scalar says, and the stretch of the file that says it."""


def place_in(text: str, scalar: Scalar, start: int, end: int) -> Span:
    """The place of `scalar.text[start:end]` in the file whose text is given.

    The whole scalar where the file says something else there, as for one that was filled or is of another file.
    """
    lines = _lines(scalar.span.file, text)
    span = scalar.span
    if span.end_line > len(lines.starts):
        return span
    first = lines.starts[span.line - 1] + span.column - 1
    last = lines.starts[span.end_line - 1] + span.end_column - 1
    pieces = _pieces(lines, scalar, first, last) if first <= last <= len(lines.text) and 0 <= start <= end else None
    if pieces is None:
        return span
    if start >= len(pieces):
        after = pieces[-1][2] if pieces else first
        return lines.span(after, after)
    begin = pieces[start][1]
    return lines.span(begin, pieces[min(end, len(pieces)) - 1][2] if end > start else begin)


@lru_cache(maxsize=16)
def _lines(file: str, text: str) -> Lines:
    return Lines(file, normalized(text))


def _pieces(lines: Lines, scalar: Scalar, first: int, last: int) -> list[Piece] | None:
    text = lines.text
    if scalar.style in ("literal", "folded"):
        return _block(lines, scalar, first, last)
    if scalar.style == "plain":
        pieces = list(plain_pieces(text, first, last))
    elif scalar.style == "single":
        pieces = list(_single(text, first + 1, last - 1))
    else:
        pieces = list(_double(text, first + 1, last - 1))
    return pieces if "".join(piece[0] for piece in pieces) == scalar.text else None


def _gap(text: str, at: int, last: int) -> tuple[list[Piece], int]:
    """Blanks and line breaks folded: one break is a blank, each further one a break."""
    found = _GAP.match(text, at, last)
    assert found is not None, "asked for at a blank only"
    breaks = found[0].count("\n")
    if breaks == 0:
        return [(sign, at + i, at + i + 1) for i, sign in enumerate(found[0])], found.end()
    said = " " if breaks == 1 else "\n" * (breaks - 1)
    return [(sign, at, found.end()) for sign in said], found.end()


def plain_pieces(text: str, at: int, last: int) -> Iterator[Piece]:
    """What a plain scalar between two offsets says, character by character."""
    while at < last:
        if text[at] in " \t\n":
            gap, at = _gap(text, at, last)
            yield from gap
        else:
            yield text[at], at, at + 1
            at += 1


def _single(text: str, at: int, last: int) -> Iterator[Piece]:
    while at < last:
        if text[at] in " \t\n":
            gap, at = _gap(text, at, last)
            yield from gap
        else:
            width = 2 if text[at] == "'" else 1
            yield text[at], at, at + width
            at += width


def _double(text: str, at: int, last: int) -> Iterator[Piece]:
    while at < last:
        if text[at] in " \t\n":
            gap, at = _gap(text, at, last)
            yield from gap
        elif text[at] != "\\" or at + 1 >= last:
            yield text[at], at, at + 1
            at += 1
        elif text[at + 1] == "\n":
            found = _BREAKS.match(text, at + 1, last)
            assert found is not None, "begins with a line break"
            for _ in range(found[0].count("\n") - 1):
                yield "\n", at, found.end()
            at = found.end()
        elif text[at + 1] in _WIDTHS:
            stop = at + 2 + _WIDTHS[text[at + 1]]
            code = text[at + 2 : stop]
            yield (chr(int(code, 16)) if _HEX.fullmatch(code) else "", at, stop)
            at = stop
        else:
            yield _ESCAPES.get(text[at + 1], text[at + 1]), at, at + 2
            at += 2


def _block(lines: Lines, scalar: Scalar, first: int, last: int) -> list[Piece] | None:
    text = lines.text
    number, _ = lines.place(first)
    rows = [lines.bounds(start) for start in lines.starts[number : lines.place(last)[0]]]
    filled = next((start for start, end in rows if text[start:end].strip(" ")), None)
    widest = lines.indent(filled) if filled is not None else 0
    wanted = scalar.text.rstrip()
    # An indentation indicator (`|2`) can make the block begin further left than its first line.
    for indent in range(widest, -1, -1):
        pieces = list(_block_pieces(text, rows, indent, is_folded=scalar.style == "folded"))
        if "".join(piece[0] for piece in pieces).rstrip() == wanted:
            kept = pieces[: len(wanted)]
            return kept + [("", last, last)] * (len(scalar.text) - len(wanted))
    return None


def _block_pieces(text: str, rows: list[tuple[int, int]], indent: int, *, is_folded: bool) -> Iterator[Piece]:
    was_prose: bool | None = None
    blank: list[Piece] = []
    eol = 0
    for start, end in rows:
        begin = start + indent
        if begin >= end:
            blank.append(("\n", min(begin, end), end))
            continue
        is_prose = text[begin] not in " \t"
        if was_prose is not None:
            if not (is_folded and was_prose and is_prose):
                yield "\n", eol, eol
            elif not blank:
                yield " ", eol, begin
        yield from blank
        blank = []
        for at in range(begin, end):
            yield text[at], at, at + 1
        was_prose, eol = is_prose, end
    yield from blank
