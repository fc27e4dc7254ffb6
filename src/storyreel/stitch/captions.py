"""Captions: speech on the timeline in, cues of at most two lines out, written as SRT and as WebVTT."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyreel.base.timebase import AUDIO_HZ, Range, Rate
from storyreel.media.wrap import balanced
from storyreel.stitch.dialogue import Speech

_LINES = 2
_HOLD = AUDIO_HZ * 3 // 10
"""Samples that a cue stays after its last word."""


@dataclass(frozen=True, slots=True)
class Caption:
    """One cue, in samples of the film; half-open."""

    scene: int
    who: str
    voice: int | None
    lines: tuple[str, ...]
    start: int
    end: int

    def frames(self, rate: Rate) -> Range:
        """The frames of the film in which it shows: at least one."""
        start = int(self.start * rate / AUDIO_HZ)
        return Range(start, max(start + 1, -int(-self.end * rate // AUDIO_HZ)))


def columns(width: int, height: int) -> int:
    """How many characters a caption line may have: 37 on wide frames, 24 on tall ones, between on square ones."""
    shape = width / height
    return 37 if shape > 1.2 else 24 if shape < 0.8 else 30


def captions_of(speeches: Iterable[Speech], line_length: int) -> tuple[Caption, ...]:
    """Cues in order, none over another; a line that needs more than two rows becomes several cues, by its letters."""
    found: list[Caption] = []
    for speech in speeches:
        if not speech.line.text.strip():
            continue
        pages = _pages(_rows(speech.line.text, line_length))
        weights = [max(1, sum(len(row) for row in page)) for page in pages]
        length, passed = speech.end - speech.start, 0
        for page, weight in zip(pages, weights, strict=True):
            start = speech.start + length * passed // sum(weights)
            passed += weight
            end = speech.start + length * passed // sum(weights)
            found.append(Caption(speech.scene, speech.line.who, speech.line.voice, page, start, end))
    found.sort(key=lambda caption: caption.start)
    return _apart(found)


def _pages(rows: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows in cues of two, the last two cues evened out so that no word is left alone."""
    count = -(-len(rows) // _LINES)
    return [tuple(rows[len(rows) * n // count : len(rows) * (n + 1) // count]) for n in range(count)]


def _apart(captions: Sequence[Caption]) -> tuple[Caption, ...]:
    """Each cue held a little, but never into the next; what would last no time at all is left to its neighbour."""
    apart: list[Caption] = []
    for now, after in pairwise([*captions, None]):
        assert now is not None
        end = now.end + _HOLD if after is None else min(now.end + _HOLD, after.start)
        if end > now.start:
            apart.append(Caption(now.scene, now.who, now.voice, now.lines, now.start, end))
    return tuple(apart)


def _rows(text: str, line_length: int) -> tuple[str, ...]:
    """Rows of at most `line_length` columns, as even as words allow."""
    return balanced(" ".join(text.split()), line_length, _columns_of).lines or ("",)


def _columns_of(text: str) -> float:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text.strip())


def srt(captions: Iterable[Caption]) -> str:
    """SubRip text."""
    cues = (
        f"{number}\n{_clock(c.start, ',')} --> {_clock(c.end, ',')}\n" + "\n".join(c.lines) + "\n"
        for number, c in enumerate(captions, 1)
    )
    return "\n".join(cues)


def vtt(captions: Iterable[Caption]) -> str:
    """WebVTT text, each cue with its speaker."""
    cues = (
        f"{_clock(c.start, '.')} --> {_clock(c.end, '.')}\n<v {_escaped(c.who)}>" + _escaped("\n".join(c.lines)) + "\n"
        for c in captions
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(sample: int, mark: str) -> str:
    ms = (sample * 1000 + AUDIO_HZ // 2) // AUDIO_HZ
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"
