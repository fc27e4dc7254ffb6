"""Where somebody speaks in a sound, by its energy: samples in, stretches out. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storyreel.base.timebase import Range

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_STEP = 0.01
"""Seconds between two looks."""
_LOOK = 0.032
_VOICE_HZ = (160, 3800)
_FLOOR_DB = -66.0
"""What is quieter counts as silence."""
_CLEAR_DB = 9.0
"""Speech is told from what else sounds where it is this much louder."""
_PAUSE = 0.28
"""Seconds of quiet that do not end a stretch."""
_SHORTEST = 0.16
"""Seconds of the shortest stretch: a knock is shorter, a word is not."""


def speech_in(samples: npt.NDArray[np.int16], hz: int) -> tuple[Range, ...]:
    """Stretches in samples, in order; none where speech cannot be told from what else sounds, or nothing does.

    `samples` has the shape (n,) or (n, channels).
    """
    import numpy as np

    if len(samples) < hz * _SHORTEST:
        return ()
    mono = samples.astype(np.float64) if samples.ndim == 1 else samples.mean(axis=1)
    levels = _levels(mono / 32768, hz)
    # The quiet of a take is what a tenth of it lies under; a scream or a bang does not set what is loud.
    quiet, loud = (float(np.percentile(levels, part)) for part in (10, 95))
    if loud - quiet < _CLEAR_DB or loud < -50:
        return ()
    begins, goes_on = quiet + 0.45 * (loud - quiet), quiet + 0.28 * (loud - quiet)
    steps = _stretches(levels, max(begins, quiet + 6), max(goes_on, quiet + 4))
    size = round(hz * _STEP)
    return tuple(Range(a * size, min(b * size, len(samples))) for a, b in steps)


def _levels(mono: Floats, hz: int) -> Floats:
    """Decibels of what lies in the band of voices, step by step, smoothed over a syllable's edge."""
    import numpy as np

    step, look = round(hz * _STEP), round(hz * _LOOK)
    padded = np.concatenate([np.zeros(look // 2), mono, np.zeros(look)])
    window = np.hanning(look)
    pitch = np.fft.rfftfreq(look, 1 / hz)
    band = (pitch >= _VOICE_HZ[0]) & (pitch <= _VOICE_HZ[1])
    count = -(-len(mono) // step)
    power = np.empty(count)
    for first in range(0, count, 2048):  # in parts, since a long take would fill the memory with its spectra
        at = np.arange(first, min(count, first + 2048))[:, None] * step + np.arange(look)
        spectra = np.fft.rfft(padded[np.minimum(at, len(padded) - 1)] * window, axis=1)
        power[first : first + len(at)] = (np.abs(spectra[:, band]) ** 2).sum(axis=1) / (window**2).sum() / look * 2
    smooth = np.convolve(power, np.ones(5) / 5, "same")
    levels: Floats = np.maximum(_FLOOR_DB, 10 * np.log10(np.maximum(smooth, 1e-12)))
    return levels


def _stretches(levels: Floats, begins: float, goes_on: float) -> list[tuple[int, int]]:
    """Runs of steps that rise over `begins` and stay over `goes_on`; short pauses are part of them."""
    found: list[tuple[int, int]] = []
    start: int | None = None
    was_loud = False
    for step, level in enumerate([*levels.tolist(), -1e9]):
        if level >= goes_on:
            start = step if start is None else start
            was_loud |= level >= begins
        elif start is not None:
            if was_loud:
                if found and start - found[-1][1] < _PAUSE / _STEP:
                    found[-1] = (found[-1][0], step)
                else:
                    found.append((start, step))
            start, was_loud = None, False
    return [(a, b) for a, b in found if b - a >= _SHORTEST / _STEP]
