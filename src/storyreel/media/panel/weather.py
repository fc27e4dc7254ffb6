"""Rain and snow over a picture: two sheets of light that fall past the camera, added to the luma of each frame."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    import numpy.typing as npt

Kind = Literal["rain", "snow"]
_RAIN = r"\brain|rainy|raining|storm|drizzle|downpour|\w*regen\b|verregnet|sturm|gewitter|pluie|pluvieu|orage|tempête"
_SNOW = r"\bsnow|blizzard|schnee|neige"


def weather_of(*texts: str | None) -> Kind | None:
    """What falls, by the words of a place and a prompt."""
    words = " ".join(text for text in texts if text).casefold()
    if re.search(_SNOW, words):
        return "snow"
    return "rain" if re.search(_RAIN, words) else None


@dataclass(frozen=True, slots=True)
class Weather:
    """Sheets that repeat downwards, each with its fall in pixels a frame. Values are few enough never to overflow."""

    sheets: tuple[tuple[npt.NDArray[np.uint8], int, int], ...]
    """Light, fall and drift."""

    def over(self, luma: npt.NDArray[np.uint8], number: int) -> None:
        """Add what falls in frame `number` to a luma of at most 235."""
        height, width = luma.shape
        for sheet, fall, drift in self.sheets:
            period, wide = sheet.shape[0] - height, sheet.shape[1] - width
            down = period - 1 - number * fall % period
            luma += sheet[down : down + height, number * drift % wide :][:, :width]


def fall(kind: Kind, width: int, height: int) -> Weather:
    """Weather for a frame of this size."""
    random = np.random.RandomState(11 if kind == "rain" else 12)
    unit = min(width, height) / 720
    if kind == "rain":
        layers = ((150, 46, 1.0, 15, 37), (70, 110, 1.9, 19, 61))
        drawn = [(_streaks(random, width, height, *layer[:4], unit), round(layer[4] * unit), 0) for layer in layers]
    else:
        flakes = ((190, 1.6, 17, 3), (60, 3.4, 20, 6))
        drawn = [(_flakes(random, width, height, *layer[:3], unit), round(layer[3] * unit), 1) for layer in flakes]
    return Weather(tuple(drawn))


def _streaks(
    random: np.random.RandomState, width: int, height: int, count: int, long: int, wide: float, most: int, unit: float
) -> npt.NDArray[np.uint8]:
    sheet = Image.new("L", (width + 64, height))
    draw = ImageDraw.Draw(sheet)
    for _ in range(count * max(1, width * height // 900_000)):
        x, y, size = random.uniform(-40, width + 64), random.uniform(0, height), random.uniform(0.6, 1.3) * long * unit
        light = int(random.uniform(0.35, 1) * most)
        for turn in (0, -height):  # what leaves at the foot comes in at the top
            draw.line((x, y + turn, x - size * 0.16, y + turn + size), fill=light, width=max(1, round(wide * unit)))
    return _twice(sheet.filter(ImageFilter.GaussianBlur(0.6)), height)


def _flakes(
    random: np.random.RandomState, width: int, height: int, count: int, size: float, most: int, unit: float
) -> npt.NDArray[np.uint8]:
    sheet = Image.new("L", (width + 480, height))
    draw = ImageDraw.Draw(sheet)
    for _ in range(count):
        x, y, radius = random.uniform(0, width + 480), random.uniform(0, height), random.uniform(0.6, 1.2) * size * unit
        for turn in (0, -height):
            draw.ellipse((x - radius, y + turn - radius, x + radius, y + turn + radius), fill=most)
    return _twice(sheet.filter(ImageFilter.GaussianBlur(0.7)), height)


def _twice(sheet: Image.Image, height: int) -> npt.NDArray[np.uint8]:
    samples = np.asarray(sheet)
    return np.vstack([samples, samples[:height]])
