"""What a render tells while it runs, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storyreel.base.money import NOTHING, Usd
from storyreel.render.events import (
    Event,
    ProviderShut,
    TakeFailed,
    TakeKept,
    TakeParked,
    TakeUnaffordable,
    VoiceMade,
)
from storyreel.render.order import Ident
from storyreel.stitch.events import StitchEvent
from storyreel.stitch.made import Reel
from storyreel.stitch.seams.report import SeamReport


@dataclass(frozen=True, slots=True)
class ReelReused:
    """The reel already stands as asked."""

    film: str


@dataclass(frozen=True, slots=True)
class FilmWaits:
    """A film that cannot be cut yet, and why."""

    film: str
    why: str


@dataclass(frozen=True, slots=True)
class PanelsStoodIn:
    """A film shows panels where takes are wanted."""

    film: str
    scenes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeamsSeen:
    """Every join of a reel was looked at."""

    film: str
    report: SeamReport


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a render came to."""

    reels: tuple[Reel, ...] = ()
    generated: int = 0
    reused: int = 0
    failures: tuple[TakeFailed, ...] = ()
    waits: tuple[FilmWaits, ...] = ()
    parked: tuple[Ident, ...] = ()
    """Takes whose outcome nobody knows yet."""
    unknown: tuple[Ident, ...] = ()
    """Of these, those that the next run looks up again without being told to."""
    refused: tuple[TakeUnaffordable, ...] = ()
    shut: tuple[ProviderShut, ...] = ()
    stood_in: tuple[PanelsStoodIn, ...] = ()
    seams: tuple[SeamsSeen, ...] = ()
    paid_usd: Usd = NOTHING
    is_stopped: bool = False
    """Asked to end before everything was made; nothing was cut."""


RenderEvent = Event | StitchEvent | ReelReused | FilmWaits | PanelsStoodIn | SeamsSeen | Outcome


@dataclass(slots=True)
class Tally:
    """Counts the events of a render."""

    parked: list[Ident]
    unknown: set[Ident] = field(default_factory=set)
    generated: int = 0
    kept: set[Ident] = field(default_factory=set)
    failures: list[TakeFailed] = field(default_factory=list)
    refused: list[TakeUnaffordable] = field(default_factory=list)
    shut: list[ProviderShut] = field(default_factory=list)
    waits: list[FilmWaits] = field(default_factory=list)
    stood_in: list[PanelsStoodIn] = field(default_factory=list)
    seams: list[SeamsSeen] = field(default_factory=list)
    paid_usd: Usd = NOTHING

    def note(self, event: Event | PanelsStoodIn | SeamsSeen) -> None:
        match event:
            case TakeKept():
                self.generated += 1
                self.kept.add((event.key, event.take))
                self.paid_usd += event.cost or NOTHING
            case VoiceMade():
                self.paid_usd += event.cost
            case TakeFailed():
                self.failures.append(event)
            case TakeParked():
                self.parked.append((event.key, event.take))
                if event.is_unknown:
                    self.unknown.add((event.key, event.take))
            case TakeUnaffordable():
                self.refused.append(event)
            case ProviderShut():
                self.shut.append(event)
            case PanelsStoodIn():
                self.stood_in.append(event)
            case SeamsSeen():
                self.seams.append(event)
            case _:
                pass

    def outcome(self, reels: Sequence[Reel], reused: int, *, is_stopped: bool = False) -> Outcome:
        return Outcome(
            tuple(reels),
            self.generated,
            reused,
            tuple(self.failures),
            tuple(self.waits),
            tuple(dict.fromkeys(self.parked)),
            tuple(ident for ident in dict.fromkeys(self.parked) if ident in self.unknown),
            tuple(self.refused),
            tuple(self.shut),
            tuple(self.stood_in),
            tuple(self.seams),
            self.paid_usd,
            is_stopped,
        )
