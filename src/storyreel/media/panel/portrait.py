"""An element's own picture as it stands in a panel: cut to a portrait whose edge melts into the set."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from storyreel.media.panel.ink import lit
from storyreel.media.panel.palette import Palette

_SHAPE = (0.78, 1.0)
"""Narrowest and widest portrait, as width by height."""


def cut_free(image: Image.Image, height: float, palette: Palette, light: float) -> Image.Image:
    """A picture that its author cut out, `height` pixels high: it keeps its edge and takes on the place's light."""
    box = image.getchannel("A").getbbox() or (0, 0, *image.size)
    size = max(2, round((box[2] - box[0]) * height / (box[3] - box[1]))), max(2, round(height))
    # Premultiplied while it is scaled, so that the colour of nothing does not bleed into the edge.
    small = image.convert("RGBa").resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=2.0).convert("RGBA")
    return lit(small, palette, light, height * 0.3, shade=0.14, air=0.06)


def portrait(image: Image.Image, height: float, palette: Palette, focus: float) -> Image.Image:
    """The picture `height` pixels high; `focus` is the height of what matters in it, 0 to 1 from above."""
    image = image.convert("RGB")
    shape = min(_SHAPE[1], max(_SHAPE[0], image.width / image.height))
    width, tall = (
        (image.height * shape, image.height)
        if image.width / image.height > shape
        else (image.width, image.width / shape)
    )
    left, top = (image.width - width) / 2, min(max(0.0, focus * image.height - tall * 0.45), image.height - tall)
    size = max(2, round(height * shape)), max(2, round(height))
    cut = image.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + tall), reducing_gap=2.0)
    cut = Image.blend(cut, Image.new("RGB", size, palette.mid), 0.07)
    cut.putalpha(_soft_edge(size))
    return cut


def is_cut_out(image: Image.Image) -> bool:
    """Whether what is around the subject can be seen through."""
    if image.mode != "RGBA":
        return False
    alpha = np.asarray(image.getchannel("A"))
    return int(alpha[0, 0]) < 40 and int(alpha[0, -1]) < 40


def _soft_edge(size: tuple[int, int]) -> Image.Image:
    """Full in the middle, nothing at the edge, with corners rounded like a vignette of old photographs."""
    x = np.linspace(-1, 1, size[0], dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    away = (np.abs(x) ** 2.7 + np.abs(y) ** 2.9) ** (1 / 2.8)
    inside = ((1.0 - away) / 0.2).clip(0, 1)
    return Image.fromarray((inside * inside * (3 - 2 * inside) * 255).astype(np.uint8))


def shadowed(image: Image.Image, spread: float) -> Image.Image:
    """The same, standing on the ground: with a soft shadow around its foot, in a picture that is larger by it."""
    wide, room = round(image.width + spread), max(4, round(spread * 0.32))
    box = image.getchannel("A").crop((0, int(image.height * 0.9), image.width, image.height)).getbbox()
    left, right = (box[0], box[2]) if box else (0, image.width)
    shade = Image.new("L", (wide, image.height + room))
    middle, half = (left + right) / 2 + spread / 2, (right - left) / 2 + spread * 0.22
    foot = image.height - room * 0.1
    ImageDraw.Draw(shade).ellipse((middle - half, foot - room * 0.55, middle + half, foot + room * 0.55), fill=150)
    shade = shade.filter(ImageFilter.GaussianBlur(room * 0.28))
    found = Image.new("RGBA", shade.size, (6, 6, 10, 0))
    found.putalpha(shade)
    found.alpha_composite(image, (round(spread / 2), 0))
    return found
