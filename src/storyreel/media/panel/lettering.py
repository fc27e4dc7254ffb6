"""Type over a panel: the prompt as a caption, names under those who stand there, the sound as a mark at the edge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from storyreel.media.look import Rgba, Scrim, Style
from storyreel.media.panel.color import Rgb
from storyreel.media.panel.film import cutout, stamp
from storyreel.media.panel.frame import Cutout, Stamp
from storyreel.media.panel.palette import Palette
from storyreel.media.text import Box, TextLayer, Type, text_layer

CAPTION_TOP, CAPTION_BOTTOM = 0.78, 0.965
"""Between these heights of the frame the caption stands, whatever its length."""
_SAFE = 0.05
"""The margin that the slate keeps too, of the short side."""
_CAPTION = Style(28, "regular", lines=2, floor=0.89, leading=1.34, shadow=3)
_NAME = Style(20, "semibold", spacing=0.1, lines=1, floor=0.7, align="center", shadow=5, is_caps=True)
_QUIET: Rgba = (0xC6, 0xC9, 0xCE, 255)
"""Brighter than what is quiet elsewhere: a start picture may be white."""
_SOUND = Style(18, "semibold", _QUIET, lines=2, floor=0.85, leading=1.25, align="right")


def caption_lines(width: int, height: int) -> int:
    """The most lines that a caption has in a frame of this shape."""
    return 2 if width >= height * 1.2 else 3 if width * 1.2 > height else 4


def caption_box(width: int, height: int, prompt: str | None = None) -> Box:
    """Where the caption of a prompt stands, with its air; without a prompt, where the longest would.

    What else is set at the foot of a panel (subtitles) ends above it.
    """
    words = "Mmm " * 400 if prompt is None else prompt
    layer = _caption(Type(width, height), words)
    air = Type(width, height).px(10)
    bottom = round(height * CAPTION_BOTTOM)
    left = _margin(width, height)
    return Box(left, bottom - layer.image.height - air, left + layer.image.width, bottom)


def sound_box(width: int, height: int) -> Box:
    """Where the sound mark may stand: at the upper right, clear of the slate."""
    margin = _margin(width, height)
    return Box(round(width * 0.52), margin, width - margin, margin + round(height * 0.1))


def draw_caption(prompt: str, type_: Type, palette: Palette) -> Stamp | None:
    """The caption over its scrim, bottom left; None for no words."""
    width, height = type_.width, type_.height
    layer = _caption(type_, prompt)
    if not layer.lines:
        return None
    bottom = round(height * CAPTION_BOTTOM)
    top = bottom - layer.image.height
    room = round(height * 0.115)
    image = _scrim((width, height - top + room), room, palette.night)
    image.alpha_composite(layer.image, (_margin(width, height), room))
    return stamp(image, 0, top - room, (width, height))


def draw_name(name: str, color: Rgb, middle: float, top: float, room: float, type_: Type) -> Cutout | None:
    """A name between two short rules, at most `room` pixels wide, centred; its capitals begin at `top`."""
    width = type_.width
    style = replace(_NAME, color=(*color, 255))
    rule, gap = type_.px(22), type_.px(9)
    layer = text_layer(type_, name, style, max(1, min(round(width * 0.34), round(room) - 2 * (rule + gap))))
    if not layer.lines:
        return None
    air = type_.px(34)
    image = _haze((layer.image.width + 2 * (rule + gap + air), layer.image.height + air), type_.px(16))
    image.alpha_composite(layer.image, (air + rule + gap, air // 2))
    y = (layer.block.top + layer.block.bottom) // 2 + air // 2
    thick = max(1, type_.px(2))
    for left in (air + gap // 2, image.width - air - rule - gap // 2):
        ImageDraw.Draw(image).rectangle(
            (left, y - thick // 2, left + rule, y - thick // 2 + thick - 1), fill=(*color, 230)
        )
    edge = min(max(middle - image.width / 2, width * 0.01), width * 0.99 - image.width)
    return cutout(image, edge, top - layer.block.top - air // 2)


def draw_sound(words: str, type_: Type) -> Stamp | None:
    """What is heard: a small speaker and the words, at the upper right."""
    width, height = type_.width, type_.height
    box = sound_box(width, height)
    mark, pad = type_.px(20), type_.px(11)
    layer = text_layer(type_, words, _SOUND, box.width - mark - 3 * pad, box.height - pad)
    if not layer.lines:
        return None
    # As high as the slate on the other side, where there is one line.
    size = layer.image.width + mark + 3 * pad, max(layer.image.height + pad, type_.px(42))
    image = Image.new("RGBA", size)
    scrim = Scrim((10, 11, 13, 196))
    large = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), type_.px(scrim.radius) * 4, 255)
    image.paste(scrim.color, mask=large.reduce(4))
    image.alpha_composite(_speaker(mark), (pad, (size[1] - mark) // 2))
    image.alpha_composite(layer.image, (mark + 2 * pad, (size[1] - layer.image.height) // 2))
    return stamp(image, box.right - size[0], box.top, (width, height))


def _caption(type_: Type, prompt: str) -> TextLayer:
    width, height = type_.width, type_.height
    style = replace(_CAPTION, lines=caption_lines(width, height))
    most = round(height * (CAPTION_BOTTOM - CAPTION_TOP)) - type_.px(10)
    share = 0.8 if width >= height * 1.2 else 1.0
    return text_layer(type_, " ".join(prompt.split()), style, round((width - 2 * _margin(width, height)) * share), most)


def _margin(width: int, height: int) -> int:
    return round(min(width, height) * _SAFE) // 2 * 2


def _haze(size: tuple[int, int], soft: int) -> Image.Image:
    """A dark breath behind a name, without an edge."""
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle(
        (soft * 1.6, soft * 0.9, size[0] - soft * 1.6, size[1] - soft * 0.9), size[1] / 3, 184
    )
    image = Image.new("RGBA", size, (6, 7, 10, 0))
    image.putalpha(mask.filter(ImageFilter.GaussianBlur(soft * 0.6)))
    return image


def _scrim(size: tuple[int, int], fade: int, color: Rgb) -> Image.Image:
    """Dark at the foot, gone at the top: over `fade` pixels, then nearly opaque."""
    y = np.arange(size[1], dtype=np.float32)
    ramp = (y / max(1, fade)).clip(0, 1)
    ramp = 0.78 * ramp**1.4 * (2.4 - 1.4 * ramp)
    alpha = np.repeat((ramp * 255).astype(np.uint8)[:, None], size[0], axis=1)
    image = Image.new("RGBA", size, (*color, 0))
    image.putalpha(Image.fromarray(alpha))
    return image


def _speaker(size: int) -> Image.Image:
    """A loudspeaker with two waves."""
    large = Image.new("RGBA", (size * 4, size * 4))
    draw, unit = ImageDraw.Draw(large), size * 4 / 18
    draw.polygon(
        [(x * unit, y * unit) for x, y in ((1, 6.5), (4.5, 6.5), (9, 2.5), (9, 15.5), (4.5, 11.5), (1, 11.5))],
        fill=_QUIET,
    )
    for radius in (3.4, 6.6):
        box = [(10 - radius) * unit, (9 - radius) * unit, (10 + radius) * unit, (9 + radius) * unit]
        draw.arc(box, -48, 48, fill=_QUIET, width=round(1.5 * unit))
    return large.reduce(4)
