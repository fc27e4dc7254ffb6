"""The case harness itself: what it reads, and that it fails when it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.base.span import Span
from tests.support.cases import BOARD, Case, Expected, assert_case, load_cases

TEXT = """\
--- first
storyreel: 1
#@1-9 SR101
scenes:
  - id: "@Mira"
#         ^^^^^ SR104 not declared
=== acts/two.yaml
scenes: []
#       ^ SR120
--- second
a: 1
"""


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    file = tmp_path / "some.cases"
    file.write_text(TEXT)
    return load_cases(file)


def mira(column: int = 11) -> Diagnostic:
    span = Span(BOARD, 3, column, 3, 16)
    return error("SR104", "unknown element `@Mira`", span, label="not declared in `elements`")


def findings() -> list[Diagnostic]:
    return [
        error("SR101", "unknown key", Span(BOARD, 1, 1, 1, 10)),
        mira(),
        error("SR120", "no scenes", Span("acts/two.yaml", 1, 9, 1, 11)),
    ]


def test_files_are_freed_of_their_marks(cases: list[Case]) -> None:
    first, second = cases
    assert first.files == {BOARD: 'storyreel: 1\nscenes:\n  - id: "@Mira"\n', "acts/two.yaml": "scenes: []\n"}
    assert first.expected == (
        Expected(BOARD, 1, 1, 10, "SR101"),
        Expected(BOARD, 3, 11, 16, "SR104", "not declared"),
        Expected("acts/two.yaml", 1, 9, None, "SR120"),
    )
    assert (str(second), second.expected) == ("second", ())


def test_exactly_the_expected_passes(cases: list[Case]) -> None:
    assert_case(cases[0], findings())


@pytest.mark.parametrize("spoilt", [findings()[:2], [*findings(), mira()], [*findings()[:1], mira(10), findings()[2]]])
def test_missing_superfluous_and_misplaced_findings_fail(cases: list[Case], spoilt: list[Diagnostic]) -> None:
    with pytest.raises(AssertionError, match="case first"):
        assert_case(cases[0], spoilt)


def test_a_failure_shows_the_file_with_both_marks(cases: list[Case]) -> None:
    with pytest.raises(AssertionError) as failure:
        assert_case(cases[0], [findings()[0], mira(10), findings()[2]])
    shown = str(failure.value).split("\n")
    assert "-#         ^^^^^ SR104 not declared" in shown
    assert "+#        ^^^^^^ SR104 unknown element `@Mira` | not declared in `elements`" in shown


def test_a_name_used_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "some.cases"
    file.write_text("--- a\nx: 1\n--- a\nx: 1\n")
    with pytest.raises(ValueError, match="two cases"):
        load_cases(file)
