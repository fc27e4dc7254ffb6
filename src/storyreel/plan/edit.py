"""A scene as bought to a scene as shown: which frames of its parts are used, and where its shots then stand.

Four clocks meet here. *Written*: frames of the authored durations, added. *Part*: frames of one take, from its own
beginning. *Scene*: frames shown, from the beginning of the scene, after trim and speed. *Film* comes later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from storyreel.base.timebase import Range, Rate, round_half_up
from storyreel.board.model import Scene
from storyreel.plan.fit import FittedPart


class TrimRefused(Exception):
    """The trim leaves nothing, or reaches beyond what is there; `str()` is the sentence."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The used stretch of one part, at playing speed."""

    part: int
    used: Range
    available: int
    last: int
    """The part's last used frame, from 0, before speed."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A scene as shown."""

    frames: int
    stretches: tuple[Stretch, ...]
    shots: tuple[Range | None, ...]
    """Each shot's frames of the scene; None where the trim leaves nothing of it."""
    begins: tuple[int, ...] = ()
    """Where each shot begins on the written clock."""


@dataclass(frozen=True, slots=True)
class Trimming:
    """Frames of the scene as written; `end` None is all of it."""

    start: int = 0
    end: int | None = None
    speed: Fraction = Fraction(1)


def held(part: FittedPart, rate: Rate) -> int:
    """Frames that a part's take holds; never less than are shown, whatever rounding did."""
    return max(round_half_up(part.seconds * rate), part.frames)


@lru_cache(maxsize=4096)
def bought_frames(part: FittedPart, rate: Rate) -> tuple[int, ...]:
    """Frames of each shot of a part's take."""
    ends, second = [0], 0
    for seconds in part.bought:
        second += seconds
        ends.append(round_half_up(second * rate))
    ends[-1] = held(part, rate)
    return tuple(b - a for a, b in pairwise(ends))


@lru_cache(maxsize=4096)
def edit(parts: tuple[FittedPart, ...], rate: Rate, trimming: Trimming) -> Edit:
    """Lay out a scene's parts; raises TrimRefused."""
    begins = [sum(part.frames for part in parts[:i]) for i in range(len(parts))]
    whole = begins[-1] + parts[-1].frames
    start, end = trimming.start, whole if trimming.end is None else trimming.end
    check_trim(trimming, start, end, whole, rate)
    stretches = []
    for index, part in enumerate(parts):
        shown = Range(begins[index], begins[index] + part.frames)
        cut = shown.overlap(Range(start, end))
        if shown_at(cut.end, trimming) > shown_at(cut.start, trimming):
            stretches.append(_stretch(index, cut.shifted(-begins[index]), cut, held(part, rate), trimming))
    shots = _shots(parts, begins, rate, trimming, end)
    return Edit(shown_at(end, trimming), tuple(stretches), shots, _begins(parts, begins, rate))


def edit_file(used: Range, total: int, trimming: Trimming, rate: Rate) -> Edit:
    """Lay out the frames `used` of a file that holds `total`, as one part without shots; raises TrimRefused."""
    start, end = trimming.start, used.length if trimming.end is None else trimming.end
    check_trim(trimming, start, end, total - used.start, rate)
    stretch = _stretch(0, Range(used.start + start, used.start + end), Range(start, end), total, trimming)
    return Edit(shown_at(end, trimming), (stretch,), ())


def trimming_of(scene: Scene, rate: Rate) -> Trimming:
    """`trim` and `speed` as frames; None of them is the whole at its own speed."""
    trim, speed = scene.trim, Fraction(1) if scene.speed is None else Fraction(str(scene.speed))
    if trim is None:
        return Trimming(speed=speed)
    start = trim.in_.frames(rate) if trim.in_ is not None else 0
    return Trimming(start, trim.out.frames(rate) if trim.out is not None else None, speed)


def check_trim(trimming: Trimming, start: int, end: int, most: int, rate: Rate) -> None:
    """Raises TrimRefused where a trim leaves no frame, or asks for frames after the last of `most`."""
    if end > most:
        raise TrimRefused(f"ends at {_seconds(end, rate)} s, but there are only {_seconds(most, rate)} s")
    if start >= end or shown_at(end, trimming) < 1:
        raise TrimRefused(f"leaves nothing: it begins at {_seconds(start, rate)} s and ends at {_seconds(end, rate)} s")


def _stretch(index: int, used: Range, cut: Range, held_frames: int, trimming: Trimming) -> Stretch:
    """`used` counts from the part's beginning, `cut` on the written clock: lengths are differences of the latter."""
    speed = trimming.speed
    length = shown_at(cut.end, trimming) - shown_at(cut.start, trimming)
    begin = used.start if speed == 1 else round_half_up(used.start / speed)
    available = max(round_half_up(Fraction(held_frames) / speed), begin + length)
    return Stretch(index, Range(begin, begin + length), available, used.end - 1)


def shown_at(written: int, trimming: Trimming) -> int:
    """A frame of the written clock on the scene's; before what is shown, it is less than 0."""
    frames = written - trimming.start
    return frames if trimming.speed == 1 else round_half_up(frames / trimming.speed)


def _shots(
    parts: Sequence[FittedPart], begins: Sequence[int], rate: Rate, trimming: Trimming, end: int
) -> tuple[Range | None, ...]:
    """Shots stand where the model was asked to cut, inside what is shown of their part."""
    found: list[Range | None] = []
    for index, part in enumerate(parts):
        at, limit = begins[index], begins[index] + part.frames
        for frames in bought_frames(part, rate):
            cut = Range(at, min(at + frames, limit)).overlap(Range(trimming.start, end))
            shown = Range(shown_at(cut.start, trimming), shown_at(cut.end, trimming))
            found.append(shown if cut.length > 0 and shown.length > 0 else None)
            at += frames
    return tuple(found)


def _begins(parts: Sequence[FittedPart], begins: Sequence[int], rate: Rate) -> tuple[int, ...]:
    found = []
    for part, begin in zip(parts, begins, strict=True):
        at = begin
        for frames in bought_frames(part, rate):
            found.append(at)
            at += frames
    return tuple(found)


def _seconds(frames: int, rate: Rate) -> str:
    return f"{float(frames / rate):.3f}".rstrip("0").rstrip(".")
