"""Type setting: words, a style and a box in; a transparent picture out, whose letters are never cut."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.charmap import weight_of
from storyreel.media.face import Face
from storyreel.media.fonts import HEAVINESS, font_file
from storyreel.media.glyphs import drawn
from storyreel.media.look import SHORT_SIDE, Style
from storyreel.media.wrap import Lines, balanced, wrap

if TYPE_CHECKING:
    from PIL import Image

_SMALLEST = 6
_STEP = 0.96
_DARK = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; `right` and `bottom` are the first column and row beyond it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class TextLayer:
    """Words as a picture, just as large as what is drawn."""

    image: Image.Image
    """RGBA."""
    block: Box
    """In the picture: from the top of the first line's capitals to the last base line; what the eye aligns."""
    lines: tuple[str, ...]
    px: int
    """The type size that was reached."""
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Lines that fit, and the measures they are set with, in pixels."""

    face: Face
    lines: tuple[str, ...]
    leading: float
    is_cut: bool

    @property
    def width(self) -> float:
        inks = [self.face.ink(line) for line in self.lines]
        return max((ink.right - ink.left for ink in inks), default=0.0)

    @property
    def height(self) -> float:
        """From the room for accents over the first line to the room for descenders under the last."""
        if not self.lines:
            return 0.0
        return self.face.cap_height + 2 * self.overshoot + self.leading * (len(self.lines) - 1)

    @property
    def overshoot(self) -> float:
        """Room over the first line's capitals, and under the last base line."""
        return self.face.overshoot + self.face.excess(self.lines)


@dataclass(frozen=True, slots=True)
class Type:
    """Type for frames of one size. Letters that Open Sans lacks are set in the first of `fonts` that has them."""

    width: int
    height: int
    fonts: tuple[Path, ...] = ()

    def px(self, at_720: float) -> int:
        """Pixels of this frame for pixels of a frame whose short side is 720; at least 1 unless 0."""
        scaled = round(at_720 * min(self.width, self.height) / SHORT_SIDE)
        return max(1, scaled) if at_720 > 0 else 0

    def face(self, style: Style, px: int | None = None) -> Face:
        px = self.px(style.size) if px is None else px
        spacing = round(style.spacing * px * 4) / 4
        wanted = HEAVINESS[style.weight]
        others = sorted(self.fonts, key=lambda font: abs(weight_of(font) - wanted)) if self.fonts else ()
        return Face(font_file(style.weight), px, spacing, others=tuple(others))

    def fit(self, text: str, style: Style, width: float, height: float | None = None) -> Setting:
        """Set a text into a box: at its size, else smaller down to the style's floor, else cut at a word.

        Below the floor only where not even one line of one letter fits.
        """
        text = drawn(text.upper() if style.is_caps else text).strip()
        first = self.px(style.size)
        least = min(first, max(_SMALLEST, math.ceil(first * style.floor)))

        def tried(px: int, may_cut: bool) -> Setting | None:
            setting, found = self._set(text, style, px, width, height)
            is_inside = setting.width <= width and (height is None or setting.height <= height)
            return setting if is_inside and (may_cut or not (found.is_cut or found.is_broken)) else None

        return (
            _largest(least, first, partial(tried, may_cut=False))
            or _largest(_SMALLEST, least, partial(tried, may_cut=True))
            or Setting(self.face(style, _SMALLEST), (), 0.0, is_cut=bool(text))
        )

    def _set(self, text: str, style: Style, px: int, width: float, height: float | None) -> tuple[Setting, Lines]:
        face = self.face(style, px)
        leading = max(style.leading * px, face.cap_height + face.overshoot)
        lines = style.lines
        if height is not None:
            spare = height - face.cap_height - 2 * face.overshoot
            lines = max(1, min(lines, 1 + int(spare / leading + 1e-6))) if spare >= 0 else 1
        # A letter may stand out beyond the pen's way, so a little is kept free.
        measure = partial(_extent, face)
        found = (balanced if style.is_balanced else wrap)(text, width - px * 0.06, measure, lines)
        return Setting(face, found.lines, leading, found.is_cut), found


