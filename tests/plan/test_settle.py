from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from storyreel.base.timebase import Range
from storyreel.plan.cut import Cut, CutScene, CutTransition, TakeSource
from storyreel.plan.settle import settle
from tests.plan import boards

BEFORE = TakeSource("A", 1, Range(0, 48), 48)
AFTER = TakeSource("B", 1, Range(0, 48), 48, continues="a")


def cut(first: TakeSource = BEFORE, second: TakeSource = AFTER, **more: object) -> Cut:
    scenes = [
        CutScene(name, 0, "shots", Range(0, 48), CutTransition(), (s,)) for name, s in (("a", first), ("b", second))
    ]
    scenes[1] = replace(scenes[1], at=Range(48, 96), **more)  # type: ignore[arg-type]
    return Cut("film", "Film", 24, 320, 180, 96, tuple(scenes))  # type: ignore[arg-type]


def settled(before: Cut, held: int | None = 49) -> Range:
    after = settle(before, lambda _: held)
    assert after.frames == before.frames
    assert [s.at for s in after.scenes] == [s.at for s in before.scenes]
    return after.scenes[1].sources[0].used


def test_the_frame_that_two_scenes_share_is_shown_once_where_the_take_has_one_more() -> None:
    assert settled(cut()) == Range(1, 49)


@pytest.mark.parametrize("held", [48, 40, None])
def test_a_take_with_no_frame_to_spare_is_shown_from_its_first(held: int | None) -> None:
    assert settled(cut(), held) == Range(0, 48)


UNTOUCHED: dict[str, Callable[[], Cut]] = {
    "it begins with another picture": lambda: cut(second=replace(AFTER, continues=None)),
    "it goes on from another scene": lambda: cut(second=replace(AFTER, continues="z")),
    "it is dissolved into": lambda: cut(transition=CutTransition("dissolve", 6)),
    "its first frame is trimmed away": lambda: cut(second=replace(AFTER, used=Range(5, 53), available=53)),
    "it is slowed down": lambda: cut(speed=0.5),
    "it is drawn": lambda: cut(second=replace(AFTER, look="panel")),
    "panels stand in for the scene before it": lambda: cut(first=replace(BEFORE, look="stand_in")),
}


@pytest.mark.parametrize("why", UNTOUCHED)
def test_nothing_else_is_moved(why: str) -> None:
    before = UNTOUCHED[why]()
    assert settle(before, lambda _: 100) == before


def test_a_scene_knows_whose_last_frame_it_begins_with() -> None:
    def continues(**more: object) -> str | None:
        scenes = [boards.scene("a", boards.shot()), boards.scene("b", boards.shot("It sinks."), **more)]
        source = boards.planned(boards.film(*scenes), provider="fal").cut.scenes[1].sources[0]
        assert isinstance(source, TakeSource)
        return source.continues

    assert continues() is None
    assert continues(start=("previous",)) == "a"
    assert continues(start=("a@last",)) == "a"
    # A frozen frame may be that of a take which is no longer shown.
    assert continues(start=("previous",), freeze=True) is None
