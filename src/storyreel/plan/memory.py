"""Scenes planned a moment ago, for a watch: found again by all that their plan follows from, asked anew where it may
have changed.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from storyreel.base.money import Usd
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree
from storyreel.plan.files import Files
from storyreel.plan.scenes import Staged
from storyreel.plan.sheet import Lane, PaidBefore, Takes

_Asked = tuple[str, str, int, Any]
"""A question, its key and take, and the answer."""


@dataclass(slots=True)
class _Known:
    staged: Staged
    asked: tuple[_Asked, ...]


class AskedTakes:
    """Takes as they are, with a list of what was asked and answered."""

    def __init__(self, takes: Takes) -> None:
        self._takes = takes
        self.asked: list[_Asked] = []

    def has(self, key: str, take: int) -> bool:
        answer = self._takes.has(key, take)
        self.asked.append(("has", key, take, answer))
        return answer

    def paid(self, key: str, take: int) -> Usd:
        answer = self._takes.paid(key, take)
        self.asked.append(("paid", key, take, answer))
        return answer

    def before(self, key: str, take: int) -> PaidBefore | None:
        answer = self._takes.before(key, take)
        self.asked.append(("before", key, take, answer))
        return answer


class PlanMemory:
    """Of one board at one provider. What was not asked for in the last plan is forgotten with the next."""

    def __init__(self) -> None:
        self._lane: Lane | None = None
        self._files: dict[str, str | None] = {}
        self._before: dict[Hashable, _Known] = {}
        self._now: dict[Hashable, _Known] = {}

    def begin(self, lane: Lane, source: SourceTree) -> None:
        """Another plan. Where anything of the lane but its takes is another, or a file, nothing is known any more."""
        bare = replace(lane, takes=_NO_TAKES)
        is_same = bare == self._lane and all(_digest(source, path) == digest for path, digest in self._files.items())
        self._lane = bare
        self._before, self._now = (self._now if is_same else {}), {}
        if not is_same:
            self._files = {}

    def find(self, said: Hashable, takes: Takes) -> Staged | None:
        """What was planned, if every question about takes is answered as it was then."""
        known = self._now.get(said) or self._before.get(said)
        if known is None or any(getattr(takes, name)(key, take) != was for name, key, take, was in known.asked):
            return None
        self._now[said] = known
        return known.staged

    def keep(self, said: Hashable, staged: Staged, asked: AskedTakes) -> None:
        self._now[said] = _Known(staged, tuple(asked.asked))

    def end(self, files: Files) -> None:
        """The plan is made; these files it rests on."""
        self._files |= files.digests()


class _NoTakes:
    def has(self, key: str, take: int) -> bool:
        return False

    def paid(self, key: str, take: int) -> Usd:
        return Usd(0)

    def before(self, key: str, take: int) -> PaidBefore | None:
        return None


_NO_TAKES = _NoTakes()


def _digest(source: SourceTree, path: str) -> str | None:
    try:
        return source.digest(path)
    except (SourceMissing, SourceRefused):
        return None
