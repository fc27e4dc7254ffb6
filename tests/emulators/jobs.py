"""A job in an emulator: when it waits, runs and ends, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tests.emulators.films import Film
from tests.emulators.ledger import Submission

Stage = Literal["queued", "running", "over"]
FateOf = Callable[[Mapping[str, Any]], str | None]
"""From a body to the name of how its job fails; None is a film."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds on the emulator's clock."""

    queued: float = 0.02
    running: float = 0.08


def variant_of(sense: str, earlier: Sequence[Submission], *, is_fixed: bool) -> str:
    """What tells films apart: what is asked for, and how often it was asked for before."""
    if is_fixed:
        return "fixed"
    return f"{sum(each.sense == sense for each in earlier)} {sense}"


@dataclass(slots=True)
class Job:
    submission: Submission
    schedule: Schedule
    film: Film | None = None
    fate: str | None = None
    problems: tuple[Mapping[str, Any], ...] = ()
    """What is wrong with the body, found out late."""
    canceled_at: float | None = None
    deadline: float | None = None
    """The time by which it must have begun."""
    url: str | None = None
    """Where its film lies, once it was put there."""

    @property
    def id(self) -> str:
        return self.submission.id

    @property
    def starts_at(self) -> float:
        return self.submission.at + self.schedule.queued

    @property
    def ends_at(self) -> float:
        planned = self.starts_at + self.schedule.running
        limits = [planned, *(at for at in (self.canceled_at,) if at is not None)]
        if self.is_aborted and self.deadline is not None:
            limits.append(self.deadline)
        return min(limits)

    @property
    def is_aborted(self) -> bool:
        return self.deadline is not None and self.deadline < self.starts_at

    @property
    def has_started(self) -> bool:
        """True where it ever ran."""
        return not self.is_aborted and (self.canceled_at is None or self.canceled_at > self.starts_at)

    def stage(self, now: float) -> Stage:
        if now >= self.ends_at:
            return "over"
        return "running" if now >= self.starts_at else "queued"
