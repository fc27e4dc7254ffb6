"""Lines, texts and sounds stand where they were written, also where a scene is trimmed or played at another speed."""

from __future__ import annotations

import pytest

from storyreel.base.timebase import Range
from storyreel.board.source import MemorySource
from storyreel.plan.cut import CutScene
from tests.support.cases import BOARD
from tests.support.pipeline import plan_board

SCENE = """storyreel: 1
scenes:
  - id: a
    {more}
    text: {{legal: Small print, at: 1, for: 2}}
    shots:
      - duration: 4
        prompt: A black sea.
        text: {{super: One, at: 1, for: 2}}
        say: [{{who: narrator, line: Now., at: 2}}]
      - {{duration: 4, prompt: A light., text: Two, say: ["narrator: Then."]}}
"""


def scene(more: str) -> CutScene:
    plan, found = plan_board(MemorySource({BOARD: SCENE.format(more=more or "note: as it is")}), BOARD)
    assert plan is not None, found
    return plan.films[0].cut.scenes[0]


def texts(more: str) -> dict[str, Range]:
    return {words.text: words.at for words in scene(more).words}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", {"Small print": (24, 72), "One": (24, 72), "Two": (96, 192)}),
        ("speed: 0.5", {"Small print": (48, 144), "One": (48, 144), "Two": (192, 384)}),
        ("speed: 2", {"Small print": (12, 36), "One": (12, 36), "Two": (48, 96)}),
        ("trim: {in: 2}", {"Small print": (0, 24), "One": (0, 24), "Two": (48, 144)}),
        ("trim: {in: 3.5, out: 6}", {"Two": (12, 60)}),
        ("trim: {in: 2, out: 6}\n    speed: 2", {"Small print": (0, 12), "One": (0, 12), "Two": (24, 48)}),
    ],
)
def test_texts_follow_trim_and_speed(more: str, expected: dict[str, tuple[int, int]]) -> None:
    assert texts(more) == {text: Range(*at) for text, at in expected.items()}


@pytest.mark.parametrize(
    ("more", "expected"),
    [("", [48, 96]), ("speed: 0.5", [96, 192]), ("trim: {in: 1}", [24, 72]), ("trim: {in: 3}", [0, 24])],
)
def test_lines_follow_trim_and_speed(more: str, expected: list[int]) -> None:
    assert [line.at.start for line in scene(more).lines] == expected


def hurried(board: str) -> list[tuple[int, str]]:
    _, found = plan_board(MemorySource({BOARD: board}), BOARD)
    return [(d.span.line, d.message) for d in found if d.code == "SR405"]


LONG = "I have kept this lamp for forty years, and it never went dark."


@pytest.mark.parametrize(
    ("duration", "more", "told"),
    [
        (4, "captions: sidecar", False),
        (3, "captions: sidecar", True),
        (3, "captions: off", False),
        (3, "captions: burn", True),
    ],
)
def test_a_line_that_cannot_be_read_is_told(duration: int, more: str, told: bool) -> None:
    found = hurried(
        f"storyreel: 1\n{more}\nscenes:\n  - id: a\n    shots:\n"
        f'      - {{duration: {duration}, prompt: A sea., say: ["narrator: {LONG}"]}}\n'
    )
    needed = "the caption of this line takes 3.1 s to read: 62 characters at 20 a second, and it has 3.0 s"
    assert found == ([(6, needed)] if told else [])


def test_lines_of_a_shot_share_its_time_and_the_next_shot_is_free() -> None:
    board = (
        "storyreel: 1\nscenes:\n  - id: a\n    shots:\n"
        '      - {duration: 4, prompt: A sea., say: ["narrator: %s", "narrator: %s"]}\n'
        '      - {duration: 4, prompt: A light., say: ["narrator: Good."]}\n'
    )
    assert hurried(board % (LONG, "Yes.")) == []
    assert len(hurried(board % (LONG, LONG))) == 1
