"""How loud the film is, and the gain that brings it to its level without a peak over the ceiling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.ffmpeg import ffmpeg
from storyreel.media.process import Runner

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SILENCE = -69.0
"""LUFS at and below which there is nothing to measure."""
ROOM = -45.0
"""LUFS below which a film holds no more than room tone, which nobody wants made louder."""
MOST_GAIN_DB = 20.0
CEILING_DB = -1.8
"""Of true peaks before encoding: AAC may add some tenths, and none may pass -1."""

HOP = AUDIO_HZ // 1000
"""Samples of one step of the limiter: 1 ms."""
_LOOK = 5
"""Steps that the limiter looks ahead and behind."""
_TAPS = 12
_OVERSAMPLED = 4


async def loudness_of(blocks: Iterable[Floats], *, runner: Runner | None = None) -> float:
    """Integrated loudness in LUFS by EBU R128, measured by ffmpeg; `SILENCE` where there is none."""
    arguments = [
        *("-f", "f32le", "-ar", str(AUDIO_HZ), "-ac", "2", "-i", "pipe:0", "-af"),
        "ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=-",
        *("-f", "null", "-"),
    ]
    said = await ffmpeg(arguments, feed=(block.tobytes() for block in blocks), runner=runner)
    last = said.rstrip().rpartition(b"=")[2]
    try:
        return max(SILENCE, float(last))
    except ValueError:  # shorter than one measuring window
        return SILENCE


def gain_for(loudness: float, target: float | None) -> float:
    """Decibels from `loudness` to `target`, none where the film is off the scale or no target is set."""
    if target is None or loudness <= ROOM:
        return 0.0
    return min(MOST_GAIN_DB, target - loudness)


class Peaks:
    """True peaks of a film, 1 ms at a time, gathered block by block."""

    def __init__(self) -> None:
        import numpy as np

        self._left: Floats = np.zeros((_TAPS, 2), np.float32)
        self._found: list[Floats] = []
        self._bank = _phases()

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

    def gains(self, gain_db: float) -> Floats:
        """The gain of each step: `gain_db`, and less around every peak that would pass the ceiling."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        self.add(np.zeros((HOP + _TAPS, 2), np.float32))
        gain = np.float32(10 ** (gain_db / 20))
        peaks = np.concatenate(self._found) if self._found else np.zeros(1, np.float32)
        room = np.minimum(1, 10 ** (CEILING_DB / 20) / np.maximum(peaks * gain, 1e-9))
        # The lowest within reach, then a mean of the same width: no peak is met before the gain is down.
        reach = _LOOK + 1  # a sample lies between two steps and obeys both
        lowest = sliding_window_view(np.pad(room, _LOOK + reach, mode="edge"), 2 * reach + 1).min(axis=1)
        window = np.hanning(2 * _LOOK + 3)[1:-1]
        return (gain * np.convolve(lowest, window / window.sum(), mode="valid")).astype(np.float32)


def apply(gains: Floats, block: Floats, first: int) -> Floats:
    """`block`, which begins at sample `first`, with its gains, drawn as a line from step to step."""
    import numpy as np

    at = np.arange(first, first + len(block)) / HOP - 0.5
    curve = np.interp(at, np.arange(len(gains)), gains).astype(np.float32)
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
