"""What the scenes of one film share while they are planned, and what planning asks about takes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from storyreel.base.money import NOTHING, Usd
from storyreel.board.model import Storyboard
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Lock, LockedScene
from storyreel.plan.losses import OnLoss
from storyreel.plan.request import Asset, ElementRequest
from storyreel.plan.route import Record, Seller
from storyreel.plan.terms import Format

Policy = Literal["cheapest", "fastest", "reliable"]


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """What the journal has on a take that is not in the store."""

    state: Literal["open", "parked", "failed"]
    """Open is being made, or not known yet; failed is over, and was not paid."""
    provider: str
    endpoint: str
    message: str
    """For people: where it stands."""
    cost_usd: Usd = NOTHING
    """Reserved for it."""


class Takes(Protocol):
    """What is in the store, and what is on its way there."""

    def has(self, key: str, take: int) -> bool: ...

    def paid(self, key: str, take: int) -> Usd:
        """What a take that is there has cost."""
        ...

    def before(self, key: str, take: int) -> PaidBefore | None:
        """What was asked for earlier and has not arrived."""
        ...


def unknown(key: str) -> str:
    """No words of any key."""
    return ""


@dataclass(frozen=True, slots=True)
class Lane:
    """Who makes the takes, and which there are."""

    provider: str
    takes: Takes
    sellers: tuple[Seller, ...] = ()
    """In the order of preference; none for the animatic."""
    on_loss: OnLoss = "error"
    policy: Policy = "cheapest"
    records: Mapping[str, Record] = field(default_factory=dict)
    """By the name of a seller: how it did lately."""
    lock: Lock = field(default_factory=Lock)
    rebuy: frozenset[str] = frozenset()
    """Scenes whose locked takes may be bought again where their bytes are gone."""
    boards: Mapping[str, Lock] = field(default_factory=dict)
    """Locks of other boards, by what `clip: {of: board/scene}` calls them; a board without a lock is not among them."""
    words: Callable[[str], str] = field(default=unknown, compare=False)
    """What was asked for under a key, in its own words; empty where nobody kept them."""

    @property
    def is_animatic(self) -> bool:
        return self.provider == ANIMATIC


@dataclass(frozen=True, slots=True)
class Sheet:
    """One film's settings."""

    board: Storyboard
    format: Format
    elements: Mapping[str, ElementRequest]
    """In the board's order."""
    settings: Hashable
    """Equal for films whose equal scenes come out equal."""
    fonts: tuple[Asset, ...] = ()
    """The board's own, for letters that Open Sans lacks."""
    gone: tuple[LockedScene, ...] = ()
    """What the lock has of this film under ids that the board does not have any more."""
    renamed: Mapping[str, LockedScene] = field(default_factory=dict)
    """Held ones of these, by the scene that reads like what they were bought for."""
    uses_template: bool = False
    """True where prompts follow from a template of the project's own, which may look at the whole board."""

    def voice(self, name: str) -> int | None:
        """Index of an element among the film's; None for a narrator."""
        return next((i for i, known in enumerate(self.elements) if known == name), None)
