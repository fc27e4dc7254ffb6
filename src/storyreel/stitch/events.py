"""What a stitch did, step by step: the log that proves what was made again and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SegmentKind = Literal["core", "edge", "card", "still", "dissolve", "wipe", "slide", "fade"]


@dataclass(frozen=True, slots=True)
class SegmentEncoded:
    """A stretch of picture was made."""

    kind: SegmentKind
    scene: str
    """For a transition, the scene that it leads into."""
    frames: int


@dataclass(frozen=True, slots=True)
class SegmentReused:
    """A stretch of picture was on the shelf."""

    kind: SegmentKind
    scene: str
    frames: int


@dataclass(frozen=True, slots=True)
class CardPainted:
    """A card or a moved still was drawn."""

    scene: str
    frames: int


@dataclass(frozen=True, slots=True)
class TakeShort:
    """A take or file ends before its scene does: its last frame stands for what is missing."""

    scene: str
    wanted: int
    """Frames of the film's rate, counted from the beginning of the take."""
    found: int


@dataclass(frozen=True, slots=True)
class LinesSpoken:
    """Scratch voices; `silent` lines have none, because the `voice` extra is not installed."""

    spoken: int
    silent: int


@dataclass(frozen=True, slots=True)
class BedMixed:
    """The film's sound was mixed, levelled and encoded."""

    seconds: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class BedReused:
    """The film's sound was on the shelf."""


@dataclass(frozen=True, slots=True)
class CaptionsWritten:
    cues: int


@dataclass(frozen=True, slots=True)
class SheetDrawn:
    frames: int


@dataclass(frozen=True, slots=True)
class Joined:
    """The reel is whole and in its place."""

    segments: int
    frames: int


StitchEvent = (
    SegmentEncoded | SegmentReused | CardPainted | TakeShort | LinesSpoken | BedMixed | BedReused | CaptionsWritten
    | SheetDrawn | Joined
)  # fmt: skip
