"""Cues as the text of subtitle files: SubRip and WebVTT, which strict readers take whatever the words are."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from storyreel.base.timebase import Rate, round_half_up
from storyreel.stitch.captions import Caption

_JOINER = "\u2060"
"""Has no width and parts no word: what stands on both sides of it is not read as one mark."""


def srt(captions: Iterable[Caption], rate: Rate) -> str:
    """SubRip text. It knows no escapes, so what players take for marks is parted by a sign that is not seen."""
    cues = (
        f"{number}\n{_clock(c.at.start, rate, ',')} --> {_clock(c.at.end, rate, ',')}\n"
        + "\n".join(map(_harmless, c.lines))
        + "\n"
        for number, c in enumerate(captions, 1)
    )
    return "\n".join(cues)


def vtt(captions: Iterable[Caption], rate: Rate) -> str:
    """WebVTT text, each cue with its speaker."""
    cues = (
        f"{_clock(c.at.start, rate, '.')} --> {_clock(c.at.end, rate, '.')}\n"
        f"<v {_escaped(' '.join(c.who.split()))}>" + "\n".join(map(_escaped, c.lines)) + "\n"
        for c in captions
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _harmless(line: str) -> str:
    for mark, tail in (("-->", "--" + _JOINER + ">"), ("<", "<" + _JOINER), ("{", "{" + _JOINER)):
        line = line.replace(mark, tail)
    return line


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(frame: int, rate: Rate, mark: str) -> str:
    ms = round_half_up(Fraction(frame * 1000) / rate)
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"
