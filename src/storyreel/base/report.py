"""Diagnostics as people, editors and machines read them. Nothing from a file reaches a terminal as it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from storyreel.base.diagnostic import Diagnostic, Hint, in_order

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_LINE_BREAK = re.compile(r"\r\n?|\n")
_TAB = " " * 4
_WIDEST = 120
_MARGIN = 1_000
"""Cells of an excerpt; a longer line is shown around its finding."""

_COLORS = {"error": "1;31", "warning": "1;33", "rule": "1;34", "strong": "1"}


def printable(text: str) -> str:
    """Text without control characters, C0, C1 or bidirectional; tabs and line breaks stay, `�` shows what was there."""
    return _UNSAFE.sub("\ufffd", text.replace("\r\n", "\n"))


def render_full(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str], color: bool = False) -> str:
    """Each finding with the line it is about, a blank line between two; `texts` are the files by path."""
    lines = {file: _LINE_BREAK.split(text.removeprefix("\ufeff")) for file, text in texts.items()}
    return "\n".join(_full(found, lines.get(found.span.file, []), color) for found in in_order(diagnostics))


def render_concise(diagnostics: Iterable[Diagnostic]) -> str:
    """One line each: `file:line:column: error[SR104] message`."""
    return "".join(
        f"{_one_line(str(found.span))}: {found.severity}[{found.code}] {_one_line(found.message)}\n"
        for found in in_order(diagnostics)
    )


def render_json(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The document of `check --output-format json`."""
    return {"diagnostics": [_json(found) for found in in_order(diagnostics)]}


def render_github(diagnostics: Iterable[Diagnostic]) -> str:
    """Workflow commands, one a line, that put each finding beside its line in a pull request."""
    return "".join(_github(found) for found in in_order(diagnostics))


def hint_text(hint: Hint) -> str:
    """A hint with the place that it points at."""
    if hint.span is None:
        return hint.text
    return f"{hint.text} ({'declared at ' if hint.text.endswith('?') else ''}{hint.span})"


def _full(found: Diagnostic, lines: list[str], color: bool) -> str:
    span = found.span
    gutter = " " * len(str(span.line))
    bar = _paint("|", "rule", color)
    head = _paint(f"{found.severity}[{found.code}]", found.severity, color)
    shown = [
        head + _paint(f": {_one_line(found.message)}", "strong", color),
        f"{gutter}{_paint('-->', 'rule', color)} {_one_line(str(span))}",
    ]
    if 1 <= span.line <= len(lines):
        excerpt, carets = _excerpt(lines[span.line - 1], span.column, _last_column(found, lines))
        label = f" {_one_line(found.label)}" if found.label else ""
        marks = carets[: len(carets) - len(carets.lstrip())] + _paint(carets.lstrip() + label, found.severity, color)
        shown += [
            f"{gutter} {bar}",
            f"{_paint(str(span.line), 'rule', color)} {bar} {excerpt}".rstrip(),
            f"{gutter} {bar} {marks}",
        ]
    elif found.label:
        shown.append(f"{gutter} {_paint('=', 'rule', color)} note: {_one_line(found.label)}")
    if found.hints:
        shown.append(f"{gutter} {bar}")
    for hint in found.hints:
        first, *more = printable(hint_text(hint)).split("\n")
        shown.append(f"{gutter} {_paint('=', 'rule', color)} help: {first}")
        shown += [f"{gutter}         {line}" for line in more]
    return "\n".join(shown) + "\n"


def _last_column(found: Diagnostic, lines: list[str]) -> int:
    """Where the marks end on the first line."""
    span = found.span
    if span.end_line == span.line:
        return span.end_column
    return len(lines[span.line - 1].rstrip()) + 1


def _excerpt(line: str, column: int, end: int) -> tuple[str, str]:
    """The line in cells and the carets below it, both cut around the finding where the line is long."""
    left = max(0, column - 1 - _MARGIN)
    near = line[left : column - 1 + _MARGIN]  # a line may be a megabyte long; far from the finding nothing is measured
    cells = [_cell(sign) for sign in near]
    first = min(column - 1 - left, len(cells))
    last = max(first, min(end - 1 - left, len(cells)))
    low, high = _window(cells, first, last)
    before = "…" if low + left > 0 else ""
    after = "…" if high < len(cells) or left + len(near) < len(line) else ""
    excerpt = before + "".join(cells[low:high]) + after
    blank = sum(_width(cell) for cell in cells[low:first]) + len(before)
    width = sum(_width(cell) for cell in cells[first : min(last, high)])
    return excerpt, " " * blank + "^" * max(1, width)


def _window(cells: list[str], first: int, last: int) -> tuple[int, int]:
    if sum(_width(cell) for cell in cells) <= _WIDEST:
        return 0, len(cells)
    low = max(0, min(first - _WIDEST // 3, len(cells) - _WIDEST))
    high, width = low, 0
    while high < len(cells) and width + _width(cells[high]) <= _WIDEST:
        width += _width(cells[high])
        high += 1
    return low, max(high, min(last, first + 1))


def _cell(sign: str) -> str:
    return _TAB if sign == "\t" else _UNSAFE.sub("\ufffd", sign)


def _width(cell: str) -> int:
    """Columns that a terminal gives to one character: none for a mark on another, two for wide ones."""
    if len(cell) > 1:
        return len(cell)
    if cell.isascii():
        return 1
    if unicodedata.category(cell) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(cell) in "WF" else 1


def _one_line(text: str) -> str:
    return printable(text).replace("\n", " ").replace("\t", " ")


def _json(found: Diagnostic) -> dict[str, Any]:
    span = found.span
    return {
        "code": found.code,
        "severity": found.severity,
        "message": printable(found.message),
        "label": printable(found.label),
        "file": printable(span.file),
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "hints": [printable(hint_text(hint)) for hint in found.hints],
    }


def _github(found: Diagnostic) -> str:
    span = found.span
    words = [found.message + (f": {found.label}" if found.label else ""), *map(hint_text, found.hints)]
    places = {
        "file": span.file,
        "line": span.line,
        "endLine": span.end_line,
        "col": span.column,
        "endColumn": span.end_column,
        "title": f"{found.severity} {found.code}",
    }
    where = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    return f"::{found.severity} {where}::{_escaped(chr(10).join(words))}\n"


def _escaped(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")


def _paint(text: str, kind: str, color: bool) -> str:
    return f"\x1b[{_COLORS[kind]}m{text}\x1b[0m" if color else text
