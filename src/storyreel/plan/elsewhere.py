"""`clip: {of: board/scene}`: the chosen take of another board's scene, as that board's lock has it."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from storyreel.base.timebase import Range, Rate, round_half_up
from storyreel.plan.cut import TakeSource
from storyreel.plan.edit import Stretch
from storyreel.plan.lock import Lock, LockedTake
from storyreel.plan.request import FrameOf


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another board shows for a scene, or why that is not known."""

    takes: tuple[LockedTake, ...] = ()
    """In order; of a split scene several."""
    film: str = ""
    """The film of that board that it was found in."""
    others: int = 0
    """How many more of its films show other takes."""
    problem: str = ""

    def seconds(self) -> Fraction:
        return Fraction(sum(take.seconds for take in self.takes))


def elsewhere(of: str, film: str, boards: Mapping[str, Lock]) -> Elsewhere:
    """`film` is who asks: of several films of the other board, the one of the same name counts first."""
    board, _, scene = of.rpartition("/")
    lock = boards.get(board)
    if lock is None:
        return Elsewhere(problem=f"{board} has no lock yet: render it first, then its takes are known")
    shown = {name: rows[scene].parts for name, rows in sorted(lock.films.items()) if scene in rows}
    if not shown:
        return Elsewhere(problem=f"the lock of {board} has no take of `{scene}`")
    found = film if film in shown else next(iter(shown))
    takes = tuple(lock.takes[ident] for ident in shown[found])
    return Elsewhere(takes, found, sum(parts != shown[found] for parts in shown.values()))


def sources_of(takes: Sequence[LockedTake], stretch: Stretch, rate: Rate, speed: Fraction) -> list[TakeSource]:
    """A stretch of takes that stand one behind the other, as sources."""
    found = []
    for take, whole in zip(takes, _places(takes, rate, speed), strict=True):
        used = whole.overlap(stretch.used)
        if take is takes[-1] and stretch.used.end > whole.end:
            used = Range(used.start, stretch.used.end)  # Rounded at its speed, it may want a frame more than there is.
        if used.length > 0:
            inside = used.shifted(-whole.start)
            found.append(TakeSource(take.key, take.take, inside, max(whole.length, inside.end)))
    return found


def last_frame(takes: Sequence[LockedTake], stretch: Stretch, rate: Rate, scene: str) -> FrameOf:
    """The last frame that a stretch shows, of the take that holds it."""
    places = _places(takes, rate, Fraction(1))
    index = next((i for i, whole in enumerate(places) if stretch.last < whole.end), len(places) - 1)
    return FrameOf(takes[index].key, takes[index].take, scene, stretch.last - places[index].start)


def _places(takes: Sequence[LockedTake], rate: Rate, speed: Fraction) -> list[Range]:
    """Frames of each take on the clock of them all, at playing speed."""
    ends, seconds = [0], 0
    for take in takes:
        seconds += take.seconds
        ends.append(round_half_up(seconds * rate / speed))
    return [Range(begin, end) for begin, end in itertools.pairwise(ends)]
