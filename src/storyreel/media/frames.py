"""The frames of a composition: a frame's number in, its pixels out. Nothing is drawn twice that did not move.

Over a ground they are painted as film stores them (`panel.frame`), which is three times as fast as in RGB; without one
they keep their transparency and are RGBA.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyreel.media.compose import Composition, Ground, Layer
from storyreel.media.image import open_image

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    Pixels = npt.NDArray[np.uint8]

_MARGIN = 2
_Pose = tuple[float, float, float, float]
"""Opacity, scale, and the offsets of a layer on one frame."""


def frame_function(item: Composition) -> Callable[[float], Pixels]:
    """Pixels by frame number: yuv420p, flat, or RGBA (height, width, 4) where there is no ground."""
    paint = _layered(item) if item.ground is None else _filmed(item, item.ground)
    last: tuple[object, Pixels | None] = (None, None)

    def frame(number: float) -> Pixels:
        nonlocal last
        at = round(number)
        poses = tuple(_pose(layer, at) for layer in item.layers)
        zoom = item.ground.scale.at(at) if item.ground is not None and item.ground.picture is not None else 1.0
        if last[1] is None or last[0] != (zoom, poses):
            last = ((zoom, poses), paint(zoom, poses))
        assert last[1] is not None
        return last[1]

    return frame


def _filmed(item: Composition, ground: Ground) -> Callable[[float, Sequence[_Pose]], Pixels]:
    """Ground and layers through the camera of the panels."""
    from storyreel.media.panel.film import cutout, picture
    from storyreel.media.panel.frame import FULL, Frame, View
    from storyreel.media.panel.sheet import Area

    width, height = item.size
    frame, middle = Frame(width, height), (width / 2, height / 2)
    behind = picture(_ground(ground, item.size), Area(0, 0, width, height))
    before = [cutout(_sized(layer), layer.box[0], layer.box[1]) for layer in item.layers]
    anchors = [_anchor(layer) for layer in item.layers]

    def paint(zoom: float, poses: Sequence[_Pose]) -> Pixels:
        frame.picture(behind, View(zoom, 0, 0))
        for sprite, anchor, (opacity, scale, across, down) in zip(before, anchors, poses, strict=True):
            # The camera scales around the middle of the frame, a layer around its anchor.
            left, up = ((middle[i] - anchor[i]) * (1 - scale) for i in (0, 1))
            if scale > 0:
                frame.lay(sprite, View(scale, left - across, up - down), round(opacity * FULL))
        return frame.pixels

    return paint


def _layered(item: Composition) -> Callable[[float, Sequence[_Pose]], Pixels]:
    """Layers over nothing."""
    import numpy as np
    from PIL import Image

    sprites = [_sprite(layer) for layer in item.layers]

    def paint(_: float, poses: Sequence[_Pose]) -> Pixels:
        picture = Image.new("RGBA", item.size)
        for sprite, pose in zip(sprites, poses, strict=True):
            sprite.lay(picture, pose)
        return np.asarray(picture)

    return paint


def _pose(layer: Layer, at: int) -> _Pose:
    return layer.opacity.at(at), layer.scale.at(at), layer.across.at(at), layer.down.at(at)


@dataclass(frozen=True, slots=True)
class _Sprite:
    """A layer, ready to be laid: trimmed to what is visible, with a transparent rim for its edges to blend into."""

    colors: Image.Image | None
    """RGBa; None where all of it has one colour."""
    alpha: Image.Image
    color: tuple[int, int, int]
    left: float
    top: float
    anchor: tuple[float, float]

    def lay(self, on: Image.Image, pose: _Pose) -> None:
        opacity, scale, across, down = pose
        left = self.anchor[0] + (self.left - self.anchor[0]) * scale + across
        top = self.anchor[1] + (self.top - self.anchor[1]) * scale + down
        width, height = self.alpha.width * scale, self.alpha.height * scale
        # Whole pixels of the frame that lie inside; the rim makes up for the parts at the edges.
        box = (
            max(0, math.ceil(left)),
            max(0, math.ceil(top)),
            min(on.width, math.floor(left + width)),
            min(on.height, math.floor(top + height)),
        )
        if opacity <= 0 or scale <= 0 or box[0] >= box[2] or box[1] >= box[3]:
            return
        source = tuple((box[i] - (left, top)[i % 2]) / scale for i in range(4))
        self._paste(on, box, (source[0], source[1], source[2], source[3]), opacity)

    def _paste(self, on: Image.Image, box: tuple[int, int, int, int], source: _Pose, opacity: float) -> None:
        from PIL import Image

        size = (box[2] - box[0], box[3] - box[1])
        if self.colors is None:
            alpha = self.alpha.resize(size, Image.Resampling.BICUBIC, box=source)
            picture = Image.new("RGBA", size, self.color)
        else:
            picture = self.colors.resize(size, Image.Resampling.BICUBIC, box=source).convert("RGBA")
            alpha = picture.getchannel("A")
        if opacity < 1:
            share = round(opacity * 256)
            alpha = alpha.point([value * share + 128 >> 8 for value in range(256)])
        picture.putalpha(alpha)
        on.alpha_composite(picture, box[:2])


def _sized(layer: Layer) -> Image.Image:
    """The layer's picture, brought to its box."""
    from PIL import Image

    picture = open_image(layer.picture).convert("RGBA")
    width, height = max(1, round(layer.box[2])), max(1, round(layer.box[3]))
    return picture if picture.size == (width, height) else picture.resize((width, height), Image.Resampling.LANCZOS)


