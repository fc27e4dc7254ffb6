"""What happens while takes are made: noun and past verb, one value each."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.providers.spec import Reason


@dataclass(frozen=True, slots=True)
class TakeReused:
    key: str
    take: int


@dataclass(frozen=True, slots=True)
class TakeStarted:
    key: str
    take: int
    provider: str


@dataclass(frozen=True, slots=True)
class TakeProgressed:
    key: str
    take: int
    progress: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class TakeKept:
    key: str
    take: int
    digest: str
    elapsed: float
    """Seconds from start to stored."""


@dataclass(frozen=True, slots=True)
class TakeFailed:
    key: str
    take: int
    reason: Reason
    message: str


Event = TakeReused | TakeStarted | TakeProgressed | TakeKept | TakeFailed