def _largest(low: int, high: int, fitting: Callable[[int], Setting | None]) -> Setting | None:
    """What fits at the largest size from `low` to `high`; the largest is tried first, since most words fit."""
    at_most = fitting(high)
    best = at_most if at_most is not None or low >= high else fitting(low)
    while best is not None and best is not at_most and high - low > 1:
        middle = (low + high) // 2
        found = fitting(middle)
        low, high, best = (low, middle, best) if found is None else (middle, high, found)
    return best


def _extent(face: Face, line: str) -> float:
    return face.length(line.strip(" "))


def text_layer(type_: Type, text: str, style: Style, width: int, height: int | None = None) -> TextLayer:
    """Words as a picture of at most `width` x `height` pixels, everything drawn included; 1 x 1 for no words.

    Long texts become smaller, then shorter, as the style says; letters are never cut and never stand outside.
    """
    from PIL import Image

    across, along = _margins(type_, style)
    inner = max(1.0, width - 2 * across)
    setting = type_.fit(text, style, inner, None if height is None else max(1.0, height - 2 * along))
    if not setting.lines or setting.height + 2 * along > (height or math.inf):
        empty = Image.new("RGBA", (1, 1))
        return TextLayer(empty, Box(0, 0, 0, 0), (), setting.face.px, is_cut=bool(text.strip()))
    size = (math.ceil(setting.width) + 2 * across, math.ceil(setting.height) + 2 * along)
    image = _painted(type_, style, setting, size, along)
    top = along + setting.overshoot
    bottom = top + setting.face.cap_height + setting.leading * (len(setting.lines) - 1)
    block = Box(across, round(top), size[0] - across, round(bottom))
    return TextLayer(image, block, setting.lines, setting.face.px, setting.is_cut)


def _margins(type_: Type, style: Style) -> tuple[int, int]:
    """Pixels around the words: the scrim's, or what edge and shadow take."""
    spread = type_.px(style.outline) + 2 * type_.px(style.shadow)
    if style.scrim is None:
        return spread, spread
    return max(spread, type_.px(style.scrim.across)), max(spread, type_.px(style.scrim.along))


def _painted(type_: Type, style: Style, setting: Setting, size: tuple[int, int], along: int) -> Image.Image:
    from PIL import Image, ImageFilter

    image = Image.new("RGBA", size)
    if style.scrim is not None:
        image.paste(style.scrim.color, mask=_rounded(size, type_.px(style.scrim.radius)))
    letters = _letters(type_, style, setting, size, along)
    shadow, outline = type_.px(style.shadow), type_.px(style.outline)
    if shadow:
        soft = letters.filter(ImageFilter.GaussianBlur(shadow * 0.6)).point(lambda value: min(200, int(value * 1.6)))
        image.alpha_composite(_colored(soft, (*_DARK, 255)))
    if outline:
        edge = _letters(type_, style, setting, size, along, outline)
        image.alpha_composite(_colored(edge, (*_DARK, 190)))
    image.alpha_composite(_colored(letters, style.color))
    return image


def _letters(
    type_: Type, style: Style, setting: Setting, size: tuple[int, int], along: int, stroke: int = 0
) -> Image.Image:
    from PIL import Image, ImageDraw

    mask = Image.new("L", size)
    on = ImageDraw.Draw(mask)
    across, _ = _margins(type_, style)
    base = along + setting.overshoot + setting.face.cap_height
    for line in setting.lines:
        ink = setting.face.ink(line)
        spare = size[0] - 2 * across - (ink.right - ink.left)
        share = {"left": 0.0, "center": 0.5, "right": 1.0}[style.align]
        # The ink stands on the edge, not the pen: large letters carry room at their left.
        setting.face.draw(on, across + spare * share - ink.left, round(base), line, stroke)
        base += setting.leading
    return mask


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    from PIL import Image, ImageDraw

    # Drawn four times as large, since rounded corners come without smooth edges.
    large = Image.new("L", (size[0] * 4, size[1] * 4))
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, min(radius * 4, *(side // 2 for side in large.size)), 255)
    return large.reduce(4)


def _colored(mask: Image.Image, color: tuple[int, int, int, int]) -> Image.Image:
    from PIL import Image

    layer = Image.new("RGBA", mask.size, color[:3])
    layer.putalpha(mask if color[3] == 255 else mask.point(lambda value: value * color[3] // 255))
    return layer
