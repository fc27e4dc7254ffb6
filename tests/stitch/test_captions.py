from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.base.timebase import AUDIO_HZ, Range, samples_at
from storyreel.stitch.captions import Caption, captions_of, columns, cues_of
from storyreel.stitch.dialogue import schedule
from tests.stitch.films import RATE, film, line, scene, take

SIZES = {37: (1280, 720), 30: (1080, 1080), 24: (720, 1280)}


def captions(*said: str, width: int = 37, frames: int = 240, each: float = 1.0) -> tuple[Caption, ...]:
    """The cues of lines that are spoken for `each` seconds, one after the other, in one shot."""
    lines = tuple(line(text, (0, frames)) for text in said)
    cut = film(scene("a", take("A", frames), lines=lines), size=SIZES[width])
    return captions_of(cut, schedule(cut, {(0, number): round(AUDIO_HZ * each) for number in range(len(said))}))


def texts(found: tuple[Caption, ...]) -> list[str]:
    return [" / ".join(cue.lines) for cue in found]


def test_cues_stand_where_lines_are_spoken() -> None:
    first, second = captions("My father is out there.", "Then we bring him in.")
    assert (first.at, second.at) == (Range(9, 37), Range(39, 71))


def test_two_even_lines_not_one_long_and_one_orphan() -> None:
    (cue,) = captions("Forty years I have kept it, and it never went dark.")
    assert cue.lines == ("Forty years I have kept it,", "and it never went dark.")


def test_what_needs_more_than_two_lines_becomes_several_cues_where_a_clause_ends() -> None:
    said = "Forty years I have kept this lamp, through every winter and every war, and it never went dark."
    first, second = captions(said, each=4)
    assert first.lines == ("Forty years I have kept this lamp,",)
    assert second.lines == ("through every winter and every war,", "and it never went dark.")
    assert first.at.end + 2 == second.at.start


@pytest.mark.parametrize(
    ("said", "pages"),
    [
        (
            "四十年、この灯を守ってきた。一度も消えたことはない。",
            ["四十年、この / 灯を守ってきた。", "一度も消えたことはない。"],
        ),
        ("Donaudampfschifffahrtsgesellschaft!", ["Donaudampfschifffahrts- / gesellschaft!"]),
        ("x" * 60, ["x" * 24 + " / " + "x" * 24, "x" * 12]),
        ("Il est déjà là ? « Non ! »", ["Il est déjà là ? / « Non ! »"]),
    ],
)
def test_scripts_break_as_their_readers_expect(said: str, pages: list[str]) -> None:
    assert texts(captions(said, width=24)) == pages


def test_a_short_cue_stands_until_it_can_be_read() -> None:
    (cue,) = captions("It went dark at nine o'clock, and nobody saw.", each=0.5)
    assert cue.at.length == 54  # 45 characters at 20 a second


def test_no_cue_is_held_into_the_next_scene() -> None:
    scenes = [scene(name, take("A", 48), lines=(line("It is dark here.", (0, 48)),)) for name in "ab"]
    cut = film(*scenes)
    first, second = captions_of(cut, schedule(cut, {(0, 0): samples_at(37, RATE), (1, 0): AUDIO_HZ}))
    assert (first.at.end, second.at.start) == (48, 57)


def test_quick_words_have_their_time_where_the_film_has_it() -> None:
    found = captions("No!", "Yes!", "No!", each=0.2, frames=96)
    assert [cue.at.length >= 17 for cue in found] == [True, True, True]
    assert texts(found) == ["No!", "Yes!", "No!"]


def test_more_is_said_than_can_be_read_and_nothing_is_lost() -> None:
    found = captions(*["Go on, go on, go on."] * 12, frames=48)
    assert len(found) == 12
    assert found[-1].at.end == 48


def test_what_steers_a_screen_is_no_caption() -> None:
    (cue,) = captions("a\x00b\n\n\u2028c\x1b[31m  d")
    assert cue.lines == ("ab c[31m d",)


def test_tall_frames_have_shorter_lines() -> None:
    shapes = [(1280, 720), (1080, 1080), (1080, 1350), (720, 1280)]
    assert [columns(*shape) for shape in shapes] == [37, 30, 30, 24]


def test_the_cut_alone_is_enough() -> None:
    cut = film(scene("a", take("A", 96), lines=(line("My father is out there.", (0, 96)),)))
    assert cues_of(cut) == captions_of(cut, schedule(cut, {}))
    assert texts(cues_of(cut)) == ["My father is out there."]


@given(
    st.lists(st.text("abc öß日本 .,-", max_size=120), max_size=6),
    st.sampled_from([24, 30, 37]),
    st.integers(24, 300),
    st.sampled_from([0.01, 1.0, 5.0]),
)
def test_cues_are_short_apart_and_in_order(said: list[str], width: int, frames: int, each: float) -> None:
    found = captions(*said, width=width, frames=frames, each=each)
    assert all(len(cue.lines) <= 2 and len(row) <= width for cue in found for row in cue.lines)
    assert all(a.at.end + (2 if len(found) * 3 <= frames else 0) <= b.at.start for a, b in pairwise(found))
    assert all(0 <= cue.at.start < cue.at.end <= frames for cue in found)
    if len(found) * 19 <= frames:
        assert all(cue.at.length >= 17 for cue in found)


@given(st.sampled_from([Fraction(24), Fraction(24000, 1001), Fraction(60)]), st.integers(20, 200))
def test_any_rate(rate: Fraction, frames: int) -> None:
    cut = film(scene("a", take("A", frames), lines=(line("Now then.", (0, frames)),)), rate=rate)
    (cue,) = cues_of(cut)
    assert 0 <= cue.at.start < cue.at.end <= frames
