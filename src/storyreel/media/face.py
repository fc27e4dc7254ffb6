"""One weight at one size: how long a line is, and its letters as a mask."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.failed import MediaFailed
from storyreel.media.kerning import kern

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

_REFERENCE = 256


@dataclass(frozen=True, slots=True)
class Ink:
    """Where the letters of a line have colour, in pixels from its pen position on the base line; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Face:
    """Type of `px` pixels. `spacing` is pixels between letters; `is_kerned` where we kern, because the font cannot."""

    file: Path
    px: int
    spacing: float = 0.0
    is_kerned: bool = True
    font: ImageFont.FreeTypeFont = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "font", _font(self.file, self.px))

    @property
    def cap_height(self) -> float:
        return _heights(self.file)[0] * self.px

    @property
    def overshoot(self) -> float:
        """The room that accents need above capitals, and descenders below the base line: the larger of the two."""
        return _heights(self.file)[1] * self.px

    def length(self, line: str) -> float:
        """Pixels from the pen's first to its last position, without the space after the last letter."""
        if not self.is_kerned:
            return float(_font(self.file, _REFERENCE).getlength(line)) * self.px / _REFERENCE
        ems = sum(_letter(self.file, letter).advance for letter in line)
        return ems * self.px + sum(gap for _, gap in self._runs(line))

    def ink(self, line: str) -> Ink:
        """The colour of a line, up to a pixel; of nothing but spaces, an empty rectangle at the pen."""
        letters = [_letter(self.file, letter) for letter in line if not letter.isspace()]
        if not letters:
            return Ink(0, 0, 0, 0)
        start = self.length(line[: len(line) - len(line.lstrip())])
        end = self.length(line.rstrip()) - letters[-1].advance * self.px
        return Ink(
            start + letters[0].ink.left * self.px,
            min(letter.ink.top for letter in letters) * self.px,
            end + max(letters[-1].ink.right, letters[-1].advance * 0.5) * self.px,
            max(letter.ink.bottom for letter in letters) * self.px,
        )

    def draw(self, on: ImageDraw.ImageDraw, x: float, base: float, line: str, stroke: float = 0) -> None:
        """Set a line from a pen position into a mask, to full strength."""
        for run, gap in self._runs(line):
            on.text((x, base), run, 255, self.font, anchor="ls", stroke_width=stroke)
            x += self.font.getlength(run) + gap

    def _runs(self, line: str) -> tuple[tuple[str, float], ...]:
        return _runs(line, self.px, self.spacing, self.is_kerned)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter, in parts of the type size."""

    advance: float
    ink: Ink


@lru_cache(maxsize=8192)
def _letter(file: Path, letter: str) -> _Letter:
    # Type scales evenly, so that a letter is measured once for all sizes.
    font = _font(file, _REFERENCE)
    mask, (x, y) = font.getmask2(letter, "L", anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    ink = Ink(*(edge / _REFERENCE for edge in (x + left, y + top, x + right, y + bottom)))
    return _Letter(font.getlength(letter) / _REFERENCE, ink)


@lru_cache(maxsize=2048)
def _runs(line: str, px: int, spacing: float, is_kerned: bool) -> tuple[tuple[str, float], ...]:
    """Stretches that are set in one go, and the pixels that the pen moves after each."""
    runs, start = [], 0
    for end in range(1, len(line)):
        gap = spacing + (kern(line[end - 1], line[end]) * px if is_kerned else 0.0)
        if gap:
            runs.append((line[start:end], gap))
            start = end
    return (*runs, (line[start:], 0.0))


@lru_cache(maxsize=64)
def _font(file: Path, px: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(file), px)
    except OSError as problem:
        raise MediaFailed(f"the font {file.name} cannot be read", str(problem)) from problem


@lru_cache(maxsize=16)
def _heights(file: Path) -> tuple[float, float]:
    """Height of capitals, and of what stands out above them or below the base line, as parts of the type size."""
    font = _font(file, 1000)
    cap = -font.getbbox("H", anchor="ls")[1] / 1000
    ascent, descent = (part / 1000 for part in font.getmetrics())
    accents = -font.getbbox("ÄÅÉÇĞ", anchor="ls")[1] / 1000 - cap
    return cap, math.ceil(100 * max(0.02, min(max(accents, descent), ascent))) / 100
