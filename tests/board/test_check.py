"""What is wrong with the language of a board, in place; and what a right board becomes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from storyreel.base.codes.language import LANGUAGE
from storyreel.base.diagnostic import Checked, Diagnostic, in_order
from storyreel.board.check import Memo, check
from storyreel.board.expand import ExpandedFilm, expand, open_board
from storyreel.board.model import Storyboard
from storyreel.board.source import MediaFacts, MemorySource
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases

CASES = load_cases(SUITE / "language.cases")


def source_of(files: dict[str, str]) -> MemorySource:
    """`image 800x600`, `video 1280x720 5` and `audio 12` stand for the files that they describe."""
    facts = {path: read for path, text in files.items() if (read := facts_of(text)) is not None}
    return MemorySource(files, facts)


def facts_of(text: str) -> MediaFacts | None:
    match text.split():
        case ["image", size]:
            width, height = map(int, size.split("x"))
            return MediaFacts("image", width, height)
        case ["video", size, seconds]:
            width, height = map(int, size.split("x"))
            return MediaFacts("video", width, height, Fraction(seconds), Fraction(24))
        case ["audio", seconds]:
            return MediaFacts("audio", seconds=Fraction(seconds), has_audio=True)
    return None


def films_of(source: MemorySource) -> list[ExpandedFilm]:
    opened = open_board(source, BOARD)
    assert opened.value is not None, opened.diagnostics
    films = [film.value for film in expand(opened.value)]
    return [film for film in films if film is not None]


def checked(text: str, **files: str) -> Checked[Storyboard]:
    source = source_of({BOARD: text, **files})
    (film,) = films_of(source)
    return check(film, source)


def board_of(text: str, **files: str) -> Storyboard:
    result = checked(text, **files)
    assert result.value is not None, result.diagnostics
    return result.value


def findings(case: Case) -> tuple[Diagnostic, ...]:
    source = source_of(dict(case.files))
    opened = open_board(source, BOARD)
    found = list(opened.diagnostics)
    memo: Memo = {}
    if opened.value is not None:
        for film in expand(opened.value):
            found += film.diagnostics
            if film.value is not None:
                found += check(film.value, source, memo).diagnostics
    return in_order(found)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_check_finds(case: Case) -> None:
    assert_case(case, findings(case))


def test_every_code_of_the_language_has_a_case() -> None:
    shown = {expected.code for case in CASES for expected in case.expected}
    assert {code.code for code in LANGUAGE} <= shown
