"""What is known at one moment, as plain values, and what follows from it for a scene: a price, how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from storyreel.base.money import usd_label
from storyreel.base.report import printable
from storyreel.plan.cut import Cut
from storyreel.plan.plan import Plan, PlannedPart, total
from storyreel.watch.spec import Compile, Phase, Purse
from storyreel.watch.standing import ORDER, Doing, Ident, Standing

WORDS: Mapping[Standing, str] = {
    "cached": "cached",
    "animatic": "animatic",
    "queued": "queued",
    "generating": "generating",
    "failed": "failed",
    "parked": "parked",
    "missing": "missing",
    "held": "held",
    "local": "drawn here",
}


@dataclass(frozen=True, slots=True)
class ShownReel:
    """A reel that is played, and what can be seen of it; ids are of the file table."""

    id: str
    cut: Cut
    """What it was cut from, with panels where they stand in."""
    wave: str | None = None
    loop: str | None = None
    poster: str | None = None


@dataclass(frozen=True, slots=True)
class ShownStrip:
    """A filmstrip with a frame a second."""

    id: str
    tiles: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Now:
    """What is known at this moment."""

    compile: Compile
    """The newest, with errors or without."""
    plan: Plan | None
    """The newest that had none."""
    changed: frozenset[str]
    phase: Phase
    words: str
    """What is being done, or what is to be known; empty: as the plan says."""
    purse: Purse
    clock: float
    doing: Mapping[Ident, Doing] = field(default_factory=dict)
    usual: Mapping[str, float] = field(default_factory=dict)
    """Seconds that a take takes at a provider, median, measured here."""
    reels: Mapping[str, ShownReel] = field(default_factory=dict)
    strips: Mapping[tuple[str, str], ShownStrip] = field(default_factory=dict)
    """By film and scene."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Films by name."""


def price_of(parts: Sequence[PlannedPart], now: Now) -> str:
    """What it costs to make what is lacking and not on its way, for people; empty where nothing is."""
    wanted = lacking(parts, now)
    return usd_label(total(wanted)) if wanted else ""


def lacking(parts: Sequence[PlannedPart], now: Now) -> list[PlannedPart]:
    """What would have to be bought: not what is being made, nor what nobody can say of whether it was."""
    doing = {ident for ident, one in now.doing.items() if one.standing != "failed"}
    return [p for p in parts if p.action == "generate" and p.cost_usd != 0 and (p.key, p.take or 0) not in doing]


def doing_of(parts: Sequence[PlannedPart], now: Now) -> dict[str, Any]:
    """What is happening to these takes: how long already, how long it usually lasts, how far it is."""
    found = [now.doing[ident] for part in parts if (ident := (part.key, part.take or 0)) in now.doing]
    if not found:
        return {}
    first = min(found, key=lambda one: (ORDER.index(one.standing), one.since))
    known = [one.progress for one in found if one.progress is not None]
    return {
        "elapsed_s": round(max(0.0, now.clock - first.since), 1),
        "usual_s": now.usual.get(first.provider),
        "progress": round(sum(known) / len(found), 3) if known else None,
        "provider": first.provider,
        "words": printable(first.words),
    }
