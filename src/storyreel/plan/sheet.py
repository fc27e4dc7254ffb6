"""What the scenes of one film share while they are planned, and what planning asks about takes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Protocol

from storyreel.board.model import Storyboard
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.losses import OnLoss
from storyreel.plan.request import ElementRequest, Request
from storyreel.plan.route import Route, Seller, route_of
from storyreel.plan.terms import Format


class Takes(Protocol):
    """What is in the store."""

    def has(self, key: str, take: int) -> bool: ...


@dataclass(frozen=True, slots=True)
class Lane:
    """Who makes the takes, and which there are."""

    provider: str
    takes: Takes
    seller: Seller | None = None
    """None for the animatic."""
    on_loss: OnLoss = "error"

    @property
    def is_animatic(self) -> bool:
        return self.provider == ANIMATIC

    def route(self, request: Request) -> Route | None:
        """Where a request goes; None where panels are drawn, or nobody sells it."""
        return None if self.seller is None else route_of(request, self.seller)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One film's settings."""

    board: Storyboard
    format: Format
    elements: Mapping[str, ElementRequest]
    """In the board's order."""
    settings: Hashable
    """Equal for films whose equal scenes come out equal."""

    def voice(self, name: str) -> int | None:
        """Index of an element among the film's; None for a narrator."""
        return next((i for i, known in enumerate(self.elements) if known == name), None)
