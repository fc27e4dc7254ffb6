"""The example films, broken as people break them: every finding at its own place, none beside it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storyreel.board.source import MediaFacts, MemorySource
from storyreel.media.probe import probe
from tests.support.cases import BOARD, SUITE, Case, assert_case
from tests.support.pipeline import ROOT, plan_board
from tests.support.slips import load_slips


def _cases() -> list[Case]:
    with TemporaryDirectory() as scratch:
        return [case for file in sorted((SUITE / "broken").glob("*.cases")) for case in load_slips(file, Path(scratch))]


@pytest.fixture(scope="module")
def pictures() -> dict[str, MediaFacts]:
    """What is known of the project's assets, by path."""
    files = sorted(file for file in (ROOT / "assets").rglob("*") if file.is_file())
    return {file.relative_to(ROOT).as_posix(): facts for file in files if (facts := probe(file)) is not None}


@pytest.mark.parametrize("case", _cases(), ids=str)
def test_each_slip_is_found_at_its_place(case: Case, pictures: dict[str, MediaFacts]) -> None:
    _, found = plan_board(MemorySource(case.files, pictures), BOARD)
    assert_case(case, found)


def test_a_case_that_no_longer_fits_its_board_says_so(tmp_path: Path) -> None:
    file = tmp_path / "old.cases"
    file.write_text("of storyboards/last_lamp.yaml\n\n--- stale\n- title: The First Lamp\n")
    with pytest.raises(ValueError, match=r"stale: the board has no line 'title: The First Lamp'"):
        load_slips(file, tmp_path)
