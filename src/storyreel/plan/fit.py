"""Authored lengths to what a model sells: which shots go out together, and for how many whole seconds each.

The fewest parts, then the fewest bought seconds, then the most even, then the longer part first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from math import ceil, lcm
from typing import Literal

from storyreel.base.timebase import Duration, Rate, round_half_up
from storyreel.plan.catalog import Profile


@dataclass(frozen=True, slots=True)
class ShotLength:
    """What the author wrote, exact, and the frames that it comes to."""

    seconds: Fraction
    frames: int

    @classmethod
    def of(cls, duration: Duration, rate: Rate) -> ShotLength:
        return cls(duration.seconds(rate), duration.frames(rate))


@dataclass(frozen=True, slots=True)
class FittedPart:
    """Shots `first` up to but without `end`, bought in one request."""

    first: int
    end: int
    bought: tuple[int, ...]
    """Whole seconds of each shot."""
    frames: int
    """Shown: the beginning of the take; the rest is trimmed."""

    @property
    def seconds(self) -> int:
        return sum(self.bought)


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a scene cannot be bought. `empty`: no whole frame; `long`: over one request; `crowded`: never seen."""

    kind: Literal["empty", "long", "crowded"]
    shot: int
    """Index of the shot to blame."""
    first: int = 0
    end: int = 0
    """The shots that crowd each other."""


def fit(shots: Sequence[ShotLength], profile: Profile, rate: Rate) -> tuple[FittedPart, ...] | Misfit:
    """Parts of a scene with at least one shot, in order."""
    limits = (profile.most_shots, profile.least_seconds, profile.most_seconds, profile.shot_seconds)
    return _fit(tuple(shots), limits, rate)


_Limits = tuple[int, int, int, int]
_Choice = tuple[int, int, int, tuple[int, ...]]
"""Parts, bought seconds, sum of squared shown frames, shown frames negated: smaller is better."""


@lru_cache(maxsize=4096)
def _fit(shots: tuple[ShotLength, ...], limits: _Limits, rate: Rate) -> tuple[FittedPart, ...] | Misfit:
    _, _, most_seconds, _ = limits
    for index, shot in enumerate(shots):
        if shot.frames < 1:
            return Misfit("empty", index)
        if shot.seconds > most_seconds:
            return Misfit("long", index)
    fewest = _fewest(shots, limits)
    best: list[tuple[_Choice, int] | None] = [None] * len(shots) + [((0, 0, 0, ()), len(shots))]
    for first in range(len(shots) - 1, -1, -1):
        best[first] = _best_from(first, shots, limits, rate, best)
    if best[0] is None or best[0][0][0] > len(fewest):
        return _crowded(shots, fewest, limits, rate)
    parts = []
    first = 0
    while first < len(shots):
        chosen = best[first]
        assert chosen is not None
        end = chosen[1]
        parts.append(FittedPart(first, end, _bought(shots[first:end], limits, rate), _frames(shots[first:end])))
        first = end
    return tuple(parts)


def _best_from(
    first: int, shots: tuple[ShotLength, ...], limits: _Limits, rate: Rate, best: Sequence[tuple[_Choice, int] | None]
) -> tuple[_Choice, int] | None:
    found: tuple[_Choice, int] | None = None
    for end in range(first + 1, min(len(shots), first + limits[0]) + 1):
        part = shots[first:end]
        if _seconds(part) > limits[2]:
            break
        rest = best[end]
        if rest is None or not _is_seen(part, limits, rate):
            continue
        (parts, bought, squares, order), _ = rest
        frames = _frames(part)
        choice = (parts + 1, bought + _total(part, limits), squares + frames * frames, (-frames, *order))
        if found is None or choice < found[0]:
            found = (choice, end)
    return found


def _fewest(shots: tuple[ShotLength, ...], limits: _Limits) -> list[tuple[int, int]]:
    """The fewest parts by number of shots and seconds alone; taking as many shots as fit is optimal."""
    parts, first = [], 0
    for end in range(1, len(shots) + 1):
        if end - first > limits[0] or _seconds(shots[first:end]) > limits[2]:
            parts.append((first, end - 1))
            first = end - 1
    parts.append((first, len(shots)))
    return parts


def _crowded(shots: tuple[ShotLength, ...], parts: Sequence[tuple[int, int]], limits: _Limits, rate: Rate) -> Misfit:
    """Blames the shortest shot of the first part in which one would never be seen."""
    unseen = [part for part in parts if not _is_seen(shots[part[0] : part[1]], limits, rate)]
    first, end = unseen[0] if unseen else (0, len(shots))
    return Misfit("crowded", min(range(first, end), key=lambda i: shots[i].frames), first, end)


def _seconds(part: Sequence[ShotLength]) -> Fraction:
    return sum((shot.seconds for shot in part), Fraction(0))


def _frames(part: Sequence[ShotLength]) -> int:
    return sum(shot.frames for shot in part)


def _total(part: Sequence[ShotLength], limits: _Limits) -> int:
    """Bought seconds: the authored sum rounded up, and what the model asks for at least."""
    return max(limits[1], ceil(_seconds(part)), len(part) * limits[3])


def _latest(part: Sequence[ShotLength], limits: _Limits, rate: Rate) -> int:
    """The latest whole second at which the last shot may begin and still be seen for a frame."""
    second = _total(part, limits) - limits[3]
    frames = _frames(part)
    while second > 0 and round_half_up(second * rate) >= frames:
        second -= 1
    return second


def _is_seen(part: Sequence[ShotLength], limits: _Limits, rate: Rate) -> bool:
    return len(part) == 1 or _latest(part, limits, rate) >= (len(part) - 1) * limits[3]


def _bought(part: Sequence[ShotLength], limits: _Limits, rate: Rate) -> tuple[int, ...]:
    """Whole seconds of each shot: cuts nearest to the authored ones by least squares, halves up."""
    total, least = _total(part, limits), limits[3]
    if len(part) == 1:
        return (total,)
    scale = lcm(*(shot.seconds.denominator for shot in part))
    latest = _latest(part, limits, rate)
    reached: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    written = 0
    for index, shot in enumerate(part[:-1]):
        written += int(shot.seconds * scale)
        after = len(part) - 2 - index
        last = latest - after * least
        reached = {
            cut: min(
                (cost + (cut * scale - written) ** 2, (*cuts, -cut))
                for before, (cost, cuts) in reached.items()
                if before + least <= cut
            )
            for cut in range((index + 1) * least, last + 1)
        }
    _, negated = min(reached.values())
    cuts = (0, *(-cut for cut in negated), total)
    return tuple(b - a for a, b in pairwise(cuts))
