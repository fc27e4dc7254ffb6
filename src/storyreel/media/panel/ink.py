"""Cut-outs: pictures with soft edges that stand in front of a set, drawn in flat shapes and then lit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from storyreel.media.panel.color import Rgb, mix
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.sheet import Point


class Ink:
    """A transparent picture drawn in units around an origin, larger than it will be, so that edges are smooth."""

    def __init__(self, left: float, top: float, right: float, bottom: float, unit: float) -> None:
        """The picture shows `left` to `right` and `top` to `bottom`, in units of `unit` pixels."""
        self.unit = unit
        self.fineness = 4 if unit < 60 else 3 if unit < 150 else 2
        self._left, self._top = left, top
        self.size = max(2, round((right - left) * unit)), max(2, round((bottom - top) * unit))
        self._image = Image.new("RGBA", (self.size[0] * self.fineness, self.size[1] * self.fineness))
        self._draw = ImageDraw.Draw(self._image)

    def fill(self, points: Sequence[Point], color: Rgb) -> None:
        """Paint a polygon."""
        scale = self.unit * self.fineness
        self._draw.polygon([((x - self._left) * scale, (y - self._top) * scale) for x, y in points], fill=(*color, 255))

    def line(self, points: Sequence[Point], color: Rgb, width: float) -> None:
        """Draw along points with round joints; `width` in units."""
        scale = self.unit * self.fineness
        pixels = [((x - self._left) * scale, (y - self._top) * scale) for x, y in points]
        thick = max(1, round(width * scale))
        self._draw.line(pixels, fill=(*color, 255), width=thick, joint="curve")
        for x, y in (pixels[0], pixels[-1]):
            self._draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=(*color, 255))

    def picture(self) -> Image.Image:
        """What was drawn, at its own size."""
        # Premultiplied, so that the colour of nothing does not bleed into the edges.
        return self._image.convert("RGBa").reduce(self.fineness).convert("RGBA")


def lit(
    picture: Image.Image, palette: Palette, light: float, unit: float, *, shade: float = 0.3, air: float = 0.16
) -> Image.Image:
    """Give a cut-out the light of its place: shade on the far side, a bright edge on the near one, the air between."""
    alpha = picture.getchannel("A")
    side = 1 if light > 0 else -1
    tinted = Image.blend(picture.convert("RGB"), Image.new("RGB", picture.size, palette.mid), air)
    dark = Image.new("RGB", picture.size, mix(palette.deep, palette.night, 0.4))
    if shade:
        across = (np.arange(picture.width) - picture.width / 2) / unit * -side
        ramp = ((across - 0.05) / 0.9).clip(0, 1) ** 1.3 * shade * 2 * 255
        mask = Image.fromarray(np.repeat(ramp.astype(np.uint8)[None, :], picture.height, axis=0))
        tinted.paste(dark, mask=mask)
    edge = max(1.2, 0.035 * unit)
    inner = _shifted(alpha, side * edge, 0.5 * edge)
    rim = ImageChops.multiply(ImageChops.subtract(alpha, inner), alpha).filter(ImageFilter.GaussianBlur(edge * 0.22))
    tinted.paste(palette.glow, mask=ImageChops.multiply(rim, alpha).point(lambda value: value * 0.72))
    tinted.putalpha(alpha)
    return tinted


def _shifted(alpha: Image.Image, x: float, y: float) -> Image.Image:
    """The mask seen from a little further towards -x, -y: empty beyond its edge."""
    moved = Image.new("L", alpha.size)
    moved.paste(alpha, (-round(x), round(y)))
    return moved


def sunk(picture: Image.Image, color: Rgb, start: float, end: float, amount: float) -> Image.Image:
    """Let a cut-out go down into the dark: from `start` to `end` of its height, up to `amount`."""
    ramp = ((np.arange(picture.height) / picture.height - start) / (end - start)).clip(0, 1)
    ramp = ramp * ramp * (3 - 2 * ramp) * amount * 255
    mask = Image.fromarray(np.repeat(ramp.astype(np.uint8)[:, None], picture.width, axis=1))
    alpha = picture.getchannel("A")
    found = picture.convert("RGB")
    found.paste(color, mask=mask)
    found.putalpha(alpha)
    return found


def faded(picture: Image.Image, start: float, end: float) -> Image.Image:
    """Let a cut-out end in nothing between two heights of it, 0 to 1 from above."""
    ramp = 1 - ((np.arange(picture.height) / picture.height - start) / (end - start)).clip(0, 1)
    mask = Image.fromarray(
        np.repeat((ramp * ramp * (3 - 2 * ramp) * 255).astype(np.uint8)[:, None], picture.width, axis=1)
    )
    picture.putalpha(ImageChops.multiply(picture.getchannel("A"), mask))
    return picture


def mirrored(points: Sequence[Point]) -> list[Point]:
    """A right half, from the top down, made whole."""
    return [*points, *((-x, y) for x, y in reversed(points))]
