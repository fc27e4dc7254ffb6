"""What is to be bought: one take, and every way to it in the order of preference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storyreel.base.money import Usd
from storyreel.render.store import TakeRecord

Ident = tuple[str, int]
"""A request key and a take number."""


@dataclass(frozen=True, slots=True)
class FrameNeeded:
    """One frame of a take that must be in the store first."""

    key: str
    take: int
    frame: int
    """From 0, at `rate` frames a second."""
    rate: str
    """As `base.timebase.rate_text` spells it."""
    record: TakeRecord | None = None
    """The take as the lock names it, where it was here when this was planned; None: as it will be in the store."""


@dataclass(frozen=True, slots=True)
class Way:
    """One provider's endpoint for the take."""

    provider: str
    endpoint: str
    url: str
    encoding: str
    body: Mapping[str, Any]
    """With placeholders: `asset:sha256:DIGEST` (`#t=SECONDS` for one frame of a film), `frame:KEY:TAKE`,
    `voice:sha256:DIGEST`."""
    price: Usd
    assets: Mapping[str, str] = field(default_factory=dict)
    """Digest to project path of every file that the body names."""


@dataclass(frozen=True, slots=True)
class Order:
    """A take to buy."""

    key: str
    take: int
    scene: str
    """For people."""
    seconds: int
    """Bought."""
    ways: tuple[Way, ...]
    """The first is what the plan showed; the others are asked only where nothing was accepted before them."""
    frames: Mapping[str, FrameNeeded] = field(default_factory=dict)
    """By placeholder."""

    @property
    def ident(self) -> Ident:
        return (self.key, self.take)

    @property
    def needs(self) -> frozenset[Ident]:
        """Takes that must be in the store first."""
        return frozenset((frame.key, frame.take) for frame in self.frames.values())
