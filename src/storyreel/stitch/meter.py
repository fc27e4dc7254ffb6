"""How loud a film is by EBU R128, known for any gain curve once its samples went by: no process, no second reading."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SILENCE = -69.0
"""LUFS at and below which there is nothing to measure."""

HOP = AUDIO_HZ // 1000
"""Samples of one step of a gain curve: 1 ms."""

_SIZE = 1 << 15
"""Samples of one transform: few enough to stay in the cache."""
_RUN_UP = 64 * HOP
"""Samples after which the filter has forgotten what was before, to a billionth."""
_PIECE = (_SIZE - _RUN_UP) // HOP * HOP
_STEPS_OF_PART = 100
"""A quarter of a measured block of 400 ms; blocks begin at every part."""
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The two filters of ITU-R BS.1770 at 48 kHz: numerator and denominator of each."""


class Meter:
    """Weighted energies of a film, 1 ms at a time, gathered block by block."""

    def __init__(self) -> None:
        import numpy as np

        self._before: Floats = np.zeros((_RUN_UP, 2), np.float32)
        self._left: Floats = np.zeros((0, 2), np.float32)
        self._found: list[Floats] = []
        self._curve = _curve()

    def add(self, block: Floats) -> None:
        """One more block of any length; what makes no whole step waits for the next."""
        import numpy as np

        samples = np.concatenate([self._left, block])
        whole = len(samples) // HOP * HOP
        self._left = samples[whole:]
        if not whole:
            return
        for first in range(0, whole, _PIECE):
            heard = np.concatenate([self._before, samples[first : min(whole, first + _PIECE)]])
            self._before = heard[-_RUN_UP:]
            seen = np.fft.rfft(np.ascontiguousarray(heard.T), _SIZE, axis=1) * self._curve
            weighted = np.fft.irfft(seen, _SIZE, axis=1)[:, _RUN_UP : len(heard)]
            self._found.append(np.square(weighted).sum(axis=0).reshape(-1, HOP).sum(axis=1).astype(np.float32))

    def loudness(self, gains: Floats | None = None) -> float:
        """Integrated LUFS, with a gain for each step; `SILENCE` where there is none or less than 400 ms."""
        import numpy as np

        energies = self._energies()
        if gains is not None:
            energies = energies * np.square(gains[: len(energies)])
        count = len(energies) // _STEPS_OF_PART
        whole = energies[: count * _STEPS_OF_PART].reshape(count, _STEPS_OF_PART)
        parts = whole.sum(axis=1, dtype=np.float64)
        if count < 4:
            return SILENCE
        blocks = (parts[:-3] + parts[1:-2] + parts[2:-1] + parts[3:]) / (4 * _STEPS_OF_PART * HOP)
        blocks = blocks[blocks > _power(-70)]
        if not len(blocks):
            return SILENCE
        blocks = blocks[blocks > blocks.mean() / 10]
        return max(SILENCE, float(-0.691 + 10 * np.log10(blocks.mean())))

    def level(self, first: int, last: int) -> float:
        """LUFS of the steps from `first` up to but without `last`, ungated; `SILENCE` where there is none."""
        import numpy as np

        mean = float(self._energies()[first:last].astype(np.float64).sum()) / (max(1, last - first) * HOP)
        return max(SILENCE, float(-0.691 + 10 * np.log10(max(mean, 1e-12))))

    def _energies(self) -> Floats:
        import numpy as np

        if len(self._found) > 1:
            self._found = [np.concatenate(self._found)]
        return self._found[0] if self._found else np.zeros(0, np.float32)


@lru_cache(maxsize=1)
def _curve() -> npt.NDArray[np.complex64]:
    """The filters at the frequencies of a transform."""
    import numpy as np

    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(_SIZE))
    both = [np.polyval(top[::-1], turn) / np.polyval(below[::-1], turn) for top, below in (_SHELF, _HIGH_PASS)]
    return (both[0] * both[1]).astype(np.complex64)


def _power(lufs: float) -> float:
    power: float = 10 ** ((lufs + 0.691) / 10)
    return power
