"""The frames of a composition: a frame's number in, its pixels out. Nothing is drawn twice that did not move."""

from __future__ import annotations

import math
from collections.abc import Callable
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
    """Pixels by frame number: (height, width, 3), or 4 where there is no ground."""
    import numpy as np

    ground = _ground(item)
    sprites = [_sprite(layer) for layer in item.layers]
    last: tuple[object, Pixels | None] = (None, None)

    def frame(number: float) -> Pixels:
        nonlocal last
        at = round(number)
        poses = tuple(_pose(layer, at) for layer in item.layers)
        zoom = item.ground.scale.at(at) if item.ground is not None and item.ground.picture is not None else 1.0
        if last[1] is None or last[0] != (zoom, poses):
            picture = ground(zoom)
            for sprite, pose in zip(sprites, poses, strict=True):
                sprite.lay(picture, pose)
            last = ((zoom, poses), np.asarray(picture))
        assert last[1] is not None
        return last[1]

    return frame


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
        if on.mode == "RGBA":
            picture.putalpha(alpha)
            on.alpha_composite(picture, box[:2])
        else:
            on.paste(picture.convert("RGB") if self.colors is not None else self.color, box, alpha)


def _sprite(layer: Layer) -> _Sprite:
    from PIL import Image, ImageOps

    picture = open_image(layer.picture).convert("RGBA")
    left, top, width, height = layer.box
    if (round(width), round(height)) != picture.size:
        picture = picture.resize((max(1, round(width)), max(1, round(height))), Image.Resampling.LANCZOS)
    seen = picture.getchannel("A").getbbox() or (0, 0, 1, 1)
    trimmed = ImageOps.expand(picture.crop(seen), _MARGIN, (0, 0, 0, 0))
    color = _one_color(trimmed)
    anchor = layer.anchor or (left + width / 2, top + height / 2)
    place = (left + seen[0] - _MARGIN, top + seen[1] - _MARGIN)
    colors = trimmed.convert("RGBa") if color is None else None
    return _Sprite(colors, trimmed.getchannel("A"), color or (0, 0, 0), *place, anchor)


def _one_color(picture: Image.Image) -> tuple[int, int, int] | None:
    """The colour of all that is visible, where that is one: letters mostly are, and need a quarter of the work."""
    import numpy as np

    pixels = np.asarray(picture)
    visible = pixels[pixels[:, :, 3] > 0][:, :3]
    if not len(visible) or (visible != visible[0]).any():
        return None
    red, green, blue = (int(value) for value in visible[0])
    return red, green, blue


def _ground(item: Composition) -> Callable[[float], Image.Image]:
    """A fresh ground for a scale of its picture."""
    from PIL import Image

    if item.ground is None:
        return lambda _: Image.new("RGBA", item.size)
    gradient = _gradient(item.ground, item.size)
    if item.ground.picture is None:
        return lambda _: gradient.copy()
    return _filled(item.ground, gradient)


def _filled(ground: Ground, gradient: Image.Image) -> Callable[[float], Image.Image]:
    from PIL import Image, ImageOps

    assert ground.picture is not None
    most = max(1.0, *(scale for _, scale in ground.scale.points))
    size = (math.ceil(gradient.width * most), math.ceil(gradient.height * most))
    picture = ImageOps.fit(open_image(ground.picture).convert("RGB"), size, Image.Resampling.LANCZOS)
    if ground.veil > 0:
        picture = Image.blend(picture, gradient.resize(size), min(1.0, ground.veil))

    def zoomed(scale: float) -> Image.Image:
        width, height = size[0] / max(1.0, scale), size[1] / max(1.0, scale)
        left, top = (size[0] - width) / 2, (size[1] - height) / 2
        box = (left, top, left + width, top + height)
        return picture.resize(gradient.size, Image.Resampling.BILINEAR, box=box)

    return zoomed


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
