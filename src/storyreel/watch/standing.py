"""How each scene stands: in a word, from the plan and from what is happening to its takes right now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.plan import PlannedPart, PlannedScene
from storyreel.render import events as e

Standing = Literal["failed", "parked", "missing", "generating", "queued", "animatic", "held", "cached", "local"]

ORDER: tuple[Standing, ...] = (
    "failed", "parked", "missing", "generating", "queued", "animatic", "held", "cached", "local",
)  # fmt: skip
"""Where its parts differ, a scene stands as the first of these."""

Ident = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Doing:
    """What is happening to one take."""

    standing: Standing
    since: float
    """Seconds on the clock of the one who asks."""
    provider: str
    progress: float | None = None
    """0 to 1."""
    words: str = ""


class InFlight:
    """Follows the events of a render."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.doing: dict[Ident, Doing] = {}

    def forget(self) -> None:
        """A new plan: what failed before is no matter."""
        self.doing = {ident: one for ident, one in self.doing.items() if one.standing in ("queued", "generating")}

    def tell(self, event: object) -> bool:
        """Take note of an event; false where it is of no matter here."""
        match event:
            case e.TakeStarted():
                self._set(event, Doing("generating", self._now(), event.provider))
            case e.TakeQueued():
                self._change(event, "queued")
            case e.TakeAccepted() | e.TakeUnknown():
                words = "looking up what became of it" if isinstance(event, e.TakeUnknown) else ""
                self._change(event, "generating", words)
            case e.TakeUnread():
                self._change(event, "generating", f"cannot be read: {event.message}")
            case e.TakeProgressed():
                self._change(event, "generating")
                self._set(event, replace(self._of(event), progress=event.progress))
            case e.TakeRerouted():
                self._set(event, replace(self._of(event), provider=event.to))
            case e.TakeFailed() | e.TakeUnaffordable():
                self._change(event, "failed", event.message)
            case e.TakeParked():
                self._change(event, "parked", event.message)
            case e.TakeKept() | e.TakeReused():
                self.doing.pop((event.key, event.take), None)
            case _:
                return False
        return True

    def _of(self, event: e.TakeQueued | e.TakeProgressed | e.TakeRerouted) -> Doing:
        return self.doing.get((event.key, event.take)) or Doing("generating", self._now(), "")

    def _set(self, event: e.TakeStarted | e.TakeProgressed | e.TakeRerouted, doing: Doing) -> None:
        self.doing[event.key, event.take] = doing

    def _change(
        self,
        event: e.TakeQueued | e.TakeAccepted | e.TakeUnknown | e.TakeUnread | e.TakeProgressed | e.TakeFailed
        | e.TakeParked | e.TakeUnaffordable,
        standing: Standing,
        words: str = "",
    ) -> None:  # fmt: skip
        old = self.doing.get((event.key, event.take)) or Doing(standing, self._now(), "")
        self.doing[event.key, event.take] = replace(old, standing=standing, words=words)


def part_standing(part: PlannedPart, doing: Mapping[Ident, Doing]) -> Standing:
    """How one part stands."""
    now = doing.get((part.key, part.take or 0))
    if now is not None:
        return now.standing
    match part.action:
        case "generate" if part.provider != ANIMATIC:
            return "animatic"  # Until it is bought, panels stand in for it.
        case "generate" | "resume":
            return "queued"
        case "reuse":
            return "animatic" if part.provider == ANIMATIC else "cached"
        case "held" | "missing" | "parked" | "local":
            return part.action


def scene_standing(scene: PlannedScene, doing: Mapping[Ident, Doing]) -> Standing:
    """How a scene stands: as the part that wants most attention."""
    found = {part_standing(part, doing) for part in scene.parts}
    return next((standing for standing in ORDER if standing in found), "local")
