"""What is asked of a model: the neutral request, before any provider's spelling. It holds no id and no price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that goes along. Only the digest enters a key."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class FrameOf:
    """The last frame, as used in the cut, of another request's chosen take. Its key and take are what is hashed."""

    key: str
    take: int
    scene: str
    """For people; not hashed."""
    frame: int = 0
    """Which frame of the take, from 0, at the film's rate; where a trim moves it, what is bought stays; not hashed."""


@dataclass(frozen=True, slots=True)
class FrameIn:
    """One frame of a film that is a file of the project (`start: previous` after a clip)."""

    asset: Asset
    at: Fraction
    """Seconds into the file."""


Frame = Asset | FrameOf | FrameIn


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """Dialogue that the model speaks: element lines only, and only where audio is generated."""

    who: str
    tone: str | None
    text: str


@dataclass(frozen=True, slots=True)
class ShotRequest:
    """One entry of `multi_prompt`, in the author's words, names unreplaced (`@Mara`)."""

    prompt: str
    seconds: int
    """Bought, whole."""
    camera: str | None = None
    lines: tuple[SpokenLine, ...] = ()
    sound: str | None = None
    words: str | None = None
    """The whole shot as the project's own prompt template rendered it; None where the shipped one is used."""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ElementRequest:
    """A mentioned element, or one that speaks."""

    name: str
    description: str | None
    image: Asset | None = None
    references: tuple[Asset, ...] = ()
    video: Asset | None = None
    voice_tone: str | None = None
    voice_id: str | None = None
    voice_sample: Asset | None = None
    voice_language: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One take's worth of work: a scene, or a part of a split scene."""

    model: str
    tier: str
    shape: str | None
    """`16:9` and its like as sold; None with a start image, which decides it."""
    shots: tuple[ShotRequest, ...]
    generate_audio: bool
    place: str | None = None
    style: str | None = None
    negative_prompt: str | None = None
    cfg_scale: float | None = None
    shot_type: str | None = None
    elements: tuple[ElementRequest, ...] = ()
    """In the order of first mention."""
    start: tuple[Frame, ...] = ()
    end: Frame | None = None
    template: str | None = None
    """Digest of the project's own prompt template; None for the shipped one."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """Bought seconds."""
        return sum(shot.seconds for shot in self.shots)
