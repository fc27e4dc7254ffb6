"""Sound that reaches beyond its picture: as far as its take holds any, and said where it holds less."""

from __future__ import annotations

from typing import Any

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from tests.plan.boards import Made, film, located, planned, scene, shot


def reach(*scenes: dict[str, Any]) -> list[tuple[int, int]]:
    return [(s.audio_lead, s.audio_lag) for s in planned(film(*scenes)).cut.scenes]


def found(*scenes: dict[str, Any]) -> tuple[Diagnostic, ...]:
    board = located(film(*scenes))
    return build_plan([board], MemorySource({}), Made(), provider="animatic", board="film").diagnostics


def test_sound_leads_by_what_the_trim_left_out() -> None:
    trimmed = scene("b", shot(duration="5"), trim={"in": "1", "out": "4"}, audio_lead="0.5", audio_lag="12f")
    assert reach(scene("a", shot()), trimmed, scene("c", shot())) == [(0, 0), (12, 12), (0, 0)]


def test_seconds_bought_beyond_the_shown_ones_are_a_handle() -> None:
    assert reach(scene("a", shot(duration="3.5"), audio_lag="0.5"), scene("b", shot())) == [(0, 12), (0, 0)]


def test_speed_makes_handles_as_long_as_they_last() -> None:
    fast = scene("b", shot(duration="6"), trim={"in": "2", "out": "6"}, speed="2", audio_lead="1")
    assert reach(scene("a", shot()), fast) == [(0, 0), (24, 0)]


def test_a_short_handle_is_said_with_how_much_is_missing() -> None:
    late = scene("b", shot(duration="4"), trim={"in": "0.25", "out": "4"}, audio_lead="1")
    (diagnostic,) = found(scene("a", shot()), late)
    assert (diagnostic.code, diagnostic.severity, diagnostic.label) == ("SR330", "warning", "0.75 s short")
    assert "its take holds 0.25 s before its first frame" in diagnostic.message
    assert reach(scene("a", shot()), late)[1] == (6, 0)


def test_a_film_has_nothing_before_its_beginning_nor_after_its_end() -> None:
    only = scene("a", shot(duration="5"), trim={"in": "1", "out": "4"}, audio_lead="1", audio_lag="1")
    assert sorted(d.message for d in found(only)) == [
        "the sound of `a` cannot reach 1 s beyond its picture: the film begins there",
        "the sound of `a` cannot reach 1 s beyond its picture: the film ends there",
    ]
    assert reach(only) == [(0, 0)]
