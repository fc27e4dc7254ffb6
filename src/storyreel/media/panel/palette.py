"""Three related colours for a place, and the tones between them: the same place always has the same palette."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from storyreel.base.digest import digest_of
from storyreel.media.panel.color import Rgb, mix, oklch, yuv

if TYPE_CHECKING:
    import numpy.typing as npt

TUNGSTEN: Rgb = (242, 163, 58)
TONES = 1024
_WARM = 70.0
"""The hue of lamplight, towards which the light side of every palette leans."""


@dataclass(frozen=True, slots=True)
class Palette:
    """`deep` is shadow, `mid` the colour of the place, `light` what the light falls on. Hues are neighbours."""

    deep: Rgb
    mid: Rgb
    light: Rgb

    @property
    def night(self) -> Rgb:
        """Nearly black, for scrims."""
        return mix((0, 0, 0), self.deep, 0.45)

    @property
    def glow(self) -> Rgb:
        """The light itself."""
        return mix((255, 244, 218), self.light, 0.18)

    def tone(self, value: float) -> Rgb:
        """The colour of a tone: 0 is night, 0.28 deep, 0.56 mid, 0.86 light, 1 the light itself."""
        stops = ((0.0, self.night), (0.28, self.deep), (0.56, self.mid), (0.86, self.light), (1.0, self.glow))
        value = min(1.0, max(0.0, value))
        for (low, below), (high, above) in pairwise(stops):
            if value <= high:
                return mix(below, above, (value - low) / (high - low))
        return self.glow


def palette_of(place: str | None) -> Palette:
    """The palette of a place; spelling of spaces and capitals does not matter."""
    words = " ".join((place or "").casefold().split())
    number = int(digest_of(words.encode())[:8], 16)
    hue = number % 3600 / 10
    towards = 1 if (_WARM - hue) % 360 < 180 else -1
    return Palette(
        oklch(0.25, 0.045, hue), oklch(0.47, 0.075, hue + towards * 24), oklch(0.79, 0.085, hue + towards * 50)
    )


def element_color(index: int) -> Rgb:
    """The colour of an element's label and of its subtitles: light enough for small type on a dark ground."""
    return oklch(0.83, 0.1, 75 + index * 137.508)


@dataclass(frozen=True, slots=True)
class Grade:
    """Tones as film stores them. `luma` has four steps to each of film's; chroma is found by the luma of the frame."""

    luma: npt.NDArray[np.uint16]
    """(1024,), 64 to 940."""
    u: list[int]
    """256 of them."""
    v: list[int]


@lru_cache(maxsize=16)
def grade_of(palette: Palette) -> Grade:
    """The lookup tables of a palette."""
    stops = np.linspace(0, 1, 65)
    film = np.array([yuv(palette.tone(float(value))) for value in stops])
    luma = np.interp(np.linspace(0, 1, TONES), stops, film[:, 0])
    u, v = (np.interp(np.arange(256), film[:, 0], film[:, channel]) for channel in (1, 2))
    return Grade((luma * 4).round().astype(np.uint16), u.round().astype(int).tolist(), v.round().astype(int).tolist())
