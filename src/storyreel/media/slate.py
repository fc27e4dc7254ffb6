"""What the cut draws over panels and pictures, as transparent pictures: slates, arcs, dashed edges, watermarks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from storyreel.media.look import ACCENT, QUIET, SLATE, TEXT, Rgba, faded
from storyreel.media.text import Box, Type, text_layer

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL import Image

    Picture = Image.Image

_SCRIM: Rgba = (10, 11, 13, 166)
_INK: Rgba = (0x14, 0x16, 0x1A, 255)
_ARC = 24
_STROKE = 2.6
_PAD = 9
_GAP = 10
_DASH, _SPACE, _THICK = 22, 14, 4


def arc_size(type_: Type) -> int:
    """Pixels of the square that an arc is drawn in; even, as chroma wants it."""
    return max(8, type_.px(_ARC) // 2 * 2)


def slate(type_: Type, scene: str, shot: str, width: int) -> tuple[Image.Image, tuple[int, int]]:
    """SCENE, its name and the shot on a scrim, and the corner in it where the arc belongs."""
    from PIL import Image

    pad, gap, arc = type_.px(_PAD), type_.px(_GAP), arc_size(type_)
    room = width - arc - 2 * pad - 6 * gap
    label, name = replace(SLATE, color=QUIET, shadow=0), replace(SLATE, is_caps=False, spacing=0.02, shadow=0)
    words = [("Scene", label, 0.2), (scene, name, 0.6), ("Shot", label, 0.2), (shot, name, 0.3)]
    layers = [text_layer(type_, text, style, max(1, int(room * share))) for text, style, share in words]
    spread = layers[0].block.left  # a shadow stands out around the letters; it may lie under its neighbour
    across = sum(layer.block.width for layer in layers) + gap * len(layers)
    image = Image.new("RGBA", (pad + arc + gap + across + pad, arc + 2 * pad))
    image.alpha_composite(_plate(type_, image.size, _SCRIM))
    left = pad + arc + gap
    for number, layer in enumerate(layers):
        middle = layer.block.top + layer.block.height / 2
        place = (left - spread, round(image.height / 2 - middle))
        _lay(image, layer.image, place)
        left += layer.block.width + (gap * 2 if number == 1 else gap)
    ring = _ring(arc, type_.px(10) * _STROKE / 10, 1.0)
    _lay(image, _tinted(ring, faded(TEXT, 0.22)), (pad, pad))
    return image, (pad, pad)


def no_take(type_: Type) -> Image.Image:
    """The plate under the slate of a stand-in: dark letters on the accent, as no take has them."""
    words = text_layer(type_, "No take yet", replace(SLATE, color=_INK, shadow=0), type_.width)
    across, along = type_.px(_PAD), type_.px(6)
    image = _plate(type_, (words.block.width + 2 * across, words.block.height + 2 * along), ACCENT)
    _lay(image, words.image, (across - words.block.left, along - words.block.top))
    return image


def arcs(type_: Type, length: int, first: int, count: int) -> Iterator[bytes]:
    """Raw RGBA frames of the arc that runs out over `length` frames: `count` of them, from frame `first` on."""
    side, stroke = arc_size(type_), type_.px(10) * _STROKE / 10
    for frame in range(first, first + count):
        left = min(1.0, max(0.0, 1 - (frame + 1) / max(1, length)))
        yield _tinted(_ring(side, stroke, left), ACCENT).tobytes()


def _ring(side: int, stroke: float, part: float) -> npt.NDArray[np.float32]:
    """How much of each pixel lies under a ring, of which `part` is left, running out clockwise from the top."""
    import numpy as np

    at = np.arange(side, dtype=np.float32) + 0.5 - side / 2
    x, y = at[None, :], at[:, None]
    radius = side / 2 - stroke / 2 - 0.5
    cover: npt.NDArray[np.float32] = np.clip(stroke / 2 + 0.5 - np.abs(np.hypot(x, y) - radius), 0, 1)
    if part >= 1:
        return cover
    # Clockwise from the top; what has passed is gone, with an edge one pixel soft.
    turn = (np.arctan2(x, -y) / (2 * np.pi)) % 1
    soft = 1 / (2 * np.pi * radius)
    gone = 1 - part
    kept = np.clip((turn - gone) / soft + 0.5, 0, 1) * np.clip((1 - turn) / soft + 0.5, 0, 1)
    shown: npt.NDArray[np.float32] = (cover * kept * (part > 0)).astype(np.float32)
    return shown


def dashed_edge(type_: Type) -> list[tuple[Image.Image, tuple[int, int]]]:
    """The edge of a stand-in as four thin pictures and their corners: a frame as large as the film would cost more."""
    from PIL.Image import Transpose

    thick = max(2, type_.px(_THICK) // 2 * 2)
    inset = max(2, type_.px(8) // 2 * 2)
    across, down = type_.width - 2 * inset, type_.height - 2 * inset
    top, side = _dashes(type_, across, thick), _dashes(type_, down, thick).transpose(Transpose.ROTATE_90)
    right, bottom = type_.width - inset - thick, type_.height - inset - thick
    return [(top, (inset, inset)), (top, (inset, bottom)), (side, (inset, inset)), (side, (right, inset))]


def _dashes(type_: Type, length: int, thick: int) -> Image.Image:
    from PIL import Image

    count = max(2, round((length + type_.px(_SPACE)) / type_.px(_DASH + _SPACE)))
    step = (length + type_.px(_SPACE)) / count
    image = Image.new("RGBA", (length, thick))
    for number in range(count):
        begin, end = round(number * step), round(number * step + step - type_.px(_SPACE))
        image.paste(ACCENT, (begin, 0, end, thick))
    return image


def _plate(type_: Type, size: tuple[int, int], color: Rgba) -> Image.Image:
    from PIL import Image, ImageDraw

    # Drawn large and reduced: corners come without smooth edges otherwise.
    large = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), type_.px(6) * 4, 255)
    return _masked(large.reduce(4), color)


def _masked(mask: Image.Image, color: Rgba) -> Image.Image:
    from PIL import Image

    plate = Image.new("RGBA", mask.size, color[:3])
    plate.putalpha(mask.point(lambda value: value * color[3] // 255))
    return plate


def _tinted(cover: npt.NDArray[np.float32], color: Rgba) -> Image.Image:
    import numpy as np
    from PIL import Image

    return _masked(Image.fromarray(np.rint(cover * 255).astype(np.uint8)), color)


def _lay(under: Image.Image, over: Image.Image, corner: tuple[int, int]) -> None:
    """Composite, also where a soft edge stands out of the picture."""
    left, top = corner
    box = Box(max(0, -left), max(0, -top), min(over.width, under.width - left), min(over.height, under.height - top))
    if box.width > 0 and box.height > 0:
        part = over.crop((box.left, box.top, box.right, box.bottom))
        under.alpha_composite(part, (left + box.left, top + box.top))


def watermark(type_: Type, picture: Image.Image, opacity: float) -> Image.Image:
    """A logo at a ninth of the short side's height, or a fifth of its width, whichever is less."""
    from PIL import Image

    short = min(type_.width, type_.height)
    share = min(short / 9 / picture.height, short / 4 / picture.width)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    small = picture.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    small.putalpha(small.getchannel("A").point(lambda value: round(value * opacity)))
    return small
