"""What expansion says about broken templates and variants, in place."""

from __future__ import annotations

import pytest

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.board.expand import expand, open_board
from storyreel.board.source import MemorySource
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases

CASES = [case for topic in ("templates", "variants") for case in load_cases(SUITE / f"{topic}.cases")]


def findings(case: Case) -> tuple[Diagnostic, ...]:
    files: dict[str, bytes | str] = {
        path: text.encode("latin-1") if "latin1" in path else text for path, text in case.files.items()
    }
    opened = open_board(MemorySource(files), BOARD)
    found = list(opened.diagnostics)
    if opened.value is not None:
        for film in expand(opened.value):
            found += film.diagnostics
    return in_order(found)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_expansion_finds(case: Case) -> None:
    assert_case(case, findings(case))
