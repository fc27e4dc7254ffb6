"""A small painter's kit: smooth shapes as soft masks, gradients, light and grain on a float canvas.

Every shape is a mask (floats from 0 to 1, one per pixel); paint is a colour laid through a mask. Coordinates are
units of the picture as designed; `Canvas(scale=...)` maps them to pixels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Point = tuple[float, float]
Colour = tuple[float, float, float]
Mask = np.ndarray

_OVERSAMPLE = 3


def rgb(text: str) -> Colour:
    """`#rrggbb` as three floats from 0 to 1."""
    return tuple(int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]


def mix(a: Colour, b: Colour, t: float) -> Colour:
    """The colour at `t` (0 to 1) on the way from a to b."""
    return tuple(x + (y - x) * t for x, y in zip(a, b, strict=True))  # type: ignore[return-value]


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> list[Point]:
    """A curve through all points (centripetal enough for hand-placed ones: Catmull-Rom, tension one half)."""
    p = np.array(points, float)
    n = len(p)
    out: list[Point] = []
    for i in range(n if closed else n - 1):
        if closed:
            a, b, c, d = p[(i - 1) % n], p[i], p[(i + 1) % n], p[(i + 2) % n]
        else:
            a, b, c, d = p[max(i - 1, 0)], p[i], p[i + 1], p[min(i + 2, n - 1)]
        for t in np.linspace(0, 1, steps, endpoint=False):
            q = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            out.append((float(q[0]), float(q[1])))
    if not closed:
        out.append((float(p[-1][0]), float(p[-1][1])))
    return out


def ramp(x: np.ndarray, low: float, high: float) -> np.ndarray:
    """0 below `low`, 1 above `high`, an eased slope between (also with low > high)."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def cut_out(size: tuple[int, int], draw: Callable[[Canvas], None], seed: int, *, margin: float = 0) -> Image.Image:
    """What `draw` paints, on nothing: drawn on black and on white, the difference says how much shows through."""
    dark, bright = (Canvas(size, ground, seed=seed, margin=margin) for ground in ((0, 0, 0), (1, 1, 1)))
    draw(dark)
    draw(bright)
    alpha = np.clip(1 - (bright.rgb - dark.rgb).mean(axis=2), 0, 1)
    tone = np.clip(dark.rgb / np.maximum(alpha, 1e-3)[..., None], 0, 1)
    return Image.fromarray((np.dstack([tone, alpha]) * 255 + 0.5).astype(np.uint8))


def save_cut_out(image: Image.Image, path: Path, step: int = 2) -> None:
    """A PNG with alpha; colours in steps that nobody sees, which make it a quarter smaller and more."""
    pixels = np.asarray(image).copy()
    pixels[..., :3] -= pixels[..., :3] % step
    pixels[pixels[..., 3] == 0] = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, optimize=True)


