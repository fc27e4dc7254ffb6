"""Diagnostics tests written in place: a case file holds many small projects, each with its expected findings.

    --- unknown-element                     a case begins; its board, storyboards/board.yaml, follows
    storyreel: 1
    scenes:
      - id: a
        shots: [{prompt: "@Mira runs", duration: 4}]
    #                     ^^^^^ SR104       expected on the line above, which is where these columns are counted
    === data/copy.csv                       a further file of the same case

Carets give the first column and the end; a single caret leaves the end open. A span of several lines ends, for this
purpose, where its first line ends. Columns 1 and 2 cannot be reached by carets: `#@1-4 SR001` means columns 1 to 4.
Words after the code must stand in the finding's message, label or hints. Marks are removed before parsing; one
above every line means the first line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.diagnostic import Diagnostic

SUITE = Path(__file__).resolve().parents[1] / "suite"
BOARD = "storyboards/board.yaml"

_CASE = re.compile(r"--- (?P<name>\S.*)")
_FILE = re.compile(r"=== (?P<path>\S+)")
_CARETS = re.compile(r"#(?P<blank> *)(?P<carets>\^+) (?P<code>SR\d{3})(?: (?P<words>.*))?")
_COLUMNS = re.compile(r"#@(?P<first>\d+)(?:-(?P<last>\d+))? (?P<code>SR\d{3})(?: (?P<words>.*))?")


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """One finding as a case asks for it; `end` (exclusive) is None where the case leaves it open."""

    file: str
    line: int
    column: int
    end: int | None
    code: str
    words: str = ""

    def fits(self, found: Diagnostic, text: str) -> bool:
        """True if the finding is of this code, at this place, and says these words."""
        span = found.span
        if (self.file, self.line, self.column, self.code) != (span.file, span.line, span.column, found.code):
            return False
        if self.end is not None and self.end != _end_on_first_line(found, text):
            return False
        return self.words in "\n".join([found.message, found.label, *(hint.text for hint in found.hints)])

    def mark(self) -> str:
        words = f" {self.words}" if self.words else ""
        return _mark(self.column, self.end, self.code) + words


@dataclass(frozen=True, slots=True)
class Case:
    """One small project and what must be found in it."""

    name: str
    files: Mapping[str, str]
    expected: tuple[Expected, ...]

    def __str__(self) -> str:
        return self.name


def load_cases(path: Path) -> list[Case]:
    """Every case of a file, in order; raises ValueError on a name used twice."""
    cases: dict[str, Case] = {}
    name: str | None = None
    body: list[str] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), "--- end"]:
        opening = _CASE.fullmatch(line)
        if opening is None:
            body.append(line)
            continue
        if name is not None:
            if name in cases:
                raise ValueError(f"{path.name}: two cases are named {name}")
            cases[name] = _read_case(name, body)
        name, body = opening["name"], []
    return list(cases.values())


def assert_case(case: Case, diagnostics: Iterable[Diagnostic]) -> None:
    """Fail, showing each file with wanted and found marks side by side, unless exactly the expected was found."""
    found = list(diagnostics)
    missing: list[Expected] = []
    for wanted in case.expected:
        match = next((d for d in found if wanted.fits(d, case.files.get(d.span.file, ""))), None)
        if match is None:
            missing.append(wanted)
        else:
            found.remove(match)
    if missing or found:
        raise AssertionError(_differences(case, missing, found))


def _read_case(name: str, lines: list[str]) -> Case:
    files: dict[str, list[str]] = {BOARD: []}
    expected: list[Expected] = []
    path = BOARD
    for line in lines:
        opening = _FILE.fullmatch(line)
        if opening is not None:
            path = opening["path"]
            files[path] = []
            continue
        mark = _CARETS.fullmatch(line) or _COLUMNS.fullmatch(line)
        if mark is None:
            files[path].append(line)
            continue
        expected.append(_read_mark(path, max(1, len(files[path])), mark))
    texts = {path: "\n".join(text).rstrip("\n") + "\n" for path, text in files.items()}
    return Case(name, texts, tuple(expected))


def _read_mark(path: str, line: int, mark: re.Match[str]) -> Expected:
    parts = mark.groupdict()
    if "carets" in parts:
        first = 2 + len(mark["blank"])
        end = None if len(mark["carets"]) == 1 else first + len(mark["carets"])
    else:
        first = int(mark["first"])
        end = int(mark["last"]) + 1 if mark["last"] else None
    return Expected(path, line, first, end, mark["code"], mark["words"] or "")


def _end_on_first_line(found: Diagnostic, text: str) -> int:
    span = found.span
    if span.end_line == span.line:
        return span.end_column
    lines = text.split("\n")
    return len(lines[span.line - 1]) + 1 if span.line <= len(lines) else span.column


def _mark(column: int, end: int | None, code: str) -> str:
    width = 1 if end is None else max(1, end - column)
    if column >= 2:
        return "#" + " " * (column - 2) + "^" * width + f" {code}"
    return f"#@{column} {code}" if end is None else f"#@{column}-{column + width - 1} {code}"


def _differences(case: Case, missing: list[Expected], found: list[Diagnostic]) -> str:
    wanted = {**case.files}
    actual = {**case.files}
    for path in {d.span.file for d in found} - set(case.files):
        wanted[path] = actual[path] = ""
    for path, text in case.files.items():
        wanted[path] = _with_marks(text, [(e.line, e.mark()) for e in missing if e.file == path])
    for path in actual:
        text = case.files.get(path, "")
        marks = [(d.span.line, _found_mark(d, text)) for d in found if d.span.file == path]
        actual[path] = _with_marks(text, marks)
    shown = [f"case {case.name}: - was expected, + was found"]
    for path in wanted:
        difference = difflib.unified_diff(
            wanted[path].split("\n"), actual[path].split("\n"), path, path, lineterm="", n=2
        )
        shown += difference
    return "\n".join(shown)


def _found_mark(found: Diagnostic, text: str) -> str:
    hints = "".join(f" | {hint.text}" for hint in found.hints)
    end = _end_on_first_line(found, text)
    return f"{_mark(found.span.column, end, found.code)} {found.message} | {found.label}{hints}"


def _with_marks(text: str, marks: list[tuple[int, str]]) -> str:
    lines = text.split("\n")
    for line, mark in sorted(marks, reverse=True):
        lines.insert(min(line, len(lines)), mark)
    return "\n".join(lines)
