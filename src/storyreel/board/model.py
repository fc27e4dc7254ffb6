"""What a film is once its templates are filled: frozen values, each of which can say where it was written.

A `Storyboard` is one film (one variant of a board). Language keys that only steer expansion (`include`, `use`,
`with`, `when`, `params`, `tables`, `variants`, `vars` of a board) are gone by now.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, StringConstraints

from storyreel.base.span import Span
from storyreel.base.timebase import Duration
from storyreel.board import node as tree
from storyreel.board.forms import (
    read_bool,
    read_duration,
    read_money,
    read_number,
    read_off,
    read_rate,
    read_transition,
    whole_number,
)

Text = Annotated[str, StringConstraints(max_length=20_000)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")]
FilePath = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Length = Annotated[Duration, BeforeValidator(read_duration)]
Bool = Annotated[bool, BeforeValidator(read_bool)]
Number = Annotated[float, BeforeValidator(read_number)]
Whole = Annotated[int, BeforeValidator(whole_number)]
Money = Annotated[Decimal, BeforeValidator(read_money)]
FrameRate = Annotated[Fraction, BeforeValidator(read_rate)]

Tier = Literal["standard", "pro", "4k"]
Fit = Literal["crop", "pad", "blur"]
ShotType = Literal["customize", "intelligent"]
NARRATOR = "narrator"


class Located(BaseModel):
    """A value that remembers the YAML it came from."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True)
    _node: tree.Node | None = PrivateAttr(default=None)

    def attach(self, node: tree.Node) -> None:
        """Remember the node; called once, by `check`."""
        self._node = node

    @property
    def node(self) -> tree.Node:
        """What it was read from; short forms (`say`, `text`, `sfx`) as the map that they stand for."""
        private = self.__pydantic_private__  # read directly: pydantic's own way to a private attribute is slow
        node: tree.Node | None = private["_node"] if private is not None else None
        if node is None:
            raise LookupError(f"{type(self).__name__} was not read from a file")
        return node

    def span(self, *path: str | int) -> Span:
        """The place of the value at `path` below this, or of its nearest written ancestor."""
        return tree.span_at(self.node, *path)

    def key_span(self, key: str) -> Span:
        """The place of the key itself, or of the whole where it was not written."""
        found = self.node.key(key) if isinstance(self.node, tree.Mapping) else None
        return found.span if found is not None else self.span()


class Voice(Located):
    tone: Text | None = None
    id: Text | None = None
    sample: FilePath | None = None
    language: Text | None = None


class Element(Located):
    description: Text | None = None
    image: FilePath | None = None
    references: tuple[FilePath, ...] = ()
    video: FilePath | None = None
    voice: Voice | None = None


class Say(Located):
    """One spoken line. `at` counts from the beginning of its shot (of the scene, on scenes)."""

    who: Text
    line: Text
    tone: Text | None = None
    file: FilePath | None = None
    at: Length | None = None

    @property
    def speaker(self) -> str:
        """The name without `(V.O.)` or `(O.S.)`."""
        name = self.who
        for mark in ("(V.O.)", "(O.S.)"):
            name = name.replace(mark, "")
        return name.strip()

    @property
    def is_voice_over(self) -> bool:
        """True where the line is laid on the sound bed and is no part of the request."""
        return self.file is not None or self.speaker == NARRATOR or "(V.O.)" in self.who or "(O.S.)" in self.who


class Effect(Located):
    """A sound file laid on the bed; short form: its path."""

    file: FilePath
    at: Length | None = None
    gain_db: Number = Field(default=0.0, ge=-60, le=40)


class LowerThird(Located):
    name: Text
    role: Text | None = None


class Words(Located):
    """Text drawn over the picture; `at` counts from the beginning of its shot or scene."""

    super: Text | None = None
    lower_third: LowerThird | None = None
    legal: Text | None = None
    at: Length | None = None
    for_: Length | None = Field(default=None, alias="for")
    style: Text | None = None


class Shot(Located):
    id: Identifier | None = None
    prompt: Text
    duration: Length
    camera: Text | None = None
    say: tuple[Say, ...] = ()
    sound: Text | None = None
    sfx: tuple[Effect, ...] = ()
    text: tuple[Words, ...] = ()
    vars: MappingABC[str, Any] = Field(default_factory=dict)
    note: Text | None = None
    extra: MappingABC[str, Any] = Field(default_factory=dict)


class Transition(Located):
    """How a scene begins; cut has no length."""

    kind: Literal["cut", "dissolve", "fade", "wipe", "slide"] = "cut"
    length: Duration = Duration(Fraction(0))


