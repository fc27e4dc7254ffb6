"""Subtitle files as strict readers read them, whatever the words are."""

from __future__ import annotations

import html
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.base.timebase import Range
from storyreel.stitch.captions import Caption
from storyreel.stitch.subtitles import srt, vtt
from tests.stitch.films import RATE

HOSTILE = [
    "a --> b",
    "00:00:01,000 --> 00:00:02,000",
    "{\\an8}up",
    "<b>bold</b> & <i>italic",
    "Salt & <spray>",
    "&lt;&amp;",
    "1",
    "NOTE hello",
    "STYLE",
    "🌲👩‍👩‍👧 family",
    "مرحبا بالعالم",
    "\u202ereversed",
    "x" * 300,
]


def cue(*lines: str, at: Range = Range(10, 34), who: str = "Mara") -> Caption:  # noqa: B008 - a frozen value
    return Caption(0, who, 0, lines, at)


def test_srt_is_numbered_and_timed_in_frames() -> None:
    found = srt([cue("My father is out there."), cue("Then we", "bring him in.", at=Range(36, 60))], RATE)
    assert found == (
        "1\n00:00:00,417 --> 00:00:01,417\nMy father is out there.\n"
        "\n"
        "2\n00:00:01,500 --> 00:00:02,500\nThen we\nbring him in.\n"
    )


def test_vtt_names_the_speaker() -> None:
    assert vtt([cue("Salt & <spray>")], Fraction(24000, 1001)) == (
        "WEBVTT\n\n00:00:00.417 --> 00:00:01.418\n<v Mara>Salt &amp; &lt;spray&gt;\n"
    )


def test_a_film_without_words_has_empty_captions() -> None:
    assert (srt((), RATE), vtt((), RATE)) == ("", "WEBVTT\n\n")


_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d)[.,](\d{3})"


def read_srt(text: str) -> list[tuple[int, int, list[str]]]:
    """As a strict reader does: blocks between blank lines, each with its number, its times and text without marks."""
    found = []
    for number, block in enumerate(filter(None, text.rstrip("\n").split("\n\n")), 1):
        head, times, *lines = block.split("\n")
        assert head == str(number)
        at = re.fullmatch(f"{_TIME} --> {_TIME}", times)
        assert at is not None, times
        assert lines
        for row in lines:
            assert row.strip()
            assert "-->" not in row
            assert not re.search(r"</?[a-zA-Z]|\{\\", row)
        found.append((_ms(at.groups()[:4]), _ms(at.groups()[4:]), [row.replace("\u2060", "") for row in lines]))
    return found


def read_vtt(text: str) -> list[tuple[int, int, list[str], str]]:
    head, *blocks = text.rstrip("\n").split("\n\n")
    assert head == "WEBVTT"
    found = []
    for block in blocks:
        times, *lines = block.split("\n")
        at = re.fullmatch(f"{_TIME} --> {_TIME}", times)
        assert at is not None, times
        voice = re.match(r"<v ([^<>\n]+)>", lines[0])
        assert voice is not None
        lines[0] = lines[0][voice.end() :]
        assert not any("-->" in row or "<" in row or re.search(r"&(?!amp;|lt;|gt;)", row) for row in lines)
        found.append(
            (_ms(at.groups()[:4]), _ms(at.groups()[4:]), [html.unescape(r) for r in lines], html.unescape(voice[1]))
        )
    return found


def _ms(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, ms = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_come_back_as_they_are(words: str) -> None:
    cues = [cue(words), cue("plain", at=Range(40, 60))]
    assert [rows for _, _, rows in read_srt(srt(cues, RATE))] == [[words], ["plain"]]
    assert [rows for _, _, rows, _ in read_vtt(vtt(cues, RATE))] == [[words], ["plain"]]


_ROW = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf"]), min_size=1).filter(str.strip)


@given(st.lists(st.lists(_ROW, min_size=1, max_size=2), max_size=4), _ROW)
def test_any_words_can_be_read(said: list[list[str]], who: str) -> None:
    cues = [cue(*rows, at=Range(10 + 30 * n, 38 + 30 * n), who=who) for n, rows in enumerate(said)]
    found = read_srt(srt(cues, RATE))
    assert [rows for _, _, rows in found] == said
    assert all(start < end for start, end, _ in found)
    assert [(rows, name) for _, _, rows, name in read_vtt(vtt(cues, RATE))] == [
        (rows, " ".join(who.split())) for rows in said
    ]