class Canvas:
    """A picture in the making. `size` in design units, `scale` pixels per unit, `margin` units left of zero."""

    def __init__(
        self, size: tuple[int, int], ground: Colour, scale: float = 1.0, seed: int = 1, margin: float = 0
    ) -> None:
        self.scale, self.margin = scale, margin
        self.width, self.height = round(size[0] * scale), round(size[1] * scale)
        self.rgb = np.empty((self.height, self.width, 3), np.float32)
        self.rgb[:] = ground
        y, x = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        self.x, self.y = (x + 0.5) / scale - margin, (y + 0.5) / scale
        self.random = np.random.default_rng(seed)

    # -- masks ---------------------------------------------------------------------------------------------------

    def polygon(self, points: Iterable[Point], soft: float = 0) -> Mask:
        """A filled polygon; `soft` is the blur of its edge in units."""
        k = self.scale * _OVERSAMPLE
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        ImageDraw.Draw(image).polygon([((px + self.margin) * k, py * k) for px, py in points], fill=255)
        return self._settle(image, soft)

    def shape(self, points: Sequence[Point], soft: float = 0) -> Mask:
        """A smooth closed shape through the points."""
        return self.polygon(smooth(points), soft)

    def stroke(self, points: Sequence[Point], width: float, soft: float = 0, *, curved: bool = True) -> Mask:
        """A line through the points, round at its ends."""
        k = self.scale * _OVERSAMPLE
        path = [((px + self.margin) * k, py * k) for px, py in (smooth(points, closed=False) if curved else points)]
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        draw = ImageDraw.Draw(image)
        draw.line(path, fill=255, width=max(1, round(width * k)), joint="curve")
        r = width * k / 2
        for px, py in (path[0], path[-1]):
            draw.ellipse((px - r, py - r, px + r, py + r), fill=255)
        return self._settle(image, soft)

    def ellipse(self, centre: Point, radii: Point, soft: float = 0) -> Mask:
        k = self.scale * _OVERSAMPLE
        (cx, cy), (rx, ry) = (centre[0] + self.margin, centre[1]), radii
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        ImageDraw.Draw(image).ellipse(((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k), fill=255)
        return self._settle(image, soft)

    def ellipses(self, each: Iterable[tuple[Point, Point, float]], soft: float = 0) -> Mask:
        """Many ellipses (centre, radii, strength) in one mask; later ones lie on top."""
        k = self.scale * _OVERSAMPLE
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        draw = ImageDraw.Draw(image)
        for (x, cy), (rx, ry), strength in each:
            cx = x + self.margin
            draw.ellipse(((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k), fill=round(255 * strength))
        return self._settle(image, soft)

    def lines(self, each: Iterable[tuple[Sequence[Point], float, float]], soft: float = 0) -> Mask:
        """Many straight-edged lines (points, width, strength) in one mask."""
        k = self.scale * _OVERSAMPLE
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        draw = ImageDraw.Draw(image)
        for points, width, strength in each:
            path = [((px + self.margin) * k, py * k) for px, py in points]
            draw.line(path, fill=round(255 * strength), width=max(1, round(width * k)), joint="curve")
        return self._settle(image, soft)

    def rings(self, each: Iterable[tuple[Point, Point, float]], width: float) -> Mask:
        """Outlines of ellipses (centre, radii, strength)."""
        k = self.scale * _OVERSAMPLE
        image = Image.new("L", (self.width * _OVERSAMPLE, self.height * _OVERSAMPLE))
        draw = ImageDraw.Draw(image)
        for (x, cy), (rx, ry), strength in each:
            cx = x + self.margin
            box = ((cx - rx) * k, (cy - ry) * k, (cx + rx) * k, (cy + ry) * k)
            draw.ellipse(box, outline=round(255 * strength), width=max(1, round(width * k)))
        return self._settle(image, 0)

    def pick(self, low: float, high: float) -> float:
        """A number between the two, the next of this canvas."""
        return float(self.random.uniform(low, high))

    def glow(self, centre: Point, radius: float, power: float = 2.0) -> Mask:
        """Light that falls off smoothly to nothing at `radius`."""
        d = np.hypot(self.x - centre[0], self.y - centre[1]) / radius
        return np.clip(1 - d, 0, 1) ** power

    def down(self, top: float, bottom: float) -> Mask:
        """0 at `top`, 1 at `bottom`."""
        return ramp(self.y, top, bottom)

    def across(self, left: float, right: float) -> Mask:
        """0 at `left`, 1 at `right`."""
        return ramp(self.x, left, right)

    def blur(self, mask: Mask, radius: float) -> Mask:
        image = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
        return np.asarray(image.filter(ImageFilter.GaussianBlur(radius * self.scale)), np.float32) / 255

    def noise(self, cell: float, stretch: float = 1.0) -> np.ndarray:
        """Smooth noise from 0 to 1 with features about `cell` units wide, `stretch` times as long across."""
        w = max(2, round(self.width / (cell * self.scale * stretch)) + 2)
        h = max(2, round(self.height / (cell * self.scale)) + 2)
        grid = Image.fromarray((self.random.random((h, w)) * 255).astype(np.uint8))
        return np.asarray(grid.resize((self.width, self.height), Image.Resampling.BICUBIC), np.float32) / 255

    # -- paint ---------------------------------------------------------------------------------------------------

    def paint(self, mask: Mask | float, colour: Colour | np.ndarray, opacity: float = 1.0) -> None:
        """Cover with a colour."""
        a = self._weight(mask, opacity)
        self.rgb += (np.asarray(colour, np.float32) - self.rgb) * a

    def light(self, mask: Mask | float, colour: Colour, opacity: float = 1.0) -> None:
        """Screen: brightens, never clips."""
        a = self._weight(mask, opacity)
        self.rgb = 1 - (1 - self.rgb) * (1 - np.asarray(colour, np.float32) * a)

    def shade(self, mask: Mask | float, colour: Colour, opacity: float = 1.0) -> None:
        """Multiply: darkens towards the colour."""
        a = self._weight(mask, opacity)
        self.rgb *= 1 - a * (1 - np.asarray(colour, np.float32))

    def grain(self, amount: float, size: float = 1.0) -> None:
        """Film grain, strongest in the middle tones."""
        shape = (round(self.height / size), round(self.width / size))
        noise = Image.fromarray(self.random.normal(0, 1, shape).astype(np.float32))
        field = np.asarray(noise.resize((self.width, self.height), Image.Resampling.BILINEAR))
        luma = self.rgb.mean(axis=2)
        self.rgb += (field * amount * (0.35 + 2.6 * luma * (1 - luma)))[..., None]

    def vignette(self, amount: float) -> None:
        w, h = self.width / self.scale, self.height / self.scale
        d = np.hypot((self.x - w / 2) / (w / 2), (self.y - h / 2) / (h / 2))
        self.rgb *= (1 - amount * ramp(d, 0.55, 1.5))[..., None]

    # -- out -----------------------------------------------------------------------------------------------------

    def image(self) -> Image.Image:
        return Image.fromarray((np.clip(self.rgb, 0, 1) * 255 + 0.5).astype(np.uint8))

    def save(self, path: Path, quality: int = 86) -> None:
        """A JPEG without metadata; equal pixels give equal bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.image().save(path, quality=quality, optimize=True, progressive=True, subsampling=1)

    def _settle(self, image: Image.Image, soft: float) -> Mask:
        small = image.reduce(_OVERSAMPLE)
        if soft:
            small = small.filter(ImageFilter.GaussianBlur(soft * self.scale))
        return np.asarray(small, np.float32) / 255

    @staticmethod
    def _weight(mask: Mask | float, opacity: float) -> np.ndarray | float:
        return mask[..., None] * opacity if isinstance(mask, np.ndarray) else mask * opacity