def _anchor(layer: Layer) -> tuple[float, float]:
    left, top, width, height = layer.box
    return layer.anchor or (left + width / 2, top + height / 2)


def _sprite(layer: Layer) -> _Sprite:
    from PIL import ImageOps

    picture = _sized(layer)
    left, top = layer.box[:2]
    seen = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
    trimmed = ImageOps.expand(picture.crop(seen), _MARGIN, (0, 0, 0, 0))
    color = _one_color(trimmed)
    place = (left + seen[0] - _MARGIN, top + seen[1] - _MARGIN)
    colors = trimmed.convert("RGBa") if color is None else None
    return _Sprite(colors, trimmed.getchannel("A"), color or (0, 0, 0), *place, _anchor(layer))


def _one_color(picture: Image.Image) -> tuple[int, int, int] | None:
    """The colour of all that is visible, where that is one: letters mostly are, and need a quarter of the work."""
    import numpy as np

    pixels = np.asarray(picture)
    visible = pixels[pixels[:, :, 3] > 0][:, :3]
    if not len(visible) or (visible != visible[0]).any():
        return None
    red, green, blue = (int(value) for value in visible[0])
    return red, green, blue


def _ground(ground: Ground, size: tuple[int, int]) -> Image.Image:
    """The gradient, or the picture that fills it under its veil; both of the frame's size."""
    from PIL import Image, ImageOps

    gradient = _gradient(ground, size)
    if ground.picture is None:
        return gradient
    picture = ImageOps.fit(open_image(ground.picture).convert("RGB"), size, Image.Resampling.LANCZOS)
    return Image.blend(picture, gradient, min(1.0, ground.veil)) if ground.veil > 0 else picture


def _gradient(ground: Ground, size: tuple[int, int]) -> Image.Image:
    """From top to bottom, with half a step of fixed noise, since eight bits alone show as bands in the dark."""
    import numpy as np
    from PIL import Image

    width, height = size
    if ground.top == ground.bottom:
        return Image.new("RGB", size, ground.top)
    part = np.linspace(0, 1, height)[:, None, None]
    smooth = (1 - part) * np.array(ground.top, float) + part * np.array(ground.bottom, float)
    noise = np.random.default_rng(0).random((height, width, 3)) - 0.5
    return Image.fromarray(np.clip(np.rint(smooth + noise), 0, 255).astype(np.uint8))
