"""How loud the film is, and the gain that brings it to its level without a peak over the ceiling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.ffmpeg import INPUT, ffmpeg
from storyreel.media.process import Runner
from storyreel.stitch.meter import HOP, SILENCE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

FLOOR = -55.0
"""LUFS below which a film holds no more than noise, which nobody wants made louder."""
MOST_GAIN_DB = 41.0
CEILING_DB = -1.8
"""Of true peaks before encoding: AAC may add some tenths, and none may pass -1."""
FULL_SCALE_DB = 0.0
"""The ceiling of a film that is not levelled: only what would be clipped is held down."""

_LOOK = 5
"""Steps that the limiter looks ahead and behind."""
_STEPS_AT_ONCE = 1 << 14
_TAPS = 12
_OVERSAMPLED = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """What a file sounds like. `true_peak_db` is None where it was not asked for."""

    lufs: float
    true_peak_db: float | None


async def measure(file: Path, *, peaks: bool = True, runner: Runner | None = None) -> Measured:
    """Integrated loudness and true peak of a file's first sound by EBU R128, as ffmpeg finds them."""
    told = f"ebur128=metadata=1:peak={'true' if peaks else 'none'},ametadata=mode=print:file=-"
    said = await ffmpeg([*INPUT(file), "-map", "0:a:0", "-af", told, "-f", "null", "-"], runner=runner)
    loudness = re.findall(rb"r128\.I=(\S+)", said[-4096:])
    linear = [float(value) for value in re.findall(rb"true_peaks_ch\d=(\S+)", said[-4096:])]
    lufs = float(loudness[-1]) if loudness else SILENCE
    return Measured(max(SILENCE, lufs) if lufs == lufs else SILENCE, _decibels(max(linear[-2:])) if linear else None)


def _decibels(value: float) -> float:
    from math import log10

    return 20 * log10(value) if value > 0 else -120.0


def gain_for(loudness: float, target: float | None) -> float:
    """Decibels from `loudness` to `target`, none where the film is off the scale or no target is set."""
    if target is None or loudness <= FLOOR:
        return 0.0
    return min(MOST_GAIN_DB, target - loudness)


class Peaks:
    """True peaks of a film, 1 ms at a time, gathered block by block."""

    def __init__(self) -> None:
        import numpy as np

        self._left: Floats = np.zeros((_TAPS, 2), np.float32)
        self._found: list[Floats] = []
        self._bank = _phases()
        self._is_whole = False

    def add(self, block: Floats) -> None:
        """One more block of any length."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        samples = np.concatenate([self._left, block])
        # A step is looked at once the samples after it are known, which the values between samples lean on.
        steps = max(0, (len(samples) - 2 * _TAPS) // HOP)
        self._left = samples[steps * HOP :]
        if not steps:
            return
        windows = sliding_window_view(samples, HOP + 2 * _TAPS, axis=0)[::HOP][:steps]
        between = np.abs(windows @ self._bank).max(axis=(1, 2))
        self._found.append(np.maximum(between, np.abs(windows).max(axis=(1, 2))))

    def top_db(self) -> float:
        """The highest true peak."""
        peaks = self._all()
        return _decibels(float(peaks.max()))

    def gains(self, gain_db: float, ceiling_db: float = CEILING_DB) -> Floats:
        """The gain of each step: `gain_db`, and less around every peak that would pass the ceiling."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        peaks, gain = self._all(), np.float32(10 ** (gain_db / 20))
        ceiling = np.float32(10 ** (ceiling_db / 20))
        window = np.hanning(2 * _LOOK + 3)[1:-1]
        window = (window / window.sum()).astype(np.float32)
        # The lowest within reach, then a mean of the same width: no peak is met before the gain is down.
        reach = _LOOK + 1  # a sample lies between two steps and obeys both
        around = _LOOK + reach
        found = np.empty(len(peaks), np.float32)
        for first in range(0, len(peaks), _STEPS_AT_ONCE):  # a long film needs no more room than a short one
            last = min(len(peaks), first + _STEPS_AT_ONCE)
            near = peaks[np.clip(np.arange(first - around, last + around), 0, len(peaks) - 1)]
            room = np.minimum(1, ceiling / np.maximum(near * gain, np.float32(1e-9)))
            lowest = sliding_window_view(room, 2 * reach + 1).min(axis=1)
            found[first:last] = gain * np.convolve(lowest, window, mode="valid")
        return found

    def _all(self) -> Floats:
        """Every step's peak; nothing can be added any more."""
        import numpy as np

        if not self._is_whole:
            self.add(np.zeros((HOP + _TAPS, 2), np.float32))
            self._is_whole = True
            self._found = [np.concatenate(self._found)] if self._found else [np.zeros(1, np.float32)]
        return self._found[0]


def apply(gains: Floats, block: Floats, first: int) -> Floats:
    """`block`, which begins at sample `first`, with its gains, drawn as a line from step to step."""
    import numpy as np

    # Only the steps around the block: the gains of a whole film are many.
    lowest, highest = max(0, first // HOP - 1), (first + len(block)) // HOP + 2
    near = gains[min(lowest, len(gains) - 1) : highest]
    at = np.arange(first, first + len(block)) / HOP - 0.5 - lowest
    curve = np.interp(at, np.arange(len(near)), near).astype(np.float32)
    return block * curve[:, None]


def _phases() -> Floats:
    """A matrix that takes a window to the values between its samples, three for each."""
    import numpy as np

    bank = np.zeros((HOP + 2 * _TAPS, HOP * (_OVERSAMPLED - 1)), np.float32)
    offsets = np.arange(-_TAPS + 1, _TAPS + 1)
    for phase in range(1, _OVERSAMPLED):
        distance = offsets - phase / _OVERSAMPLED
        taps = np.sinc(distance) * np.cos(np.pi * distance / (2 * _TAPS + 1)) ** 2
        taps /= taps.sum()
        for sample in range(HOP):
            column = sample * (_OVERSAMPLED - 1) + phase - 1
            bank[sample + 1 : sample + 1 + 2 * _TAPS, column] = taps
    return bank
