"""What Mara and Ivo share: the light they stand in, and how a figure is built and cut out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from artwork.canvas import Canvas, Point, cut_out, ramp, rgb

AMBER, GOLD, CREAM = rgb("#f2a33a"), rgb("#ffc763"), rgb("#fff0c8")
RIM = rgb("#8fd0d4")
"""The cold edge that the sea gives."""

MARGIN = 56
SIZE = (768 + 2 * MARGIN, 1024)


def mirrored(half: list[Point], axis: float = 384) -> list[Point]:
    """A symmetrical outline from its right half, given from top to bottom."""
    return half + [(2 * axis - px, py) for px, py in reversed(half)]


def flip(side: int) -> Callable[[float, float], Point]:
    """Points of the right half as they stand, or mirrored."""
    return lambda px, py: (384 + side * (px - 384), py)


def alone(draw: Callable[[Canvas], None], seed: int) -> Image.Image:
    """A figure on nothing, its coat fading out below, so that it can stand in any set."""
    image = cut_out(SIZE, draw, seed, margin=MARGIN)
    height = np.arange(SIZE[1], dtype=np.float32)[:, None]
    fade = ramp(height, SIZE[1] - 6, SIZE[1] - 190)
    pixels = np.asarray(image).copy()
    pixels[..., 3] = (pixels[..., 3] * fade + 0.5).astype(np.uint8)
    return Image.fromarray(pixels)
