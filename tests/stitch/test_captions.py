from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storyreel.base.timebase import AUDIO_HZ, Range
from storyreel.stitch.captions import Caption, captions_of, columns, srt, vtt
from storyreel.stitch.dialogue import schedule
from tests.stitch.films import film, line, scene, take


def captions(*said: str, width: int = 37) -> tuple[Caption, ...]:
    lines = tuple(line(text, (0, 240)) for text in said)
    return captions_of(schedule(film(scene("a", take("A", 240), lines=lines)), _voiced(len(lines))), width)


def _voiced(count: int) -> dict[tuple[int, int], int]:
    """A second for every line."""
    return {(0, number): AUDIO_HZ for number in range(count)}


def test_srt_is_numbered_and_timed_on_the_timeline() -> None:
    assert srt(captions("My father is out there.", "Then we bring him in.")) == (
        "1\n00:00:00,400 --> 00:00:01,650\nMy father is out there.\n"
        "\n"
        "2\n00:00:01,650 --> 00:00:02,950\nThen we bring him in.\n"
    )


def test_vtt_names_the_speaker_and_escapes_what_it_would_read_as_a_tag() -> None:
    cues = captions_of(
        schedule(film(scene("a", take("A", 96), lines=(line("Salt & <spray>", (0, 96)),))), _voiced(1)), 37
    )
    assert vtt(cues) == ("WEBVTT\n\n00:00:00.400 --> 00:00:01.700\n<v Mara>Salt &amp; &lt;spray&gt;\n")


def test_two_even_lines_not_one_long_and_one_orphan() -> None:
    (cue,) = captions("Forty years I have kept it, and it never went dark.")
    assert cue.lines == ("Forty years I have kept it,", "and it never went dark.")


def test_what_needs_more_than_two_lines_becomes_several_cues() -> None:
    said = "Forty years I have kept this lamp, through every winter and every war, and it never went dark."
    first, second = captions(said)
    assert [len(first.lines), len(second.lines)] == [1, 2]
    assert first.end == second.start


def test_tall_frames_have_shorter_lines() -> None:
    assert (columns(1280, 720), columns(1080, 1080), columns(720, 1280)) == (37, 30, 24)


def test_a_film_without_words_has_empty_captions() -> None:
    assert (srt(()), vtt(())) == ("", "WEBVTT\n\n")


@given(st.lists(st.text("abc öß日本 .-", max_size=120), max_size=6), st.sampled_from([24, 30, 37]))
def test_cues_are_short_apart_and_in_order(said: list[str], width: int) -> None:
    found = captions(*said, width=width)
    assert all(len(cue.lines) <= 2 and len(row) <= width for cue in found for row in cue.lines)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(cue.start < cue.end for cue in found)


def test_frames_of_a_cue_cover_all_its_time() -> None:
    cue = Caption(0, "Mara", 0, ("So.",), AUDIO_HZ, AUDIO_HZ * 2 + 1)
    assert cue.frames(Fraction(24)) == Range(24, 49)
