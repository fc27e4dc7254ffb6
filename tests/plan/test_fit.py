"""Splitting and fitting, against a brute force that tries everything."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.base.timebase import Duration, Rate, round_half_up
from storyreel.plan.catalog import catalog
from storyreel.plan.fit import FittedPart, Misfit, ShotLength, fit

KLING = catalog().profiles["kling-v3"]
FILM = Fraction(24)


def lengths(text: str, rate: Rate = FILM) -> tuple[ShotLength, ...]:
    return tuple(ShotLength.of(Duration.parse(word), rate) for word in text.split())


def fitted(text: str, rate: Rate = FILM) -> list[tuple[int, ...]]:
    found = fit(lengths(text, rate), KLING, rate)
    assert not isinstance(found, Misfit), found
    return [part.bought for part in found]


@pytest.mark.parametrize(
    ("written", "bought"),
    [
        ("4 4", [(4, 4)]),
        ("2", [(3,)]),
        ("96f", [(4,)]),
        ("2.5 2.5", [(3, 2)]),
        ("2.4 2.4", [(2, 3)]),
        ("1 1 1 1 1 1 1", [(1, 1, 1, 1), (1, 1, 1)]),
        ("8 8", [(8,), (8,)]),
        ("6 6 6", [(6, 6), (6,)]),
        ("14.5 0.5", [(14, 1)]),
        ("4 0.5 0.5", [(3, 1, 1)]),
        ("0.5", [(3,)]),
    ],
)
def test_shots_are_bought_in_whole_seconds(written: str, bought: list[tuple[int, ...]]) -> None:
    assert fitted(written) == bought


def test_a_rate_of_television_costs_no_second_more() -> None:
    assert fitted("2.5 2.5", Fraction(24000, 1001)) == [(3, 2)]
    assert fitted("2.5 2.5", Fraction(25)) == [(3, 2)]


@pytest.mark.parametrize(
    ("written", "kind", "shot"),
    [("16", "long", 0), ("4 15.1 4", "long", 1), ("4 0.01", "empty", 1), ("0.5 0.4 0.5", "crowded", 1)],
)
def test_what_cannot_be_bought_names_its_shot(written: str, kind: str, shot: int) -> None:
    found = fit(lengths(written), KLING, FILM)
    assert isinstance(found, Misfit)
    assert (found.kind, found.shot) == (kind, shot)


def test_a_hundred_shots_are_fitted_at_once() -> None:
    parts = fit(lengths("2.5 " * 100), KLING, FILM)
    assert not isinstance(parts, Misfit)
    assert sum(part.frames for part in parts) == 6000
    assert len(parts) == 17


quarters = st.integers(1, 64).map(lambda n: Fraction(n, 4))
scenes = st.lists(quarters, min_size=1, max_size=7).map(
    lambda seconds: tuple(ShotLength(s, round_half_up(s * FILM)) for s in seconds)
)


@given(scenes)
def test_no_other_way_is_better(shots: tuple[ShotLength, ...]) -> None:
    found = fit(shots, KLING, FILM)
    ways = every_way(shots)
    if isinstance(found, Misfit):
        fewest = min((len(w) for w in every_split(shots, is_seen=False)), default=None)
        assert all(len(way) > (fewest or 0) for way in ways) or found.kind == "long"
    else:
        assert merit(found) == min(merit(way) for way in ways)
        for part in found:
            assert cost(shots, part) == min(cost(shots, other) for other in every_purchase(shots, part.first, part.end))


def every_split(shots: tuple[ShotLength, ...], *, is_seen: bool) -> list[tuple[FittedPart, ...]]:
    """Every way to split at shot boundaries within the number of shots and of seconds."""
    ways = []
    for count in range(len(shots)):
        for marks in combinations(range(1, len(shots)), count):
            bounds = list(pairwise((0, *marks, len(shots))))
            parts = [next(iter(every_purchase(shots, a, b, is_seen=is_seen)), None) for a, b in bounds]
            if all(parts):
                ways.append(tuple(p for p in parts if p))
    return ways


def every_way(shots: tuple[ShotLength, ...]) -> list[tuple[FittedPart, ...]]:
    return every_split(shots, is_seen=True)


def every_purchase(shots: tuple[ShotLength, ...], first: int, end: int, *, is_seen: bool = True) -> list[FittedPart]:
    """Every choice of whole seconds for shots that go out together."""
    part = shots[first:end]
    total = max(3, ceil(sum(s.seconds for s in part)), len(part))
    frames = sum(s.frames for s in part)
    if len(part) > 6 or total > 15:
        return []
    found = []
    for cuts in combinations(range(1, total), len(part) - 1):
        if is_seen and cuts and cuts[-1] * 24 >= frames:
            continue
        found.append(FittedPart(first, end, tuple(b - a for a, b in pairwise((0, *cuts, total))), frames))
    return found


def merit(parts: tuple[FittedPart, ...]) -> tuple[int, int, int]:
    return len(parts), sum(p.seconds for p in parts), sum(p.frames**2 for p in parts)


def cost(shots: tuple[ShotLength, ...], part: FittedPart) -> tuple[Fraction, tuple[int, ...]]:
    """Squared distance of the cuts from the authored ones; of two as near the later is better."""
    at, written, far, cuts = 0, Fraction(0), Fraction(0), []
    for shot, bought in zip(shots[part.first : part.end - 1], part.bought[:-1], strict=True):
        at, written = at + bought, written + shot.seconds
        far += (at - written) ** 2
        cuts.append(-at)
    return far, tuple(cuts)
