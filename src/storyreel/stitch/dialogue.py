"""When each line is spoken: lines of the cut and the lengths of their voices in, places on the timeline out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from storyreel.base.timebase import AUDIO_HZ, round_half_up, samples_at
from storyreel.board.rules.speech import speaking_time
from storyreel.plan.cut import Cut, CutLine, CutScene, TakeSource

_LEAD = AUDIO_HZ * 4 // 10
"""Samples that a line waits after the beginning of its shot, where there is room."""
_GAP = AUDIO_HZ * 25 // 100
"""Samples between two lines of a shot, where there is room."""

LineId = tuple[int, int]
"""Scene and line, both from 0."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A line on the timeline, in samples of the film; half-open."""

    scene: int
    line: CutLine
    start: int
    end: int
    is_on_bed: bool
    """True where the bed speaks it, false where the take does."""
    is_voiced: bool
    """True where its length is that of a voice, not a guess."""


def is_on_bed(scene: CutScene, line: CutLine) -> bool:
    """True where the picture does not speak the line itself."""
    if line.is_voice_over or line.file is not None or scene.kind != "shots":
        return True
    start = 0
    for source in scene.sources:
        if start <= line.at.start < start + source.used.length:
            return isinstance(source, TakeSource) and source.look != "take"
        start += source.used.length
    return True


def spoken_length(line: CutLine) -> int:
    """Samples that a line takes at an ordinary pace; long enough to be read where it is a word."""
    seconds, _ = speaking_time(line.text, line.language)
    return max(AUDIO_HZ * 8 // 10, round_half_up(seconds * AUDIO_HZ))


def schedule(
    cut: Cut, voices: Mapping[LineId, int], heard: Mapping[LineId, tuple[int, int]] | None = None
) -> tuple[Speech, ...]:
    """Every line in order; lines of one shot follow one another, and an authored `at` is kept where it is free.

    `voices` holds the length, in samples, of each line that has a voice or a file; `heard` where lines begin and end
    in the sound of takes, in samples of the film.
    """
    heard = heard or {}
    placed: list[Speech] = []
    free = 0
    for index, scene in enumerate(cut.scenes):
        numbered = list(enumerate(scene.lines))
        for _, group in groupby(numbered, key=lambda entry: entry[1].at.end):
            lines = list(group)
            fresh = _heard(cut, index, lines, heard) or _place(cut, index, lines, voices, free)
            free = max([free, *(speech.end for speech in fresh)])
            placed += fresh
    return tuple(placed)


def _heard(
    cut: Cut, index: int, lines: list[tuple[int, CutLine]], heard: Mapping[LineId, tuple[int, int]]
) -> list[Speech]:
    """Lines of one shot where they were heard; none where one of them was not."""
    scene = cut.scenes[index]
    if any((index, number) not in heard for number, _ in lines):
        return []
    return [Speech(index, line, *heard[index, number], is_on_bed(scene, line), True) for number, line in lines]


def _place(
    cut: Cut, index: int, lines: list[tuple[int, CutLine]], voices: Mapping[LineId, int], free: int
) -> list[Speech]:
    """Lines of one shot. Loose ones share the room: a lead before, gaps between, less of both where it is tight."""
    scene = cut.scenes[index]
    lengths = [voices.get((index, number), 0) or spoken_length(line) for number, line in lines]
    begin, end = (samples_at(scene.at.start + frame, cut.rate) for frame in (lines[0][1].at.start, lines[0][1].at.end))
    wanted = _LEAD + _GAP * (len(lines) - 1)
    slack = max(0, end - max(begin, free) - sum(lengths))
    lead, gap = (share * min(wanted, slack) // wanted for share in (_LEAD, _GAP))
    placed: list[Speech] = []
    for (number, line), length in zip(lines, lengths, strict=True):
        start = samples_at(scene.at.start + line.at.start, cut.rate)
        if placed:
            start = max(start, placed[-1].end + gap)
        elif not line.is_fixed:
            start = max(start + lead, free + gap if free > start else 0)
        voiced = (index, number) in voices
        placed.append(Speech(index, line, start, start + length, is_on_bed(scene, line), voiced))
    return placed
