"""Findings of the plan, each at its own line and column."""

from __future__ import annotations

import pytest

from storyreel.base.diagnostic import in_order
from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from tests.plan.boards import Made
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases
from tests.support.pipeline import compiled

CASES = load_cases(SUITE / "plan.cases")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    source = MemorySource(case.files)
    films, found = compiled(source, BOARD)
    found += build_plan(films, source, Made(), provider="animatic", board="board").diagnostics
    assert_case(case, in_order(found))