class Trim(Located):
    """The used stretch of a scene's take, from the beginning of the scene as bought."""

    in_: Length | None = Field(default=None, alias="in")
    out: Length | None = None


class Card(Located):
    duration: Length
    title: Text | None = None
    subtitle: Text | None = None
    price: Text | None = None
    cta: Text | None = None
    legal: Text | None = None
    logo: FilePath | None = None
    image: FilePath | None = None
    style: Text | None = None


class Still(Located):
    image: FilePath
    duration: Length
    camera: Text | None = None


class Clip(Located):
    """A stretch of a file, or (`of: board/scene`) of another board's chosen take."""

    file: FilePath | None = None
    of: Text | None = None
    in_: Length | None = Field(default=None, alias="in")
    out: Length | None = None


class Generation(Located):
    """The keys that steer generation; on a scene, None means: as the board says."""

    model: Text | None = None
    tier: Tier | None = None
    aspect_ratio: Text | None = None
    size: Text | None = None
    resolution: Text | None = None
    style: Text | None = None
    negative_prompt: Text | None = None
    cfg_scale: Number | None = Field(default=None, ge=0, le=1)
    generate_audio: Bool | None = None
    shot_type: ShotType | None = None
    language: Text | None = None
    template: FilePath | None = None
    extra: MappingABC[str, Any] = Field(default_factory=dict)


class Scene(Generation):
    id: Identifier
    shots: tuple[Shot, ...] = ()
    card: Card | None = None
    still: Still | None = None
    clip: Clip | None = None
    place: Text | None = None
    transition: Annotated[Transition, BeforeValidator(read_transition)] = Transition()
    start: tuple[Text, ...] = ()
    """Image paths, `previous` or `scene@last`."""
    end: Text | None = None
    takes: Whole = Field(default=1, ge=1, le=20)
    trim: Trim | None = None
    speed: Number | None = Field(default=None, ge=0.1, le=10)
    audio_db: Annotated[float | Literal["off"], BeforeValidator(read_off)] = 0.0
    fit: Fit | None = None
    audio_lead: Length | None = None
    audio_lag: Length | None = None
    freeze: Bool = False
    vars: MappingABC[str, Any] = Field(default_factory=dict)
    text: tuple[Words, ...] = ()
    say: tuple[Say, ...] = ()
    sfx: tuple[Effect, ...] = ()
    note: Text | None = None
    chapter: Text | None = None

    @property
    def kind(self) -> Literal["shots", "card", "still", "clip"]:
        if self.card is not None:
            return "card"
        if self.still is not None:
            return "still"
        return "clip" if self.clip is not None else "shots"


class Music(Located):
    file: FilePath
    from_: Identifier | None = Field(default=None, alias="from")
    to: Identifier | None = None
    gain_db: Number = Field(default=0.0, ge=-60, le=40)
    duck_db: Number = Field(default=12.0, ge=0, le=60)
    fade_in: Length | None = None
    fade_out: Length | None = None
    loop: Bool = True


class Watermark(Located):
    image: FilePath
    position: Literal["top-left", "top-right", "bottom-left", "bottom-right"] = "bottom-right"
    opacity: Number = Field(default=0.6, ge=0, le=1)


class Reel(Located):
    """What is delivered."""

    size: Text | None = None
    fit: Fit = "crop"


class Storyboard(Generation):
    """One film. `check` fills `model`, `tier`, `aspect_ratio`, `generate_audio` and `language` with their defaults."""

    title: Text = ""
    film: str = ""
    """The film's name: the board's file stem, or the variant's name."""
    board: str = ""
    """The board's file stem."""
    reel: Reel | None = None
    fps: FrameRate = Fraction(24)
    length: Length | None = None
    budget: Money | None = Field(default=None, ge=0, le=1_000_000)
    elements: MappingABC[str, Element] = Field(default_factory=dict)
    vars: MappingABC[str, Any] = Field(default_factory=dict)
    scenes: tuple[Scene, ...] = Field(default=(), max_length=5_000)
    music: tuple[Music, ...] = ()
    captions: Literal["off", "sidecar", "burn"] = "sidecar"
    loudness: Number | None = Field(default=-14.0, ge=-40, le=-5)
    watermark: Watermark | None = None
    fonts: tuple[FilePath, ...] = Field(default=(), max_length=20)
    """Font files, for letters that Open Sans lacks."""

    def setting(self, scene: Scene, name: str) -> Any:
        """A generation key as it holds for a scene: the scene's own, else the board's."""
        own = getattr(scene, name)
        return getattr(self, name) if own is None else own
