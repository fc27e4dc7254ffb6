"""Diagnostics as the page shows them: each with the lines around it, cut so that the marked stretch stands apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.base.report import hint_text, printable

_BEFORE, _AFTER = 2, 1
"""Lines of context."""
_SIDE = 160
"""Characters of a long line that are kept on either side of the marked stretch."""
MOST = 50
"""Findings that are shown; the first errors come first."""


def findings(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Errors before warnings, each by its place; `texts` are the files by path."""
    ordered = sorted(in_order(diagnostics), key=lambda found: not found.is_error)[:MOST]
    lines = {file: text.removeprefix("\ufeff").splitlines() for file, text in texts.items()}
    return [_finding(found, lines.get(found.span.file, [])) for found in ordered]


def _finding(found: Diagnostic, lines: list[str]) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "message": printable(found.message),
        "label": printable(found.label),
        "place": printable(str(found.span)),
        "excerpt": _excerpt(found, lines),
        "hints": [printable(hint_text(hint)) for hint in found.hints],
    }


def _excerpt(found: Diagnostic, lines: list[str]) -> list[dict[str, Any]]:
    """Lines as `before`, `marked` and `after`, of which the finding's own alone is marked."""
    span = found.span
    if not 1 <= span.line <= len(lines):
        return []
    first, last = max(1, span.line - _BEFORE), min(len(lines), span.line + _AFTER)
    rows = []
    for number in range(first, last + 1):
        line = lines[number - 1]
        if number != span.line:
            rows.append({"number": number, "before": _shown(line[: 2 * _SIDE]), "marked": "", "after": ""})
            continue
        end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
        start = min(span.column - 1, len(line))
        end = max(start, min(end, start + _SIDE, len(line)))
        left = max(0, start - _SIDE)
        before = ("…" if left else "") + line[left:start]
        rest = line[end : end + _SIDE]
        after = rest + ("…" if end + _SIDE < len(line) else "")
        # A finding where nothing stands (a missing value) is marked by a blank.
        rows.append(
            {
                "number": number,
                "before": _shown(before),
                "marked": _shown(line[start:end]) or " ",
                "after": _shown(after),
            }
        )
    return rows


def _shown(text: str) -> str:
    return printable(text).replace("\t", "    ").replace("\n", " ")
