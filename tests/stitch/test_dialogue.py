from __future__ import annotations

from typing import Any

from storyreel.base.timebase import AUDIO_HZ
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import schedule, spoken_length
from tests.stitch.films import dissolve, film, line, scene, take

S = AUDIO_HZ


def test_a_line_waits_a_moment_after_the_cut() -> None:
    (speech,) = schedule(film(scene("a", take("A", 96), lines=(line("Please.", (0, 96)),))), {(0, 0): S})
    assert (speech.start, speech.end) == (S * 4 // 10, S * 14 // 10)


def test_lines_of_a_shot_follow_one_another_with_air_between() -> None:
    lines = (line("My father is out there.", (0, 120)), line("Then we bring him in.", (0, 120), who="Ivo"))
    first, second = schedule(film(scene("a", take("A", 120), lines=lines)), {(0, 0): S, (0, 1): S})
    assert second.start - first.end == S // 4


def test_where_time_is_short_the_air_goes_first() -> None:
    lines = (line("One.", (0, 48)), line("Two.", (0, 48)))
    first, second = schedule(film(scene("a", take("A", 48), lines=lines)), {(0, 0): S, (0, 1): S})
    assert (first.start, second.start, second.end) == (0, S, 2 * S)


def test_an_authored_place_is_kept_where_it_is_free() -> None:
    fixed = line("Until tonight.", (70, 96), is_fixed=True, is_voice_over=True)
    (speech,) = schedule(film(scene("a", take("A", 96), lines=(fixed,))), {(0, 0): S})
    assert speech.start == 70 * S // 24


def test_an_authored_place_waits_for_a_longer_line_before_it() -> None:
    lines = (line("Forty years.", (0, 96)), line("Until tonight.", (24, 96), is_fixed=True))
    first, second = schedule(film(scene("a", take("A", 96), lines=lines)), {(0, 0): 2 * S, (0, 1): S})
    assert second.start >= first.end


def test_a_scene_that_overlaps_the_one_before_counts_from_its_own_beginning() -> None:
    later = scene("b", take("B", 96), transition=dissolve(12), lines=(line("So.", (0, 96)),))
    cut = film(scene("a", take("A", 96)), later)
    (speech,) = schedule(cut, {(1, 0): S})
    assert speech.start == 84 * S // 24 + S * 4 // 10


def test_panels_and_narrators_speak_on_the_bed_and_takes_for_themselves() -> None:
    def on_bed(look: str, **more: Any) -> bool:
        cut = film(scene("a", take("A", 96, look=look), lines=(line("So.", (0, 96), **more),)))
        return schedule(cut, {})[0].is_on_bed

    assert on_bed("panel")
    assert on_bed("stand_in")
    assert not on_bed("take")
    assert on_bed("take", is_voice_over=True)
    assert on_bed("take", file=Asset("vo.wav", "1"))


def test_without_a_voice_the_words_say_how_long_a_line_lasts() -> None:
    assert spoken_length(line("It has " * 8, (0, 1))) == 5 * S
    assert spoken_length(line("Go", (0, 1))) == S * 8 // 10
