"""When the lines of a generated take are spoken, as its sound tells; kept by the take's bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import AUDIO_HZ, Range, round_half_up, samples_at
from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import read_sound
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.media.speech import speech_in
from storyreel.plan.cut import Cut, CutLine, CutScene, Source, TakeSource
from storyreel.stitch.dialogue import LineId, is_on_bed, spoken_length
from storyreel.stitch.together import together

_METHOD = 1
"""Changes whenever the same sound would be heard otherwise."""
_HZ = 16_000
_LEFT_OUT = 0.3
"""What it costs to take a second of sound for something else than the line."""
_LIKELY = (0.35, 2.8)
"""A line takes at least and at most these parts of the time that it should."""
_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class _Spot:
    """Lines of one shot that one take speaks."""

    lines: tuple[tuple[LineId, CutLine], ...]
    source: TakeSource
    begin: int
    """Frame of the film at which the shot, as far as this source shows it, begins."""
    used: Range
    """The same frames in the source, after speed."""
    speed: Fraction


async def heard_in(
    cut: Cut,
    sound_of: Callable[[Source], str | None],
    file_of: Callable[[str], Path | None],
    shelf: Shelf,
    *,
    runner: Runner | None = None,
) -> dict[LineId, tuple[int, int]]:
    """First and last sample in the film of every line that can be told apart in the sound of its take.

    `sound_of` names the bytes that a source sounds from, `file_of` finds them. What cannot be read is not heard.
    """
    slots = asyncio.Semaphore(_AT_ONCE)

    async def hear(spot: _Spot) -> dict[LineId, tuple[int, int]]:
        identity = sound_of(spot.source)
        file = file_of(identity) if identity is not None else None
        if identity is None or file is None:
            return {}
        async with slots:
            stretches = await _stretches(spot, identity, file, cut, shelf, runner)
        begin = samples_at(spot.begin, cut.rate)
        found = matched([spoken_length(line) for _, line in spot.lines], stretches)
        return {
            ident: (begin + at.start, begin + at.end) for (ident, _), at in zip(spot.lines, found, strict=bool(found))
        }

    parts = await together(hear(spot) for spot in _spots(cut))
    return {ident: at for part in parts for ident, at in part.items()}


def _spots(cut: Cut) -> Iterable[_Spot]:
    for index, scene in enumerate(cut.scenes):
        numbered = [((index, number), line) for number, line in enumerate(scene.lines)]
        for _, group in groupby(numbered, key=lambda entry: entry[1].at.end):
            lines = tuple(group)
            if all(not is_on_bed(scene, line) for _, line in lines) and (spot := _spot(scene, lines)) is not None:
                yield spot


def _spot(scene: CutScene, lines: tuple[tuple[LineId, CutLine], ...]) -> _Spot | None:
    """Where to listen: in the whole shot, as far as the source of its first line goes."""
    at = min(line.at.start for _, line in lines)
    shot = next((shot.at for shot in scene.shots if shot.at.start <= at < shot.at.end), Range(0, scene.at.length))
    shot = Range(shot.start, max(shot.end, lines[0][1].at.end))
    start = 0
    for source in scene.sources:
        shown = Range(start, start + source.used.length).overlap(shot)
        if isinstance(source, TakeSource) and start <= at < start + source.used.length and shown.length:
            used = shown.shifted(source.used.start - start)
            return _Spot(lines, source, scene.at.start + shown.start, used, scene.speed)
        start += source.used.length
    return None


async def _stretches(
    spot: _Spot, identity: str, file: Path, cut: Cut, shelf: Shelf, runner: Runner | None
) -> list[Range]:
    """Stretches of speech in samples of the film, from the first frame of the spot."""
    start, length = (Fraction(frames) / cut.rate * spot.speed for frames in (spot.used.start, spot.used.length))
    key = digest_of_value({"hears": identity, "start": str(start), "length": str(length), "method": _METHOD})
    known = shelf.find(key)
    if known is not None:
        rows = json.loads(known.read_bytes())
    else:
        try:
            samples = await read_sound(file, hz=_HZ, start=start, length=length, runner=runner)
        except MediaFailed:
            return []  # Its sound cannot be read: the bed says so, captions are spread over the shot.
        rows = [[at.start, at.end] for at in await asyncio.to_thread(speech_in, samples, _HZ)]
        fresh = shelf.new_file(".json")
        fresh.write_text(json.dumps(rows))
        shelf.keep(key, fresh)
    return [Range(*(round_half_up(Fraction(edge, _HZ) * AUDIO_HZ / spot.speed) for edge in row)) for row in rows]


def matched(lengths: Sequence[int], stretches: Sequence[Range]) -> list[Range]:
    """The stretch of each line of a shot, in order; none where they cannot be told apart.

    `lengths` are what the lines should take. Each line has one or more stretches in a row; what fits no line is
    left out, for it may be a door or a dog. Fewer stretches than lines are shared out by length.
    """
    if not lengths or not stretches:
        return []
    if len(stretches) < len(lengths):
        return _shared(lengths, stretches)
    best = _assigned(lengths, stretches)
    voiced = [sum(stretches[n].length for n in range(a, b)) for a, b in best]
    if not all(_is_likely(length, said) for length, said in zip(lengths, voiced, strict=True)):
        return []
    return [Range(stretches[a].start, stretches[b - 1].end) for a, b in best]


def _is_likely(length: int, said: int) -> bool:
    return _LIKELY[0] * length <= said <= _LIKELY[1] * length


def _shared(lengths: Sequence[int], stretches: Sequence[Range]) -> list[Range]:
    first, last = stretches[0].start, stretches[-1].end
    if not _is_likely(sum(lengths), sum(at.length for at in stretches)):
        return []
    marks = [first + (last - first) * sum(lengths[:n]) // sum(lengths) for n in range(len(lengths) + 1)]
    return [Range(a, b) for a, b in pairwise(marks)]


def _assigned(lengths: Sequence[int], stretches: Sequence[Range]) -> list[tuple[int, int]]:
    """For each line the stretches `[a, b)` that come nearest to its length, what is left out weighed in."""
    count = len(stretches)
    ends = [0]
    for at in stretches:
        ends.append(ends[-1] + at.length)
    # cost[j]: the least for the lines so far, with stretches before j used up.
    cost: list[float] = [_LEFT_OUT * ends[j] for j in range(count + 1)]
    steps: list[list[tuple[int, int]]] = []
    for length in lengths:
        fresh, chosen = [float("inf")] * (count + 1), [(0, 0)] * (count + 1)
        for b in range(1, count + 1):
            for a in range(b):
                price = cost[a] + abs(ends[b] - ends[a] - length)
                if price < fresh[b]:
                    fresh[b], chosen[b] = price, (a, b)
            skipped = fresh[b - 1] + _LEFT_OUT * stretches[b - 1].length
            if skipped < fresh[b]:
                fresh[b], chosen[b] = skipped, chosen[b - 1]
        cost = fresh
        steps.append(chosen)
    found: list[tuple[int, int]] = []
    j = count
    for chosen in reversed(steps):
        a, b = chosen[j]
        found.append((a, b))
        j = a
    return found[::-1]
