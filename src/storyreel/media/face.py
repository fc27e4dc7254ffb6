"""One weight at one size: how long a line is, and its letters as a mask."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.charmap import letters_of
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
class _Font:
    """A font's file as it was at one time, since it may be replaced while a project is watched."""

    file: Path
    stamp: int


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch that is set in one go, and the pixels that the pen moves after it."""

    font: _Font
    text: str
    gap: float


@dataclass(frozen=True, slots=True)
class Face:
    """Type of `px` pixels. `spacing` is pixels between letters; `is_kerned` where we kern, because the font cannot.

    A letter that `file` lacks is set in the first of `others` that has it.
    """

    file: Path
    px: int
    spacing: float = 0.0
    is_kerned: bool = True
    others: tuple[Path, ...] = ()
    _fonts: tuple[_Font, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_fonts", tuple(_Font(f, _stamp(f)) for f in (self.file, *self.others)))

    @property
    def cap_height(self) -> float:
        return _heights(self._fonts[0])[0] * self.px

    @property
    def overshoot(self) -> float:
        """The room that accents need above capitals, and descenders below the base line: the larger of the two."""
        return _heights(self._fonts[0])[1] * self.px

    def excess(self, lines: Iterable[str]) -> float:
        """Pixels that letters of other fonts need beyond the overshoot."""
        if len(self._fonts) < 2:
            return 0.0
        runs = [run for line in lines for run in self._runs(line) if run.font is not self._fonts[0]]
        inks = [_extent(run.font, run.text)[1] for run in runs]
        most = max((max(-ink.top * self.px - self.cap_height, ink.bottom * self.px) for ink in inks), default=0.0)
        return max(0.0, most - self.overshoot)

    def length(self, line: str) -> float:
        """Pixels from the pen's first to its last position, without the space after the last letter."""
        if len(self._fonts) > 1:
            return sum(_extent(run.font, run.text)[0] * self.px + run.gap for run in self._runs(line))
        if not self.is_kerned:
            return float(_font(self._fonts[0], _REFERENCE).getlength(line)) * self.px / _REFERENCE
        ems = sum(_letter(self._fonts[0], letter).advance for letter in line)
        return ems * self.px + sum(run.gap for run in self._runs(line))

    def ink(self, line: str) -> Ink:
        """The colour of a line, up to a pixel; of nothing but spaces, an empty rectangle at the pen."""
        if len(self._fonts) > 1:
            return self._ink_of_runs(line)
        letters = [_letter(self._fonts[0], letter) for letter in line if not letter.isspace()]
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

    def _ink_of_runs(self, line: str) -> Ink:
        x, found = 0.0, []
        for run in self._runs(line):
            advance, ink = _extent(run.font, run.text)
            if ink.right > ink.left:
                left, top, right, bottom = (edge * self.px for edge in (ink.left, ink.top, ink.right, ink.bottom))
                found.append(Ink(x + left, top, x + right, bottom))
            x += advance * self.px + run.gap
        if not found:
            return Ink(0, 0, 0, 0)
        return Ink(
            min(ink.left for ink in found),
            min(ink.top for ink in found),
            max(ink.right for ink in found),
            max(ink.bottom for ink in found),
        )

    def draw(self, on: ImageDraw.ImageDraw, x: float, base: float, line: str, stroke: float = 0) -> None:
        """Set a line from a pen position into a mask, to full strength."""
        for run in self._runs(line):
            font = _font(run.font, self.px)
            on.text((x, base), run.text, 255, font, anchor="ls", stroke_width=stroke)
            x += font.getlength(run.text) + run.gap

    def _runs(self, line: str) -> tuple[_Run, ...]:
        return _runs(self._fonts, line, self.px, self.spacing, self.is_kerned)


@dataclass(frozen=True, slots=True)
class _Letter:
    """One letter, in parts of the type size."""

    advance: float
    ink: Ink


@lru_cache(maxsize=8192)
def _letter(font: _Font, letter: str) -> _Letter:
    # Type scales evenly, so that a letter is measured once for all sizes.
    advance, ink = _measured(font, letter)
    return _Letter(advance, ink)


@lru_cache(maxsize=2048)
def _extent(font: _Font, text: str) -> tuple[float, Ink]:
    """A stretch as it is shaped: in some scripts letters depend on their neighbours."""
    return _measured(font, text)


def _measured(font: _Font, text: str) -> tuple[float, Ink]:
    large = _font(font, _REFERENCE)
    mask, (x, y) = large.getmask2(text, "L", anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    ink = Ink(*(edge / _REFERENCE for edge in (x + left, y + top, x + right, y + bottom)))
    return large.getlength(text) / _REFERENCE, ink


@lru_cache(maxsize=2048)
def _runs(fonts: tuple[_Font, ...], line: str, px: int, spacing: float, is_kerned: bool) -> tuple[_Run, ...]:
    """A line in stretches of one font, and in the first font also where letters stand nearer or farther."""
    chosen = _chosen(fonts, line)
    runs, start = [], 0
    for end in range(1, len(line)):
        gap = spacing if chosen[end - 1] is fonts[0] or chosen[end] is fonts[0] else 0.0
        if is_kerned and chosen[end - 1] is chosen[end] is fonts[0]:
            gap += kern(line[end - 1], line[end]) * px
        if gap or chosen[end - 1] is not chosen[end]:
            runs.append(_Run(chosen[start], line[start:end], gap))
            start = end
    return (*runs, _Run(chosen[start] if line else fonts[0], line[start:], 0.0))


def _chosen(fonts: tuple[_Font, ...], line: str) -> list[_Font]:
    """The font of each letter. Spaces and marks stay with what stands before them, so that no script is torn apart."""
    if len(fonts) == 1:
        return [fonts[0]] * len(line)
    chosen: list[_Font] = []
    for letter in line:
        stays = bool(chosen) and (letter.isspace() or unicodedata.category(letter) in ("Mn", "Mc", "Cf"))
        order = (chosen[-1], *fonts) if stays else fonts
        chosen.append(next((font for font in order if letter in letters_of(font.file)), fonts[0]))
    return chosen


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError as problem:
        raise MediaFailed(f"the font {file.name} cannot be read", str(problem)) from problem


@lru_cache(maxsize=64)
def _font(font: _Font, px: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(font.file), px)
    except OSError as problem:
        raise MediaFailed(f"the font {font.file.name} cannot be read", str(problem)) from problem


@lru_cache(maxsize=16)
def _heights(font: _Font) -> tuple[float, float]:
    """Height of capitals, and of what stands out above them or below the base line, as parts of the type size."""
    large = _font(font, 1000)
    cap = -large.getbbox("H", anchor="ls")[1] / 1000
    ascent, descent = (part / 1000 for part in large.getmetrics())
    accents = -large.getbbox("ÄÅÉÇĞ", anchor="ls")[1] / 1000 - cap
    return cap, math.ceil(100 * max(0.02, min(max(accents, descent), ascent))) / 100
