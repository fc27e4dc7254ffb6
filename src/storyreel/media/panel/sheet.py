"""A sheet to paint on: tones in floating point over a rectangle that is larger than the frame, so that it can move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    import numpy.typing as npt

Point = tuple[float, float]
Tone = float | tuple[float, float]
"""0 to 1; a pair is the tone at the top and at the foot of what is filled."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels of the frame, whose own upper left corner is 0, 0."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Sheet:
    """Tones over an area. A covering sheet also knows where it is painted; an opaque one is painted everywhere."""

    def __init__(self, area: Area, density: float, *, is_covering: bool = False) -> None:
        self.area, self.density = area, density
        shape = max(2, round(area.height * density)), max(2, round(area.width * density))
        self.tone: npt.NDArray[np.float32] = np.zeros(shape, np.float32)
        self.cover: npt.NDArray[np.float32] | None = np.zeros(shape, np.float32) if is_covering else None

    def rows(self) -> npt.NDArray[np.float32]:
        """The y of each row, in pixels of the frame, as a column."""
        return ((np.arange(self.tone.shape[0], dtype=np.float32) + 0.5) / self.density + self.area.top)[:, None]

    def columns(self) -> npt.NDArray[np.float32]:
        """The x of each column."""
        return ((np.arange(self.tone.shape[1], dtype=np.float32) + 0.5) / self.density + self.area.left)[None, :]

    def fill(self, shapes: Sequence[Sequence[Point]], tone: Tone, *, strength: float = 1.0, soft: float = 0.0) -> None:
        """Paint polygons in one go. `soft` blurs their edge, in pixels of the frame."""
        found = self.mask(shapes, soft)
        if found is None:
            return
        where, mask = found
        mask *= strength
        self.lay(where, mask, tone)

    def lay(self, where: tuple[slice, slice], mask: npt.NDArray[np.float32], tone: Tone) -> None:
        """Paint a tone through a mask of 0 to 1."""
        paint: Any = tone
        if isinstance(tone, tuple):
            inked = np.flatnonzero(mask.max(axis=1) > 0.02)
            low, high = (int(inked[0]), int(inked[-1])) if inked.size else (0, 1)
            ramp = (np.arange(mask.shape[0], dtype=np.float32) - low) / max(1, high - low)
            paint = (tone[0] + (tone[1] - tone[0]) * ramp.clip(0, 1))[:, None].astype(np.float32)
        under = self.tone[where]
        if self.cover is None:
            under += mask * (paint - under)
            return
        cover = self.cover[where]
        total = mask + cover * (1 - mask)
        np.divide(mask * paint + under * cover * (1 - mask), total, out=under, where=total > 1e-4)
        cover[...] = total

    def glow(self, center: Point, radius: float, strength: float, *, squash: float = 1.0) -> None:
        """Add light that falls off from a point. `squash` above 1 makes it wide."""
        x = (self.columns() - center[0]) / (radius * squash)
        y = (self.rows() - center[1]) / radius
        self.tone += strength * np.exp(-(x * x) / 2) * np.exp(-(y * y) / 2)

    def mask(
        self, shapes: Sequence[Sequence[Point]], soft: float = 0.0
    ) -> tuple[tuple[slice, slice], npt.NDArray[np.float32]] | None:
        """Where polygons are, and how far each pixel is inside them; None where nothing of them is on the sheet."""
        points = np.array([point for shape in shapes for point in shape], np.float64)
        if not points.size:
            return None
        points = (points - (self.area.left, self.area.top)) * self.density
        reach = 2.5 * soft * self.density + 2
        height, width = self.tone.shape
        left, top = (int(v) for v in np.maximum(np.floor(points.min(axis=0) - reach), 0))
        right, bottom = (int(v) for v in np.minimum(np.ceil(points.max(axis=0) + reach), (width, height)))
        if left >= right or top >= bottom:
            return None
        image = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
        draw, first = ImageDraw.Draw(image), 0
        for shape in shapes:
            own = (points[first : first + len(shape)] - (left, top)) * 2
            first += len(shape)
            draw.polygon(own.ravel().tolist(), fill=255)
        image = image.reduce(2)
        if soft:
            image = _blurred(image, soft * self.density)
        return (slice(top, bottom), slice(left, right)), np.asarray(image, np.float32) / np.float32(255)


def _blurred(image: Image.Image, radius: float) -> Image.Image:
    from PIL import ImageFilter

    return image.filter(ImageFilter.GaussianBlur(radius))


def smooth(points: Sequence[Point], *, is_closed: bool = True, steps: int = 8) -> list[Point]:
    """A curve through points (Catmull-Rom); a point given twice is a corner."""
    at = np.array(points, np.float64)
    if is_closed:
        before, after, beyond = np.roll(at, 1, 0), np.roll(at, -1, 0), np.roll(at, -2, 0)
    else:
        before = np.vstack([at[:1], at[:-2]])
        after, beyond = at[1:], np.vstack([at[2:], at[-1:]])
        at = at[:-1]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (part[:, None, :] for part in (before, at, after, beyond))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    flat = [(float(x), float(y)) for x, y in curve.reshape(-1, 2)]
    return flat if is_closed else [*flat, (float(points[-1][0]), float(points[-1][1]))]


def oval(center: Point, across: float, down: float, *, steps: int = 40) -> list[Point]:
    """An ellipse by its radii."""
    angles = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return [(float(center[0] + across * np.cos(a)), float(center[1] + down * np.sin(a))) for a in angles]


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def noise(
    shape: tuple[int, int], random: np.random.RandomState, *octaves: tuple[int, int, float]
) -> npt.NDArray[np.float32]:
    """Smooth noise around 0: each octave has so many bumps down and across, and reaches about so far."""
    # It is put together small, since scaling is what takes the time.
    rows = min(shape[0], max(shape[0] // 4, *(2 * down for down, _, _ in octaves)))
    columns = min(shape[1], max(shape[1] // 4, *(2 * across for _, across, _ in octaves)))
    total = np.zeros((rows, columns), np.float32)
    for down, across, reach in octaves:
        rough = random.uniform(-reach, reach, (down + 3, across + 3)).astype(np.float32)
        box = (1, 1, across + 2, down + 2)
        total += np.asarray(Image.fromarray(rough).resize((columns, rows), Image.Resampling.BICUBIC, box=box))
    return np.asarray(Image.fromarray(total).resize((shape[1], shape[0]), Image.Resampling.BILINEAR))
