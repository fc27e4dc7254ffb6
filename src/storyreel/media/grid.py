"""The rate that explains a list of time stamps."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

_USUAL = tuple(Fraction(r) for r in (24, 25, 30, 50, 60, 12, 15, 10, 48, 100, 120, 8, 6, 5, 20, 16))
_NTSC = tuple(Fraction(r * 1000, 1001) for r in (24, 30, 60, 48, 120))


def rate_of(stamps: Sequence[int], tick: Fraction) -> Fraction | None:
    """Frames per second of time stamps in order, counted in ticks of `tick` seconds; None for fewer than two.

    A container that counts in milliseconds rounds each stamp, so the usual rates are tried against all of them before
    the mean is taken. Frames that do not come evenly have their mean rate.
    """
    steps = len(stamps) - 1
    if steps < 1 or stamps[-1] <= stamps[0]:
        return None
    gaps = {after - before for before, after in pairwise(stamps)}
    if len(gaps) == 1 and not Fraction(1, 2000) <= tick <= Fraction(1, 500):
        return 1 / (gaps.pop() * tick)
    mean = steps / ((stamps[-1] - stamps[0]) * tick)
    fitting = [r for r in (*_USUAL, *_NTSC) if abs(r / mean - 1) < Fraction(1, 50) and _worst(stamps, tick, r) <= 1]
    if fitting:
        return min(fitting, key=lambda r: (_worst(stamps, tick, r), abs(r - mean)))
    return 1 / (gaps.pop() * tick) if len(gaps) == 1 else mean.limit_denominator(1001)


def _worst(stamps: Sequence[int], tick: Fraction, rate: Fraction) -> Fraction:
    """How far, in ticks, the stamps lie from a grid at `rate`."""
    step = 1 / (rate * tick)
    off = [stamp - stamps[0] - round(i * step) for i, stamp in enumerate(stamps)]
    return Fraction(max(off) - min(off))
