"""The mix: placed stems in, one stream of samples out, a few seconds at a time: long films need no more room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ
from storyreel.stitch import stems
from storyreel.stitch.score import Placed, Score, Stem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

BLOCK = 4 * AUDIO_HZ
"""Samples mixed at once."""

_ATTACK = AUDIO_HZ * 25 // 100
_RELEASE = AUDIO_HZ * 60 // 100
_FRAME_BYTES = 4
_SHARED = AUDIO_HZ * 20 // 1000
"""Samples in which looped music ends and begins again at once: no click, and no bar that is heard to be shorter."""


def blocks_of(score: Score, files: Mapping[Stem, Path]) -> Iterator[Floats]:
    """The film's sound, unlevelled, 1.0 being full scale; together exactly `score.length` samples of two channels."""
    import numpy as np

    made = {"tick": stems.tick()}
    curve = duck_curve(score.speech)
    for start in range(0, score.length, BLOCK):
        end = min(score.length, start + BLOCK)
        block = np.zeros((end - start, 2), np.float32)
        for placed in score.placed:
            first, last = max(start, placed.at), min(end, placed.at + placed.length)
            if first < last:
                block[first - start : last - start] += _stretch(placed, first, last, files, made, curve)
        yield block


def _stretch(
    placed: Placed,
    first: int,
    last: int,
    files: Mapping[Stem, Path],
    made: dict[str, npt.NDArray[np.int16]],
    curve: tuple[Sequence[int], Sequence[float]],
) -> Floats:
    """Samples `first` to `last` of the film from one stem, with its fades and its gain."""
    import numpy as np

    inside = np.arange(first - placed.at, last - placed.at)
    samples = _samples(placed, inside, files, made)
    gain = np.full(len(inside), 10 ** (placed.gain_db / 20), np.float32)
    # Sines, so that two crossfaded sounds are together as loud as one.
    if inside[0] < placed.fade_in:
        gain *= np.sin(np.pi / 2 * np.minimum(1, (inside + 0.5) / placed.fade_in))
    if placed.length - inside[-1] <= placed.fade_out:
        gain *= np.sin(np.pi / 2 * np.minimum(1, (placed.length - inside - 0.5) / placed.fade_out))
    if placed.duck_db:
        depth = np.interp(np.arange(first, last), *curve).astype(np.float32)
        if depth.any():
            gain *= 10 ** (-placed.duck_db / 20 * (0.5 - 0.5 * np.cos(np.pi * depth)))
    return (samples.astype(np.float32) / 32768 * gain[:, None]).astype(np.float32)


def _samples(
    placed: Placed, inside: npt.NDArray[np.int64], files: Mapping[Stem, Path], made: dict[str, npt.NDArray[np.int16]]
) -> npt.NDArray[np.int16] | Floats:
    """The stem's samples at `inside`, in 16-bit steps."""
    stem = placed.stem
    if stem.kind == "tone":
        if stem.identity not in made:
            made[stem.identity] = stems.tone(stem.identity)
        return made[stem.identity][inside % len(made[stem.identity])]
    if stem.kind == "tick":
        return made["tick"][inside[0] : inside[-1] + 1]
    count = files[stem].stat().st_size // _FRAME_BYTES
    if placed.loops and count and placed.length > count:
        return _looped(files[stem], inside, count)
    return _read(files[stem], int(inside[0]), len(inside))


def _looped(file: Path, inside: npt.NDArray[np.int64], count: int) -> Floats:
    """Samples of a file of `count` that begins again shortly before its end, which lies under its new beginning."""
    import numpy as np

    shared = min(_SHARED, count // 4)
    period = count - shared
    found = _turns(file, int(inside[0]), len(inside), period).astype(np.float32)
    turn = inside % period
    is_shared = (inside >= period) & (turn < shared)
    if is_shared.any():
        at = turn[is_shared]
        ending = _read(file, period, shared)[at]
        angle = (np.pi / 2 * (at + 0.5) / shared).astype(np.float32)[:, None]
        found[is_shared] = found[is_shared] * np.sin(angle) + ending * np.cos(angle)
    return found


def _turns(file: Path, first: int, length: int, period: int) -> npt.NDArray[np.int16]:
    """Samples of a file that is played up to `period` again and again, read where they lie."""
    import numpy as np

    pieces, end = [], first + length
    while first < end:
        piece = min(end - first, period - first % period)
        pieces.append(_read(file, first % period, piece))
        first += piece
    return np.concatenate(pieces)


def _read(file: Path, first: int, count: int) -> npt.NDArray[np.int16]:
    """Samples of a stem's file; silence beyond its end."""
    import numpy as np

    found = np.fromfile(file, "<i2", count * 2, offset=first * _FRAME_BYTES).reshape(-1, 2)
    if len(found) == count:
        return found
    return np.concatenate([found, np.zeros((count - len(found), 2), np.int16)])


def duck_curve(speech: Sequence[tuple[int, int]]) -> tuple[list[int], list[float]]:
    """How far music is ducked: places and depths 0 to 1, down before the first word and up after the last."""
    merged: list[tuple[int, int]] = []
    for start, end in speech:
        if merged and start - merged[-1][1] < _ATTACK + _RELEASE:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    places, depths = [-AUDIO_HZ], [0.0]
    for start, end in merged:
        places += [start - _ATTACK, start, end, end + _RELEASE]
        depths += [0.0, 1.0, 1.0, 0.0]
    assert all(a <= b for a, b in pairwise(places[1:]))
    return places, depths
