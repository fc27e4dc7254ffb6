"""Moving compositions of still layers: cards, titles, lower thirds. moviepy draws them, in a child process alone."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from storyreel.base.timebase import Rate, rate_text
from storyreel.media.failed import MediaFailed
from storyreel.media.process import Processes, Runner

Rgb = tuple[int, int, int]
RAW = ("raw",)
"""In place of encoder arguments: the frames as they are, one after the other, RGBA without a ground, RGB on one."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A value over time: (frame, value) in order of frames, held before the first and after the last.

    `smooth` begins and ends each stretch at rest; `linear` moves evenly.
    """

    points: tuple[tuple[int, float], ...]
    ease: Literal["smooth", "linear"] = "smooth"

    def at(self, frame: int) -> float:
        before = self.points[0]
        for after in self.points:
            if frame < after[0]:
                if after[0] == before[0] or frame <= before[0]:
                    return before[1]
                part = (frame - before[0]) / (after[0] - before[0])
                part = part if self.ease == "linear" else part * part * (3 - 2 * part)
                return before[1] + (after[1] - before[1]) * part
            before = after
        return before[1]


def held(value: float) -> Keys:
    """The same value on every frame."""
    return Keys(((0, value),))


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture with transparency, at a place."""

    picture: Path
    box: tuple[float, float, float, float]
    """Left, top, width, height in the frame at scale 1 and offset 0; the picture is brought to it."""
    opacity: Keys = Keys(((0, 1.0),))
    scale: Keys = Keys(((0, 1.0),))
    across: Keys = Keys(((0, 0.0),))
    """Offset in pixels to the right."""
    down: Keys = Keys(((0, 0.0),))
    anchor: tuple[float, float] | None = None
    """The point of the frame that scaling leaves where it is; None is the middle of the box."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies behind the layers: a vertical gradient, or a picture that fills the frame under a veil of it."""

    top: Rgb
    bottom: Rgb
    picture: Path | None = None
    veil: float = 0.0
    """0 to 1: how much of the gradient covers the picture."""
    scale: Keys = Keys(((0, 1.0),))
    """Of the picture, 1 or more, about its middle."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A stretch of film: exactly `frames` frames of `size`, written to `out` with the encoder arguments given.

    Without a ground it is transparent, which only RAW keeps.
    """

    size: tuple[int, int]
    rate: Rate
    frames: int
    ground: Ground | None
    layers: tuple[Layer, ...]
    out: Path
    encode: tuple[str, ...]


async def compose(items: Sequence[Composition], *, runner: Runner | None = None) -> None:
    """Draw all compositions in one child, in order; raises MediaFailed. What is at `out` is whole only on success."""
    if not items:
        return
    task = json.dumps([_plain(item) for item in items]).encode()
    argv = [sys.executable, "-P", "-m", "storyreel.media.compose_child"]
    limit_s = 60 + sum(item.frames for item in items) * 0.5
    ended = await (runner or Processes()).run(argv, feed=[task], limit_s=limit_s)
    if ended.status == 0:
        return
    if "No space left on device" in ended.stderr:
        raise MediaFailed("the disk is full: make room and run again, what is done stays done", ended.stderr)
    raise MediaFailed("a card or title could not be drawn", ended.stderr)


def _plain(item: Composition) -> dict[str, Any]:
    """What JSON can say; read back by `composition_from`. Files become absolute: the child has a folder of its own."""
    return {**json.loads(json.dumps(asdict(item), default=_said)), "rate": rate_text(item.rate)}


def _said(value: object) -> str:
    return str(value.absolute()) if isinstance(value, Path) else str(value)


def composition_from(plain: Mapping[str, Any]) -> Composition:
    """A composition out of what `_plain` made of it."""
    ground = plain["ground"]
    return Composition(
        (plain["size"][0], plain["size"][1]),
        Fraction(plain["rate"]),
        plain["frames"],
        None if ground is None else _ground(ground),
        tuple(_layer(layer) for layer in plain["layers"]),
        Path(plain["out"]),
        tuple(plain["encode"]),
    )


def _keys(plain: Mapping[str, Any]) -> Keys:
    return Keys(tuple((frame, value) for frame, value in plain["points"]), plain["ease"])


def _ground(plain: Mapping[str, Any]) -> Ground:
    top, bottom = ((r, g, b) for r, g, b in (plain["top"], plain["bottom"]))
    picture = Path(plain["picture"]) if plain["picture"] is not None else None
    return Ground(top, bottom, picture, plain["veil"], _keys(plain["scale"]))


def _layer(plain: Mapping[str, Any]) -> Layer:
    left, top, width, height = plain["box"]
    anchor = None if plain["anchor"] is None else (plain["anchor"][0], plain["anchor"][1])
    opacity, scale, across, down = (_keys(plain[name]) for name in ("opacity", "scale", "across", "down"))
    return Layer(Path(plain["picture"]), (left, top, width, height), opacity, scale, across, down, anchor)
