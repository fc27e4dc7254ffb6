"""Where a shot plays, as the painters of sets see it: two sheets, a horizon, a light, and units that follow framing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from storyreel.media.panel.sheet import Point, Sheet, Tone, smooth

FLOOR = 0.055
"""v of the line where a floor begins: above the feet of whoever stands in the middle of a wide shot."""
LIT = 1.35
"""The tone of a light itself; it is held back to the brightest of the palette."""


@dataclass(slots=True)
class Setting:
    """Sets are drawn in units from the middle of the horizon: u to the right, v down. One unit is `unit` pixels."""

    far: Sheet
    near: Sheet
    random: np.random.RandomState
    middle: float
    """Pixel column of u = 0."""
    horizon: float
    """Pixel row of v = 0."""
    unit: float
    light: float
    """u of the light: beside the middle, left or right by the words of the place."""

    @property
    def left(self) -> float:
        """The least u on the far sheet."""
        return (self.far.area.left - self.middle) / self.unit

    @property
    def right(self) -> float:
        return (self.far.area.right - self.middle) / self.unit

    @property
    def top(self) -> float:
        return (self.far.area.top - self.horizon) / self.unit

    @property
    def bottom(self) -> float:
        return (self.far.area.bottom - self.horizon) / self.unit

    def at(self, u: float, v: float) -> Point:
        """A point in pixels of the frame."""
        return self.middle + u * self.unit, self.horizon + v * self.unit

    def all(self, points: Sequence[Point]) -> list[Point]:
        return [self.at(u, v) for u, v in points]

    def fill(
        self, *shapes: Sequence[Point], tone: Tone, strength: float = 1.0, soft: float = 0.0, near: bool = False
    ) -> None:
        """Paint polygons given in units; `soft` in units too."""
        sheet = self.near if near else self.far
        sheet.fill([self.all(shape) for shape in shapes], tone, strength=strength, soft=soft * self.unit)

    def ridge(
        self, heights: Sequence[Point], foot: float, tone: Tone, *, near: bool = False, soft: float = 0.0
    ) -> None:
        """A silhouette against the sky through points of (u, v), down to v = foot."""
        line = smooth(heights, is_closed=False)
        self.fill([*line, (heights[-1][0], foot), (heights[0][0], foot)], tone=tone, near=near, soft=soft)

    def glow(self, u: float, v: float, radius: float, strength: float, *, squash: float = 1.0) -> None:
        """Light around a point of the far sheet."""
        self.far.glow(self.at(u, v), radius * self.unit, strength, squash=squash)

    def between(self, low: float, high: float) -> float:
        """A number that the words of the place decide."""
        return float(self.random.uniform(low, high))
