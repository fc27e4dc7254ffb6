"""Findings of the plan, each at its own line and column."""

from __future__ import annotations

import pytest

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.board.check import check
from storyreel.board.expand import expand, open_board
from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from tests.plan.boards import Made
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases

CASES = load_cases(SUITE / "plan.cases")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    source = MemorySource(case.files)
    opened = open_board(source, BOARD)
    assert opened.value is not None, opened.diagnostics
    found: list[Diagnostic] = list(opened.diagnostics)
    films = []
    for expanded in expand(opened.value):
        found += expanded.diagnostics
        assert expanded.value is not None
        checked = check(expanded.value, source)
        found += checked.diagnostics
        if checked.value is not None:
            films.append(checked.value)
    found += build_plan(films, source, Made(), provider="animatic", board="board").diagnostics
    assert_case(case, in_order(found))
