"""The film as a value: scenes on one frame grid, where each picture and each line comes from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from storyreel.base.timebase import Range, Rate
from storyreel.plan.request import Asset


@dataclass(frozen=True, slots=True)
class TakeSource:
    """A stretch of a take. `panel`: an animatic, `stand_in`: an animatic where a paid take is wanted (dashed edge)."""

    key: str
    take: int
    used: Range
    """Frames of the take at the film's rate, after speed; half-open."""
    available: int
    """Frames that the take holds in all: what lies beyond `used` can serve as handles."""
    look: Literal["take", "panel", "stand_in"] = "take"
    continues: str | None = None
    """The scene whose last frame is its first: cut to straight from there, that frame would be seen twice."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A stretch of a file of the project (`clip`)."""

    asset: Asset
    used: Range
    available: int
    has_audio: bool


@dataclass(frozen=True, slots=True)
class StillSource:
    """A picture held and moved for the length of its scene."""

    asset: Asset
    camera: str | None
    used: Range


@dataclass(frozen=True, slots=True)
class CardSource:
    """A drawn card; empty fields are None."""

    used: Range
    title: str | None = None
    subtitle: str | None = None
    price: str | None = None
    cta: str | None = None
    legal: str | None = None
    logo: Asset | None = None
    image: Asset | None = None
    style: str = "plain"
    fonts: tuple[Asset, ...] = ()
    is_captioned: bool = False
    """True where captions are burned into it: its words leave them the foot of the frame."""


Source = TakeSource | FileSource | StillSource | CardSource


@dataclass(frozen=True, slots=True)
class CutShot:
    """A shot on the timeline of its scene."""

    number: int
    """From 1."""
    id: str | None
    at: Range
    """Frames from the beginning of the scene."""
    prompt: str
    camera: str | None


@dataclass(frozen=True, slots=True)
class CutLine:
    """A spoken line. `at` is where it may stand; the cut narrows it to where the words are."""

    who: str
    text: str
    tone: str | None
    at: Range
    """Frames from the beginning of the scene: from the line's earliest frame to the end of its shot."""
    voice: int | None
    """Index of the speaker among the film's elements (picks pitch and colour); None for a narrator."""
    is_voice_over: bool
    """True where the take does not hold it: it is laid on the bed."""
    is_fixed: bool = False
    """True where the author gave `at`."""
    file: Asset | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class CutEffect:
    asset: Asset
    at: int
    """Frame from the beginning of the scene."""
    gain_db: float


@dataclass(frozen=True, slots=True)
class CutWords:
    """Text over the picture."""

    kind: Literal["super", "lower_third", "legal"]
    text: str
    role: str | None
    at: Range
    """Frames from the beginning of the scene."""
    style: str | None


@dataclass(frozen=True, slots=True)
class CutTransition:
    """How a scene begins. dissolve, wipe and slide share `frames` with the scene before; `fade` does not."""

    kind: Literal["cut", "dissolve", "fade", "wipe", "slide"] = "cut"
    frames: int = 0

    @property
    def overlap(self) -> int:
        return self.frames if self.kind in ("dissolve", "wipe", "slide") else 0


@dataclass(frozen=True, slots=True)
class CutScene:
    """A scene on the timeline. It covers `at`; with an overlapping transition it begins before the last one ends."""

    id: str
    number: int
    """From 1, in film order."""
    kind: Literal["shots", "card", "still", "clip"]
    at: Range
    """Frames of the film, overlaps included."""
    transition: CutTransition
    sources: tuple[Source, ...]
    """In order; their `used` lengths sum to `at.length`."""
    shots: tuple[CutShot, ...] = ()
    lines: tuple[CutLine, ...] = ()
    words: tuple[CutWords, ...] = ()
    effects: tuple[CutEffect, ...] = ()
    place: str | None = None
    fit: Literal["crop", "pad", "blur"] = "crop"
    speed: Fraction = Fraction(1)
    audio_db: float | None = 0.0
    """None is off."""
    audio_lead: int = 0
    audio_lag: int = 0
    chapter: str | None = None


@dataclass(frozen=True, slots=True)
class CutMusic:
    asset: Asset
    at: Range
    """Frames of the film."""
    gain_db: float
    duck_db: float
    fade_in: int
    fade_out: int
    loop: bool


@dataclass(frozen=True, slots=True)
class CutWatermark:
    asset: Asset
    position: str
    opacity: float


@dataclass(frozen=True, slots=True)
class Cut:
    """One film."""

    film: str
    title: str
    rate: Rate
    width: int
    height: int
    frames: int
    scenes: tuple[CutScene, ...]
    music: tuple[CutMusic, ...] = ()
    captions: Literal["off", "sidecar", "burn"] = "sidecar"
    loudness: float | None = -14.0
    watermark: CutWatermark | None = None
    language: str = "en"
    fonts: tuple[Asset, ...] = ()
    """For letters that Open Sans lacks, the first that has one first."""
