"""What happens while takes are made: noun and past verb, one value each."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.base.money import Usd
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
class TakeAccepted:
    key: str
    take: int
    provider: str
    id: str | None
    """What the provider calls the job."""


@dataclass(frozen=True, slots=True)
class TakeQueued:
    """It waits for its turn at the provider."""

    key: str
    take: int


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
    provider: str = ""
    cost: Usd | None = None
    """None for what was drawn here."""


@dataclass(frozen=True, slots=True)
class TakeFailed:
    key: str
    take: int
    reason: Reason
    message: str
    is_open: bool = False
    """True where the provider still has it: the next run goes on, and buys nothing."""


@dataclass(frozen=True, slots=True)
class TakeUnknown:
    """Whether the provider has accepted it is being looked into."""

    key: str
    take: int
    provider: str
    message: str


@dataclass(frozen=True, slots=True)
class TakeUnread:
    """Looks at it have been in vain for a while; it is looked at further."""

    key: str
    take: int
    provider: str
    id: str | None
    """What the provider calls the job; None where it is still looked for."""
    message: str
    since: float
    """Wall time of the first look in vain."""


@dataclass(frozen=True, slots=True)
class TakeParked:
    """Nobody can say whether the provider has accepted it: it is not bought again until a person decides."""

    key: str
    take: int
    provider: str
    message: str
    is_unknown: bool = False
    """True where the journal calls it unknown, not parked: the next run looks again."""


@dataclass(frozen=True, slots=True)
class TakeRerouted:
    """Nothing was accepted at `provider`; `to` is asked instead."""

    key: str
    take: int
    provider: str
    to: str
    message: str


@dataclass(frozen=True, slots=True)
class TakeUnaffordable:
    """It would pass the ceiling; nothing was sent."""

    key: str
    take: int
    message: str


@dataclass(frozen=True, slots=True)
class TakeOrphaned:
    """The journal could not take an accepted job's id: it must be told to people."""

    key: str
    take: int
    provider: str
    id: str | None
    message: str


@dataclass(frozen=True, slots=True)
class ChargeDoubted:
    """The provider has more jobs with this body than were asked for."""

    key: str
    take: int
    provider: str
    ids: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class FileUploaded:
    digest: str
    provider: str


@dataclass(frozen=True, slots=True)
class VoiceMade:
    """A voice was made from a sample."""

    digest: str
    """Of the sample."""
    provider: str
    cost: Usd


@dataclass(frozen=True, slots=True)
class ProviderPaused:
    """It asked to be left alone: all its takes wait."""

    provider: str
    seconds: float
    message: str


@dataclass(frozen=True, slots=True)
class ProviderShut:
    """It is not asked again in this run."""

    provider: str
    reason: Reason
    message: str


Event = (
    TakeReused
    | TakeStarted
    | TakeAccepted
    | TakeQueued
    | TakeProgressed
    | TakeKept
    | TakeFailed
    | TakeUnknown
    | TakeUnread
    | TakeParked
    | TakeRerouted
    | TakeUnaffordable
    | TakeOrphaned
    | ChargeDoubted
    | FileUploaded
    | VoiceMade
    | ProviderPaused
    | ProviderShut
)
