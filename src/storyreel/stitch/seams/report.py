"""What was found at each join of a reel, which of it crosses a limit, and how both are written down. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

JoinKind = Literal["cut", "dissolve", "fade", "wipe", "slide", "part"]
"""How a scene begins; `part` is where two takes of one scene meet."""

_UNITS = {
    "offset_ms": "sound {:+.1f} ms off its picture",
    "frozen_frames": "{} frozen frames",
    "black_frames": "{} black frames",
    "colour_jump": "colours jump by {:.0f}",
    "loudness_lu": "{:+.1f} LU",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that passes under `strict`, either sign; None is not judged."""

    offset_ms: float | None = 5.0
    """Between sound and picture."""
    frozen_frames: int | None = 2
    """Repeated frames in a row."""
    black_frames: int | None = 0
    """Where no fade, card or dark scene means them."""
    colour_jump: float | None = 12.0
    """Difference of the mean colours (CIE76) where one scene goes on from another, or a scene from its own part."""
    loudness_lu: float | None = 9.0
    """Between the last and the first three seconds of scenes that have sound of their own."""


@dataclass(frozen=True, slots=True)
class Seam:
    """One join. None: it could not be measured there, or means nothing there."""

    before: str
    after: str
    kind: JoinKind
    frame: int
    """Of the film: the first that shows what comes after."""
    seconds: float
    offset_ms: float | None
    """Positive: the sound of what comes after is late."""
    frozen_frames: int
    black_frames: int
    colour_jump: float | None
    is_continuous: bool
    """True where the colours should go on as they were: only then is a jump judged."""
    loudness_lu: float | None
    """Positive: what comes after is louder."""

    def crossed(self, limits: Limits) -> tuple[str, ...]:
        """Names of the measures that cross their limits."""
        found = []
        for limit in fields(limits):
            most, value = getattr(limits, limit.name), getattr(self, limit.name)
            if limit.name == "colour_jump" and not self.is_continuous:
                continue
            if most is not None and value is not None and abs(value) > most:
                found.append(limit.name)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class SeamReport:
    """Every join of one film, and how many frames it has."""

    film: str
    frames: int
    """Decoded."""
    wanted_frames: int
    seams: tuple[Seam, ...]
    limits: Limits = Limits()

    @property
    def crossed(self) -> tuple[tuple[Seam, tuple[str, ...]], ...]:
        """Joins that cross limits, with what crosses them: the strict verdict, clean where it is empty."""
        judged = ((seam, seam.crossed(self.limits)) for seam in self.seams)
        return tuple((seam, names) for seam, names in judged if names)

    @property
    def is_clean(self) -> bool:
        """True where nothing crosses a limit and no frame is missing or too many."""
        return self.frames == self.wanted_frames and not self.crossed

    def document(self) -> dict[str, Any]:
        """As JSON says it."""
        rows = [{**asdict(seam), "crossed": list(seam.crossed(self.limits))} for seam in self.seams]
        facts = {"film": self.film, "frames": self.frames, "wanted_frames": self.wanted_frames}
        return {**facts, "is_clean": self.is_clean, "limits": asdict(self.limits), "seams": rows}

    def text(self) -> str:
        """For people: a line for each join that crosses a limit, and a last one that sums up."""
        lines = []
        for seam, names in self.crossed:
            said = ", ".join(_UNITS[name].format(getattr(seam, name)) for name in names)
            lines.append(f"{seam.seconds:8.2f} s  {_name(seam)}: {said}")
        if self.frames != self.wanted_frames:
            lines.append(f"{self.frames} frames where {self.wanted_frames} were cut")
        joins = f"{len(self.seams)} join{'' if len(self.seams) == 1 else 's'}"
        worst = max((abs(s.offset_ms) for s in self.seams if s.offset_ms is not None), default=None)
        heard = "" if worst is None else f", sound within {worst:.1f} ms of its picture"
        lines.append(f"{self.film}: {joins}, {len(self.crossed) or 'none'} over a limit{heard}")
        return "\n".join(lines) + "\n"


def _name(seam: Seam) -> str:
    if seam.kind == "part":
        return f"{seam.after} (between its parts)"
    return f"{seam.before} > {seam.after}" + ("" if seam.kind == "cut" else f" ({seam.kind})")
