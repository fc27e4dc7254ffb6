"""Words over the picture as one transparent picture: a super, a lower third or a legal line in its style."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storyreel.media.look import Rgba
from storyreel.media.stylebook import TextLook
from storyreel.media.text import TextLayer, Type, text_layer

if TYPE_CHECKING:
    from PIL import Image

_RULE = 5
_UNDER = 4
_UNDER_WIDTH = 96
_AIR = 12


def draw_title(type_: Type, look: TextLook, text: str, role: str | None, width: int) -> Image.Image:
    """The words at most `width` pixels wide, everything drawn included."""
    across, along = (type_.px(look.plate.across), type_.px(look.plate.along)) if look.plate else (0, 0)
    rule = max(2, type_.px(_RULE) // 2 * 2) if look.rule == "left" else 0
    room = max(1, width - 2 * across - rule)
    parts = [text_layer(type_, text, look.words, room)]
    if role:
        parts.append(text_layer(type_, role, replace(look.role, align=look.words.align), room))
    if look.plate is None and look.rule is None and len(parts) == 1:
        return parts[0].image
    return _stacked(type_, look, parts, across, along, rule)


def _stacked(type_: Type, look: TextLook, parts: list[TextLayer], across: int, along: int, rule: int) -> Image.Image:
    from PIL import Image

    # Without a plate the letters' shadows need the room that a plate would give.
    spare = 0 if look.plate else max(part.block.left for part in parts)
    across, along = max(across, spare), max(along, spare)
    gap, thick = type_.px(_AIR), max(2, type_.px(_UNDER) // 2 * 2)
    inner = max(part.block.width for part in parts)
    down = sum(part.block.height for part in parts) + gap * (len(parts) - 1)
    # A line under words keeps clear of their descenders.
    drop = round(parts[0].px * 0.3) if look.rule == "under" else 0
    under = drop + thick if drop else 0
    low = max(type_.px(6), parts[-1].image.height - parts[-1].block.bottom - along) if look.plate else spare
    size = (rule + 2 * across + inner, down + under + 2 * along + low)
    image = Image.new("RGBA", size) if look.plate is None else _plate(type_, size, look.plate.color, look.plate.radius)
    if rule:
        image.paste(look.rule_color, (0, 0, rule, size[1]))
    top = along + (type_.px(3) if look.plate else 0)
    for number, part in enumerate(parts):
        left = rule + across + round((inner - part.block.width) * _share(look))
        _lay(image, part.image, left - part.block.left, top - part.block.top)
        top += part.block.height
        if number == 0 and under:
            whole = part.block.width
            width = whole if len(parts) > 1 else min(type_.px(_UNDER_WIDTH), whole)
            at = left + round((whole - width) * _share(look))
            image.paste(look.rule_color, (at, top + drop, at + width, top + under))
            top += under
        top += gap
    return image


def _share(look: TextLook) -> float:
    return {"left": 0.0, "center": 0.5, "right": 1.0}[look.words.align]


def _plate(type_: Type, size: tuple[int, int], color: Rgba, radius: float) -> Image.Image:
    from PIL import Image, ImageDraw

    # Drawn large and reduced: corners come without smooth edges otherwise.
    large = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), type_.px(radius) * 4, 255)
    plate = Image.new("RGBA", size, color[:3])
    plate.putalpha(large.reduce(4).point(lambda value: value * color[3] // 255))
    return plate


def _lay(under: Image.Image, over: Image.Image, left: int, top: int) -> None:
    """Composite, also where a soft edge stands out of the picture."""
    box = (max(0, -left), max(0, -top), min(over.width, under.width - left), min(over.height, under.height - top))
    if box[2] > box[0] and box[3] > box[1]:
        under.alpha_composite(over.crop(box), (left + box[0], top + box[1]))
