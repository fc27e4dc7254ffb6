"""Sets under the sky: silhouettes in mist, one behind the other, against the light."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from storyreel.media.panel.setting import LIT, Setting
from storyreel.media.panel.sheet import Point, box, noise, oval


def sky(s: Setting) -> None:
    """Dark above, light at the horizon, drawn clouds, and a glow where the light is."""
    sheet = s.far
    height = np.clip((s.horizon - sheet.rows()) / s.unit, 0, None)
    sheet.tone[...] = 0.2 + 0.5 * np.exp(-((height / 0.42) ** 1.15))
    clouds = noise(sheet.tone.shape, s.random, (3, 2, 0.6), (7, 3, 1.0), (16, 5, 0.5))
    sheet.tone += 0.045 * clouds * np.clip(height * 3, 0, 1)
    s.glow(s.light, -0.03, 0.2, 0.24, squash=1.7)
    s.glow(s.light, -0.02, 0.5, 0.1, squash=1.5)


def daylight(s: Setting) -> None:
    """A higher, paler sky with the sun low in it."""
    height = np.clip((s.horizon - s.far.rows()) / s.unit, 0, None)
    s.far.tone += (0.1 * np.exp(-height * 0.9)).astype(np.float32)
    s.glow(s.light, -0.1, 0.07, 0.1)
    s.fill(oval((s.light, -0.1), 0.036, 0.036), tone=LIT, soft=0.002)


def moon(s: Setting) -> None:
    """A full moon and a few stars, for the places that speak of night."""
    v = max(s.top + 0.16, -0.44)
    for _ in range(46):
        u, up = s.between(s.left, s.right), s.between(s.top, -0.2)
        s.fill(oval((u, up), 0.0016, 0.0016, steps=8), tone=0.86, strength=s.between(0.2, 0.8))
    s.glow(s.light * 0.9, v, 0.11, 0.2)
    s.fill(oval((s.light * 0.9, v), 0.04, 0.04), tone=LIT, soft=0.002)


def land(s: Setting) -> None:
    """Open ground from the mist to the dark at our feet."""
    depth = np.clip((s.far.rows() - s.horizon) / s.unit, 0, None)
    ground = 0.54 * np.exp(-depth * 4.2) + 0.12
    grain = noise(s.far.tone.shape, s.random, (60, 9, 0.035)) * np.clip(depth * 6, 0, 1)
    below(s, ground + grain)


def sea(s: Setting) -> None:
    """Water with a path of light on it."""
    depth = np.clip((s.far.rows() - s.horizon) / s.unit, 0, None)
    water = 0.46 * np.exp(-depth * 3.4) + 0.1
    shape = s.far.tone.shape
    ripples = noise(shape, s.random, (170, 34, 0.7), (70, 12, 0.6))
    spread = 0.045 + depth * 0.34
    path = np.exp(-((((s.far.columns() - s.at(s.light, 0)[0]) / s.unit) / spread) ** 2))
    sparkle = np.clip(ripples - 0.16, 0, 1) * path * np.exp(-depth * 1.1)
    below(s, water + 0.045 * ripples * np.clip(depth * 9, 0.15, 1) + 0.75 * sparkle)
    s.fill(box(s.left, -0.003, s.right, 0.004), tone=0.66, strength=0.5)


def hills(s: Setting) -> None:
    """Three ranges, paler the farther."""
    for height, tone in ((0.17, (0.5, 0.6)), (0.11, (0.38, 0.52)), (0.06, (0.26, 0.42))):
        s.ridge(_wander(s, height, 9), 0.02, tone)


def mountains(s: Setting) -> None:
    for height, tone in ((0.36, (0.44, 0.62)), (0.24, (0.34, 0.54)), (0.1, (0.24, 0.42))):
        points: list[Point] = []
        u = s.left - 0.2
        while u < s.right + 0.3:
            peak = -height * s.between(0.55, 1.05)
            points += [(u, -height * s.between(0.15, 0.35))] * 2 + [(u + 0.12, peak)] * 2
            u += s.between(0.22, 0.34)
        s.ridge(points, 0.02, tone)


def shore(s: Setting) -> None:
    """The edge of the land, to stand on."""
    edge = [(u, 0.052 + 0.012 * math.sin(u * 5 + s.light * 9)) for u in np.linspace(s.left - 0.1, s.right + 0.1, 24)]
    s.fill([*edge, (s.right + 0.1, s.bottom + 0.2), (s.left - 0.1, s.bottom + 0.2)], tone=(0.24, 0.08))
    foam = [*edge, *((u, v + 0.004) for u, v in reversed(edge))]
    s.fill(foam, tone=0.74, strength=0.6)


def forest(s: Setting) -> None:
    """Trunks in mist, branches above, a dark trunk or two close by."""
    for count, wide, tone in ((26, 0.012, (0.52, 0.62)), (16, 0.02, (0.38, 0.5)), (9, 0.036, (0.24, 0.32))):
        for _ in range(count):
            u, size = s.between(s.left, s.right), wide * s.between(0.7, 1.4)
            lean = s.between(-0.04, 0.04)
            s.fill(
                [
                    (u + lean - size * 0.7, s.top - 0.1),
                    (u + lean + size * 0.7, s.top - 0.1),
                    (u + size, 0.02),
                    (u - size, 0.02),
                ],
                tone=tone,
            )
            if s.between(0, 1) < 0.6:
                v, side = s.between(s.top * 0.8, -0.15), 1 if s.between(0, 1) < 0.5 else -1
                s.fill([(u, v), (u + side * 0.13, v - 0.09), (u, v + size * 1.1)], tone=tone[0])
        s.ridge(_wander(s, 0.035 + wide, 14), 0.04, tone[1])
    s.glow(s.light, -0.22, 0.24, 0.2)
    for u in (-0.72, 0.8):
        s.fill(
            [(u - 0.06, s.top - 0.4), (u + 0.05, s.top - 0.4), (u + 0.075, 0.9), (u - 0.1, 0.9)],
            tone=(0.06, 0.1),
            near=True,
        )


def meadow(s: Setting) -> None:
    """Grass in front."""
    for _ in range(150):
        u, tall = s.between(s.left - 0.3, s.right + 0.3), s.between(0.05, 0.17)
        lean = s.between(-0.05, 0.05)
        s.fill([(u - 0.0035, 0.66), (u + lean, 0.44 - tall), (u + 0.0035, 0.66)], tone=(0.2, 0.06), near=True)


def river(s: Setting) -> None:
    """Water winding towards us between dark banks."""
    banks = [
        (-0.02, 0.0),
        (-0.12, 0.06),
        (0.04, 0.16),
        (-0.35, 0.34),
        (-0.3, 0.7),
        (0.75, 0.7),
        (0.4, 0.34),
        (0.22, 0.16),
        (0.02, 0.06),
        (0.03, 0.0),
    ]
    s.fill(banks, tone=(0.74, 0.3), soft=0.006)
    for _ in range(40):
        v = s.between(0.05, 0.5)
        u, wide = s.between(-0.12, 0.14) * (1 + v), s.between(0.02, 0.09)
        s.fill(box(u, v, u + wide, v + 0.003), tone=0.86, strength=0.35)


def below(s: Setting, tones: npt.NDArray[Any]) -> None:
    """Paint tones from the horizon down."""
    start = max(0, round((s.horizon - s.far.area.top) * s.far.density))
    s.far.tone[start:] = np.broadcast_to(tones, s.far.tone.shape)[start:]


def _wander(s: Setting, height: float, bumps: int) -> list[Point]:
    ends = np.linspace(s.left - 0.1, s.right + 0.1, bumps)
    return [(float(u), -height * s.between(0.35, 1.0)) for u in ends]
