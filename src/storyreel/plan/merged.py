"""Two sides of a lock that git could not merge: both are one lock, unless they disagree on a scene or a take."""

from __future__ import annotations

from dataclasses import replace

from storyreel.plan.lock import Ident, Lock, LockedScene, LockedTake

_OURS, _BASE, _BETWEEN, _THEIRS = "<<<<<<< ", "||||||| ", "=======", ">>>>>>> "


class SidesDisagree(Exception):
    """Somebody has to say which side holds; `str()` says about what."""


def sides(text: str) -> tuple[str, str] | None:
    """The text as either side of a merge has it; None where it holds no marks of one, or not whole ones."""
    ours: list[str] = []
    theirs: list[str] = []
    base: list[str] = []
    places = {_OURS: (ours,), _BASE: (base,), _BETWEEN: (theirs,)}
    now: tuple[list[str], ...] = (ours, theirs)
    is_marked = False
    for line in text.splitlines():
        mark = line if line == _BETWEEN else line[:8]
        if mark in places and (mark == _OURS) == (now == (ours, theirs)):
            now, is_marked = places[mark], True
        elif mark == _THEIRS and now[0] is theirs:
            now = (ours, theirs)
        else:
            for side in now:
                side.append(line)
    return ("\n".join(ours), "\n".join(theirs)) if is_marked and now == (ours, theirs) else None


def together(ours: Lock, theirs: Lock) -> Lock:
    """Everything of both; raises SidesDisagree. What no film shows any more goes with the next render."""
    takes: dict[Ident, LockedTake] = dict(ours.takes)
    for ident, take in theirs.takes.items():
        takes[ident] = _take(takes.get(ident, take), take)
    films: dict[str, dict[str, LockedScene]] = {film: dict(rows) for film, rows in ours.films.items()}
    for film, rows in theirs.films.items():
        for name, row in rows.items():
            if films.setdefault(film, {}).setdefault(name, row) != row:
                raise SidesDisagree(f"both sides of a merge have other takes for {name} of {film}")
    return Lock(takes, films)


def _take(ours: LockedTake, theirs: LockedTake) -> LockedTake:
    if ours.digest != theirs.digest:
        raise SidesDisagree(f"both sides of a merge have bought take {ours.take} of {ours.key[:12]}")
    return replace(ours, is_held=ours.is_held or theirs.is_held, note=ours.note or theirs.note)
