"""The sound of a reel at its joins: how far it lies from its picture, and how much louder it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ, Range, Rate, samples_at
from storyreel.stitch.meter import HOP, Meter
from storyreel.stitch.seams.joins import Join, moves

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.int16]

HEARD = AUDIO_HZ * 3 // 2
"""Samples of a take that are looked for in the reel."""

_REACH = AUDIO_HZ // 4
"""Samples to either side in which they are looked for."""
_STEP = 3
"""Samples that are taken as one: 16 kHz are enough to tell a tenth of a millisecond."""
_LIKE = 0.35
"""Correlation from which two sounds are the same, whatever lies over them."""
_AS_GOOD = 0.97
_REPEATS = 0.9
"""Likeness to itself, moved, from which a sound tells no place: a tone."""
_TERM = 3
"""Seconds of each side whose loudness is compared."""
_QUIET = -55.0
_FRAME_BYTES = 4
_BLOCK = 4 * AUDIO_HZ


class Heard:
    """The sound of a reel: raw samples on disk, and their weighted energies."""

    def __init__(self, file: Path, rate: Rate) -> None:
        self._file, self._rate = file, rate
        self._meter = Meter()

    def listen(self) -> None:
        """Go through the film once; to be called first."""
        import numpy as np

        count = self._file.stat().st_size // _FRAME_BYTES
        for first in range(0, count, _BLOCK):
            self._meter.add(self._read(first, min(_BLOCK, count - first)).astype(np.float32) / np.float32(32768))

    def offset_ms(self, join: Join, wanted: Samples) -> float | None:
        """How late the samples `wanted` are after the join; None where they are not to be heard there."""
        at = samples_at(join.frame, self._rate)
        first = max(0, at - _REACH)
        found = _lag(_coarse(wanted), _coarse(self._read(first, len(wanted) + at - first + _REACH)))
        return None if found is None else round(float(found * _STEP - (at - first)) * 1000 / AUDIO_HZ, 2) + 0.0

    def step_lu(self, join: Join) -> float | None:
        """How much louder the film goes on; None where a side has no sound of its own."""
        if not (moves(join.outgoing) and moves(join.incoming)):
            return None
        if join.before.audio_db is None or join.after.audio_db is None:
            return None
        term = int(_TERM * self._rate)
        left = Range(max(join.left.start, join.left.end - term), join.left.end - join.after.audio_lead)
        begin = join.right.start + (join.before.audio_lag if join.before is not join.after else 0)
        levels = [self._level(at) for at in (left, Range(begin, min(join.right.end, begin + term)))]
        if levels[0] is None or levels[1] is None:
            return None
        return round(levels[1] - levels[0], 1) + 0.0

    def _level(self, at: Range) -> float | None:
        """LUFS of a stretch, ungated; None where it is silent or shorter than a tenth of a second."""
        first, last = (samples_at(frame, self._rate) // HOP for frame in (at.start, at.end))
        level = self._meter.level(first, last) if last - first >= 100 else None
        return level if level is not None and level > _QUIET else None

    def _read(self, first: int, count: int) -> Samples:
        import numpy as np

        found = np.fromfile(self._file, "<i2", count * 2, offset=first * _FRAME_BYTES)
        return found.astype(np.int16, copy=False).reshape(-1, 2)


def _coarse(samples: Samples) -> npt.NDArray[np.float64]:
    """One channel at a third of the rate."""
    import numpy as np

    whole = len(samples) // _STEP * _STEP
    return samples[:whole].astype(np.float64).mean(axis=1).reshape(-1, _STEP).mean(axis=1) if whole else np.zeros(0)


def _lag(wanted: npt.NDArray[np.float64], heard: npt.NDArray[np.float64]) -> float | None:
    """Where in `heard` the sound `wanted` begins, between steps if need be; None where it is not in it."""
    import numpy as np

    # It may be cut off at the end of the film.
    length = len(heard) + len(wanted)
    power = float(np.square(wanted).sum())
    if len(wanted) < AUDIO_HZ // _STEP // 10 or power < 100 * len(wanted):
        return None
    both = np.fft.irfft(np.fft.rfft(heard, length) * np.conj(np.fft.rfft(wanted, length)), length)
    lags = max(1, len(heard) - len(wanted) + 1)
    sums = np.concatenate([[0.0], np.cumsum(np.square(heard))])
    ends = np.minimum(np.arange(lags) + len(wanted), len(heard))
    likeness = both[:lags] / np.sqrt(np.maximum(sums[ends] - sums[:lags], 1.0) * power)
    best = float(likeness.max())
    if best < _LIKE:
        return None
    # A tone fits at every turn: the one that is least off counts.
    fits = np.flatnonzero(likeness >= best * _AS_GOOD)
    middle = lags // 2
    near = int(fits[np.argmin(np.abs(fits - middle))])
    apart = abs(near - middle)
    if 0 < apart < len(wanted) and _likeness(wanted[apart:], wanted[:-apart]) > _REPEATS:
        return None  # So it sounds at its place as well as there: it cannot tell where it is.
    while 0 < near < lags - 1 and max(likeness[near - 1], likeness[near + 1]) > likeness[near]:
        near += 1 if likeness[near + 1] > likeness[near - 1] else -1
    if not 0 < near < lags - 1:
        return float(near)
    low, top, high = likeness[near - 1 : near + 2]
    bend = low - 2 * top + high
    return near + (0.5 * (low - high) / bend if bend else 0.0)


def _likeness(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    power = max(1.0, float(one @ one) * float(other @ other))
    return float(one @ other) / float(power**0.5)
