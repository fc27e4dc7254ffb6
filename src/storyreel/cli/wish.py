"""What the command line asks of a render."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyreel.base.money import Usd
    from storyreel.stitch.encoding import Container, Delivery, Quality


@dataclass(frozen=True, slots=True)
class Wish:
    """One call."""

    boards: Sequence[str]
    provider: str | None = None
    film: str | None = None
    scenes: tuple[str, ...] = ()
    is_locked: bool = False
    rebuy: frozenset[str] = frozenset()
    """Scenes whose locked takes are paid for again where their bytes are gone."""
    is_free: bool = False
    """`--no-buy`: panels stand in for what would have to be bought."""
    max_cost: Usd | None = None
    is_agreed: bool = False
    delivery: Delivery | None = None
    """None is a film as ever."""
    has_report: bool = False
    is_strict: bool = False
    """A join that crosses a limit counts as a failure."""
    as_json: bool = False


def delivery(container: Container, quality: Quality | None, poster: bool) -> Delivery:
    """What is handed over, of what the options say."""
    from storyreel.stitch.encoding import Delivery

    return Delivery(container, quality, poster)
