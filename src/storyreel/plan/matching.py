"""Which scene of one version is which of another: by id, by what is asked for, by place. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from storyreel.plan.words import likeness

T = TypeVar("T")
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the two versions; one of them is None for what came or went."""

    old: int | None
    new: int | None
    is_moved: bool = False
    """It stands in another order among those that both versions have."""


def match(
    old: Sequence[T],
    new: Sequence[T],
    name: Callable[[T], str | None],
    content: Callable[[T], Hashable],
    words: Callable[[T], str],
    alike: float = _ALIKE,
) -> tuple[Pair, ...]:
    """Pairs in the order of the new version, what went at the place where it was.

    A name counts first, then equal content (None never equals), then, behind the same neighbour, words that are
    `alike` (0: any words, 1: the same).
    """
    found: dict[int, int] = {}
    for identify in (name, content):
        _by(old, new, identify, found)
    _by_place(old, new, words, alike, found)
    partner = {b: a for a, b in found.items()}
    still = _longest([partner[b] for b in sorted(partner)])
    pairs: list[Pair] = []
    gone = [a for a in range(len(old)) if a not in found]
    for b in range(len(new)):
        a = partner.get(b)
        while gone and a is not None and gone[0] < a:
            pairs.append(Pair(gone.pop(0), None))
        pairs.append(Pair(a, b, a is not None and a not in still))
    return (*pairs, *(Pair(a, None) for a in gone))


def _by(old: Sequence[T], new: Sequence[T], identify: Callable[[T], Hashable], found: dict[int, int]) -> None:
    """Pair what is called the same; of several equals the first with the first."""
    taken = set(found.values())
    waiting: dict[Hashable, list[int]] = {}
    for b, item in enumerate(new):
        known = identify(item)
        if b not in taken and known is not None:
            waiting.setdefault(known, []).append(b)
    for a, item in enumerate(old):
        if a in found:
            continue
        places = waiting.get(identify(item))
        if places:
            found[a] = places.pop(0)


def _by_place(
    old: Sequence[T], new: Sequence[T], words: Callable[[T], str], alike: float, found: dict[int, int]
) -> None:
    taken = set(found.values())
    for a, item in enumerate(old):
        if a in found:
            continue
        b = 0 if a == 0 else found.get(a - 1, -2) + 1
        is_free = 0 <= b < len(new) and b not in taken
        if is_free and (not alike or likeness(words(item), words(new[b])) >= alike):
            found[a] = b
            taken.add(b)


def _longest(places: Sequence[int]) -> frozenset[int]:
    """The most of them that stand in rising order: these did not move."""
    tails: list[int] = []
    chains: list[list[int]] = []
    for place in places:
        at = bisect_left(tails, place)
        chain = [*(chains[at - 1] if at else []), place]
        if at == len(tails):
            tails.append(place)
            chains.append(chain)
        else:
            tails[at] = place
            chains[at] = chain
    return frozenset(chains[-1]) if chains else frozenset()
