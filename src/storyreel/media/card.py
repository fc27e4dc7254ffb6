"""A card as two pictures: its ground, and its words set one under the other around the optical centre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from storyreel.media.look import ACCENT, CARD_SUBTITLE, CARD_TITLE, CTA, GROUND, LEGAL, PRICE, SUBTITLE, TEXT, Style
from storyreel.media.stylebook import PLAIN, card_styles
from storyreel.media.text import Type, text_layer

if TYPE_CHECKING:
    from PIL import Image

OPTICAL_CENTRE = 0.45
CAPTION_FOOT = 0.92
"""Where captions end, in parts of the frame's height."""
_SAFE = 0.05
_GLOW = (46, 43, 42)
_SHADED = ("title", "subtitle", "price", "legal")
_BRIGHT: Mapping[str, Mapping[str, Any]] = {"subtitle": {"color": TEXT}, "legal": {"color": TEXT}}


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a card says; what is None is left out."""

    title: str | None = None
    subtitle: str | None = None
    price: str | None = None
    cta: str | None = None
    legal: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A drawn part of the stack: its picture, and the part of it that the eye aligns."""

    image: Image.Image
    left: int
    top: int
    width: int
    height: int
    before: int
    """Pixels of air above it."""


def card_ground(type_: Type, picture: Image.Image | None) -> Image.Image:
    """The dark of a cutting room with some light behind the words, or a picture dimmed so that words can be read."""
    import numpy as np
    from PIL import Image, ImageOps

    size = (type_.width, type_.height)
    y, x = np.mgrid[0 : type_.height, 0 : type_.width].astype(np.float32)
    if picture is not None:
        cover = np.asarray(ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS), np.float32)
        distance = np.abs(y / type_.height - OPTICAL_CENTRE) * 2
        shade = 0.26 + 0.18 * np.clip(distance, 0, 1) ** 1.5
        dark = np.array(GROUND[:3], np.float32)
        return Image.fromarray(np.rint(dark + (cover - dark) * shade[..., None]).astype(np.uint8))
    reach = 0.62 * max(type_.width, type_.height)
    distance = np.hypot(x - type_.width / 2, (y - OPTICAL_CENTRE * type_.height) * 1.15) / reach
    light = np.exp(-(distance**2) * 2.2)[..., None]
    # A little noise, always the same, keeps the slow slope from falling into steps.
    grain = np.random.Generator(np.random.PCG64(7)).random((type_.height, type_.width, 1), np.float32) - 0.5
    tones = np.array(GROUND[:3], np.float32) + light * (np.array(_GLOW, np.float32) - np.array(GROUND[:3])) + grain
    return Image.fromarray(np.rint(np.clip(tones, 0, 255)).astype(np.uint8))


