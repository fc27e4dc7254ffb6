"""What will be made, reused and cut, for every film of a board: the value that `plan` prints and `render` executes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from storyreel.base.money import NOTHING, Usd
from storyreel.plan.cut import Cut
from storyreel.plan.lock import LockedScene
from storyreel.plan.lower import Lowered
from storyreel.plan.request import Request

Action = Literal["reuse", "held", "generate", "resume", "missing", "local", "parked"]


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """A scene, or a part of a split scene, and what happens to it."""

    key: str
    take: int | None
    """From 1; None for what is drawn locally."""
    action: Action
    reason: str
    """One sentence for people: why."""
    provider: str
    endpoint: str | None
    seconds: Fraction
    """Bought; for local parts, shown."""
    cost_usd: Usd | None
    """Of making it now: 0 for what is reused or local; None where no price is known."""
    request: Request | None = None
    shown: int = 0
    """Frames of the film that show it."""
    job: Mapping[str, Any] | None = None
    """Plain JSON, the body of `providers.spec.Job`; None for what is drawn locally."""
    assets: Mapping[str, str] = field(default_factory=dict)
    """Digest to project path of every file that goes along."""
    lowered: Lowered | None = None
    """The request on the wire, with its notes; None for what is drawn here."""
    is_chosen: bool = True
    """True for the candidate that is in the film."""
    paid_usd: Usd = NOTHING
    """What it has cost already, or is reserved for it."""
    others: tuple[tuple[str, Lowered], ...] = ()
    """Providers that could make it too, with the request as they would get it, in the order of preference."""


@dataclass(frozen=True, slots=True)
class PlannedScene:
    id: str
    parts: tuple[PlannedPart, ...]
    notes: tuple[str, ...] = ()
    """Sentences worth knowing: what was fitted, matched to the nearest, or waits."""
    asked: str = ""
    """Digest of what the author wrote; empty for what is drawn here."""
    requests: tuple[Request, ...] = field(default=(), compare=False, repr=False)
    """What is asked for it now, one for each part; none for what is drawn here."""
    kept: LockedScene | None = None
    """What it shows all the same, where it keeps the takes of the lock."""


@dataclass(frozen=True, slots=True)
class PlannedFilm:
    name: str
    output: str
    """Path of the reel relative to the project root."""
    frames: int
    fps: Fraction
    scenes: tuple[PlannedScene, ...]
    cut: Cut
    notes: tuple[str, ...] = ()
    """Sentences on the whole film: what waits, what is over its budget."""
    budget_usd: Usd | None = None
    """What the film may cost in all, as its board says."""

    @property
    def cost_usd(self) -> Usd | None:
        """Of making this film alone, each (key, take) once."""
        return total(part for scene in self.scenes for part in scene.parts)

    @property
    def whole_usd(self) -> Usd | None:
        """What the film costs in all: what its takes have cost, and what making the rest will."""
        parts = [part for scene in self.scenes for part in scene.parts]
        paid = sum({(part.key, part.take): part.paid_usd for part in parts}.values(), Usd(0))
        cost = self.cost_usd
        return None if cost is None else paid + cost

    @property
    def is_over_budget(self) -> bool:
        whole = self.whole_usd
        return self.budget_usd is not None and whole is not None and whole > self.budget_usd


@dataclass(frozen=True, slots=True)
class Plan:
    board: str
    prices_as_of: date
    films: tuple[PlannedFilm, ...]
    notes: tuple[str, ...] = ()

    def parts(self) -> Iterator[PlannedPart]:
        """Of every film, in film order; a part that films share comes once for each."""
        return (part for film in self.films for scene in film.scenes for part in scene.parts)

    def to_make(self) -> tuple[PlannedPart, ...]:
        """Every part to make now, each (key, take) once, in film order."""
        found: dict[tuple[str, int | None], PlannedPart] = {}
        for part in self.parts():
            if part.action in ("generate", "resume"):
                found.setdefault((part.key, part.take), part)
        return tuple(found.values())

    @property
    def total_usd(self) -> Usd | None:
        return total(self.to_make())


def total(parts: Iterable[PlannedPart]) -> Usd | None:
    """Sum of the costs of distinct parts; None where any is unknown."""
    distinct: dict[tuple[str, int | None], Usd | None] = {}
    for part in parts:
        distinct.setdefault((part.key, part.take), part.cost_usd)
    amount = Usd(0)
    for cost in distinct.values():
        if cost is None:
            return None
        amount += cost
    return amount