def card_words(
    type_: Type,
    words: CardWords,
    style: str,
    logo: Image.Image | None,
    *,
    is_on_picture: bool = False,
    is_captioned: bool = False,
) -> Image.Image:
    """The words and the logo as one transparent picture of the frame's size; nothing stands out of the safe area.

    On a picture what is quiet elsewhere is as bright as the rest, and letters have a soft dark edge. Captions, where
    there will be any, have their place between the stack and the legal line.
    """
    from PIL import Image

    said = dict(card_styles().get(style) or card_styles()[PLAIN])
    if is_on_picture:
        said |= {part: {"shadow": 7, **_BRIGHT.get(part, {}), **said.get(part, {})} for part in _SHADED}
    frame = Image.new("RGBA", (type_.width, type_.height))
    side, foot = round(type_.width * _SAFE), round(type_.height * _SAFE)
    legal_top = type_.height - foot
    if words.legal:
        layer = text_layer(type_, words.legal, _style(LEGAL, said, "legal"), type_.width - 2 * side, type_.height // 6)
        legal_top -= layer.image.height
        frame.alpha_composite(layer.image, (max(0, (type_.width - layer.image.width) // 2), legal_top))
    room = legal_top - foot - (type_.px(24) if words.legal else 0)
    if is_captioned:
        speech_foot = min(CAPTION_FOOT * type_.height, legal_top - type_.px(10))
        room = round(speech_foot) - caption_height(type_) - type_.px(24) - foot
    shrink = 1.0
    while (blocks := _stack(type_, words, said, logo, shrink)) and _height(blocks) > room and shrink > 0.3:
        shrink *= 0.9
    top = round(type_.height * OPTICAL_CENTRE - _height(blocks) / 2)
    top = max(foot, min(top, foot + room - _height(blocks)))
    _place(type_, frame, blocks, said, top)
    return frame


def caption_height(type_: Type) -> int:
    """Pixels that a caption of two lines takes, with its air."""
    return type_.px(SUBTITLE.size * SUBTITLE.leading * 2 + 34)


def _style(base: Style, said: Mapping[str, Any], part: str) -> Style:
    align = "center" if part == "legal" else said["align"]
    return replace(base, **{"align": align, **said.get(part, {})})


def _stack(
    type_: Type, words: CardWords, said: Mapping[str, Any], logo: Image.Image | None, shrink: float
) -> list[Block]:
    """The parts from top to bottom, drawn."""
    width = round(type_.width * said["measure"])
    blocks: list[Block] = []
    if logo is not None:
        blocks.append(_logo(type_, logo, said.get("logo", 0.16) * shrink, width))
    for part, text, base, air in (
        ("title", words.title, CARD_TITLE, 40),
        ("subtitle", words.subtitle, CARD_SUBTITLE, 40),
        ("price", words.price, PRICE, 44),
        ("cta", words.cta, CTA, 44),
    ):
        if not text:
            continue
        if part == "subtitle" and said.get("rule") == "between" and blocks:
            blocks.append(_rule(type_, air))
        style = _style(base, said, part)
        style = replace(style, size=style.size * shrink)
        layer = text_layer(type_, text, style, width)
        before = type_.px(air * shrink) if blocks else 0
        if style.scrim is not None:
            blocks.append(Block(layer.image, 0, 0, layer.image.width, layer.image.height, before))
        else:
            block = layer.block
            blocks.append(Block(layer.image, block.left, block.top, block.width, block.height, before))
    return blocks


def _logo(type_: Type, logo: Image.Image, share: float, width: int) -> Block:
    from PIL import Image

    short = min(type_.width, type_.height)
    scale = min(share * short / logo.height, width * 0.7 / logo.width)
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    small = logo.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    return Block(small, 0, 0, *size, 0)


def _rule(type_: Type, air: float) -> Block:
    from PIL import Image

    size = (type_.px(64), max(2, type_.px(2)))
    return Block(Image.new("RGBA", size, ACCENT), 0, 0, *size, type_.px(air))


def _height(blocks: list[Block]) -> int:
    return sum(block.before + block.height for block in blocks)


def _place(type_: Type, frame: Image.Image, blocks: list[Block], said: Mapping[str, Any], top: int) -> None:
    """Lay the stack into the frame, its first capitals at `top`."""
    is_left = said["align"] == "left"
    left = round(type_.width * (1 - said["measure"]) / 2)
    begin = top
    for block in blocks:
        top += block.before
        x = left if is_left else round((type_.width - block.width) / 2)
        _lay(frame, block.image, x - block.left, top - block.top)
        top += block.height
    if said.get("rule") == "side" and blocks:
        gap, thick = type_.px(30), max(2, type_.px(5))
        x = max(0, left - gap - thick)
        frame.paste(ACCENT, (x, begin, x + thick, top))


def _lay(frame: Image.Image, image: Image.Image, x: int, y: int) -> None:
    # Soft edges may stand over the frame's edge by a pixel; letters never do.
    shown = image.crop((max(0, -x), max(0, -y), image.width, image.height))
    frame.alpha_composite(shown, (max(0, x), max(0, y)))
