"""Sets with a roof: a wall, a floor, and one light that finds its way in."""

from __future__ import annotations

import math

import numpy as np

from storyreel.media.panel.setting import FLOOR, LIT, Setting
from storyreel.media.panel.sheet import Point, box, noise, oval


def room(s: Setting) -> None:
    """A wall with a tall window and the light that it throws."""
    walls(s)
    u, sill = s.light * 1.05, -0.1
    _window(s, u, -0.48, 0.13, sill)
    lean = -math.copysign(0.62, s.light)
    s.fill(
        [(u - 0.13, -0.48), (u + 0.13, sill), (u + 0.13 + lean, 0.62), (u - 0.13 + lean, 0.5)],
        tone=0.9,
        strength=0.1,
        soft=0.02,
    )
    for left, right in ((-0.12, -0.01), (0.01, 0.12)):
        patch = [
            (u + left + lean * 0.5, 0.11),
            (u + right + lean * 0.5, 0.11),
            (u + right + lean * 0.8, 0.25),
            (u + left + lean * 0.8, 0.25),
        ]
        s.fill(patch, tone=0.8, strength=0.3, soft=0.006)
    other = -s.light * 1.1
    s.fill(box(other - 0.1, -0.4, other + 0.1, -0.18), tone=0.2)
    s.fill(box(other - 0.09, -0.39, other + 0.09, -0.19), tone=(0.42, 0.36))


def walls(s: Setting) -> None:
    """A plain wall, a skirting, a floor of boards."""
    s.far.tone[...] = 0.27 - 0.1 * np.clip((s.horizon - s.far.rows()) / s.unit, -0.2, 1)
    s.far.tone += noise(s.far.tone.shape, s.random, (5, 7, 0.02))
    s.glow(s.light * 0.6, -0.12, 0.34, 0.3, squash=1.4)
    floor = FLOOR
    s.fill(box(s.left, floor, s.right, s.bottom + 0.1), tone=(0.34, 0.08))
    s.fill(box(s.left, floor - 0.035, s.right, floor), tone=0.2, strength=0.8)
    s.fill(box(s.left, floor - 0.037, s.right, floor - 0.034), tone=0.5, strength=0.4)
    for number in range(-14, 15):
        u = number * 0.16
        s.fill([(u, floor), (u + 0.002, floor), (u * 3.2 + 0.008, 1.4), (u * 3.2, 1.4)], tone=0.08, strength=0.5)
    s.glow(s.light * 0.4, 0.17, 0.1, 0.16, squash=3)


def _window(s: Setting, u: float, top: float, half: float, sill: float) -> None:
    s.fill(box(u - half - 0.02, top - 0.02, u + half + 0.02, sill + 0.02), tone=0.15)
    s.fill(box(u - half, top, u + half, sill), tone=(0.8, 0.96))
    high = (sill - top) / 3
    bars = [box(u - 0.005, top, u + 0.005, sill)] + [
        box(u - half, top + high * n - 0.004, u + half, top + high * n + 0.004) for n in (1, 2)
    ]
    s.fill(*bars, tone=0.17)
    s.fill(box(u - half - 0.035, sill + 0.015, u + half + 0.035, sill + 0.035), tone=0.36)
    s.glow(u, (top + sill) / 2, 0.16, 0.16)


def kitchen(s: Setting) -> None:
    """A wall of tiles, a shelf with jars, a lamp over the table in front."""
    walls(s)
    for number in range(6):
        s.fill(box(s.left, -0.23 + number * 0.045, s.right, -0.2285 + number * 0.045), tone=0.14, strength=0.35)
    for number in range(-24, 25):
        s.fill(box(number * 0.07, -0.23, number * 0.07 + 0.0015, 0.0), tone=0.14, strength=0.35)
    s.fill(box(s.left, 0.0, s.right, FLOOR), tone=(0.2, 0.16))
    s.fill(box(s.left, -0.012, s.right, 0.0), tone=0.42)
    for v in (-0.29, -0.43):
        s.fill(box(s.left * 0.9, v, s.right * 0.9, v + 0.014), tone=0.15)
        u = s.left * 0.88
        while u < s.right * 0.86:
            wide, tall = s.between(0.014, 0.03), s.between(0.04, 0.085)
            if abs(u) > 0.07:
                s.fill(_jar(u, v, wide, tall), tone=(s.between(0.3, 0.5), 0.2))
            u += wide * 2 + s.between(0.012, 0.07)
    _pendant(s, s.light * 0.4)
    s.fill(box(s.left - 0.4, 0.36, s.right + 0.4, 1.2), tone=(0.2, 0.06), near=True)
    s.fill(box(s.left - 0.4, 0.36, s.right + 0.4, 0.368), tone=0.56, near=True)


def _jar(u: float, foot: float, half: float, tall: float) -> list[Point]:
    side = ((1.0, 0.0), (1.0, 0.75), (0.6, 0.85), (0.6, 1.0))
    points = [*side, *((-across, up) for across, up in reversed(side))]
    return [(u + across * half, foot - up * tall) for across, up in points]


def _pendant(s: Setting, u: float) -> None:
    v = -0.36
    s.fill(box(u - 0.0018, s.top - 0.2, u + 0.0018, v), tone=0.08)
    s.fill([(u - 0.075, v + 0.06), (u - 0.028, v), (u + 0.028, v), (u + 0.075, v + 0.06)], tone=(0.1, 0.2))
    s.fill(oval((u, v + 0.062), 0.03, 0.016, steps=24), tone=LIT)
    s.glow(u, v + 0.08, 0.1, 0.4)
    s.glow(u, v + 0.25, 0.3, 0.16)
    s.fill(
        [(u - 0.07, v + 0.06), (u + 0.07, v + 0.06), (u + 0.42, 0.6), (u - 0.42, 0.6)],
        tone=0.92,
        strength=0.07,
        soft=0.02,
    )


def hall(s: Setting) -> None:
    """A long corridor: doors at both sides, light at its end."""
    walls(s)
    end, ceiling = 0.14, -0.2
    s.fill([(s.left, s.top), (-end, ceiling), (-end, 0.1), (s.left, s.bottom)], tone=0.2, strength=0.7)
    s.fill([(s.right, s.top), (end, ceiling), (end, 0.1), (s.right, s.bottom)], tone=0.26, strength=0.7)
    s.fill([(s.left, s.top), (-end, ceiling), (end, ceiling), (s.right, s.top)], tone=(0.1, 0.26))
    s.fill([(-end, 0.1), (end, 0.1), (s.right, s.bottom), (s.left, s.bottom)], tone=(0.56, 0.1))
    s.fill(box(-end, ceiling, end, 0.1), tone=(0.9, 0.97))
    for side in (-1, 1):
        for near, far in ((0.34, 0.24), (0.62, 0.45), (1.1, 0.82)):
            s.fill(
                [
                    (side * near, -near * 0.95),
                    (side * far, -far * 0.95),
                    (side * far, far * 0.68),
                    (side * near, near * 0.68),
                ],
                tone=(0.12, 0.16),
            )
            s.fill(
                [
                    (side * far, -far * 0.95),
                    (side * far * 1.01, -far * 0.95),
                    (side * far * 1.01, far * 0.68),
                    (side * far, far * 0.68),
                ],
                tone=0.6,
                strength=0.5,
            )
    s.glow(0, -0.05, 0.16, 0.3)


def stairs(s: Setting) -> None:
    """Stairs that wind up past a narrow window."""
    walls(s)
    up = -math.copysign(1, s.light)
    _arch(s, s.light * 1.1, -0.22)
    shaft = [(s.light * 1.1 - 0.05, -0.38), (s.light * 1.1 + 0.05, -0.22), (-s.light * 0.9, 0.5), (-s.light * 1.4, 0.3)]
    s.fill(shaft, tone=0.95, strength=0.13, soft=0.02)
    wide, high, start = 0.1, 0.06, -up * 0.2
    for number in range(14):
        u, v = start + up * number * wide, FLOOR - (number + 1) * high
        tread = [(u, v), (u + up * 3, v), (u + up * 3, FLOOR + 0.004), (u, FLOOR + 0.004)]
        s.fill(tread, tone=(0.34 - 0.012 * number, 0.16))
        s.fill(
            [(u - up * 0.006, v), (u + up * wide, v), (u + up * wide, v + 0.006), (u - up * 0.006, v + 0.006)],
            tone=0.74,
            strength=0.8,
        )
        s.fill(box(min(u, u + up * 0.003), v, max(u, u + up * 0.003), v + high), tone=0.1, strength=0.7)
    for number in range(0, 14, 2):
        u, v = start + up * (number * wide + 0.05), FLOOR - (number + 1) * high
        s.fill(box(u - 0.005, v - 0.19, u + 0.005, v), tone=0.09)
    ends = [(start - up * 0.06, FLOOR - 0.19), (start + up * 1.5, FLOOR - 0.21 - 1.5 * high / wide)]
    for shift, thick, tone in ((0.0, 0.02, 0.1), (0.0, 0.004, 0.66)):
        s.fill([*ends, (ends[1][0], ends[1][1] - shift + thick), (ends[0][0], ends[0][1] - shift + thick)], tone=tone)
    post = start - up * 0.06
    s.fill(box(post - 0.011, FLOOR - 0.21, post + 0.011, FLOOR + 0.005), tone=0.09)
    s.fill(oval((post, FLOOR - 0.215), 0.019, 0.019, steps=20), tone=0.12)


def _arch(s: Setting, u: float, sill: float) -> None:
    def outline(grow: float) -> list[Point]:
        half, top = 0.058 + grow, sill - 0.14
        curve = [(u + half * math.cos(a), top - half * 1.2 * math.sin(a)) for a in np.linspace(0, math.pi, 20)]
        return [(u + half, sill + grow), *curve, (u - half, sill + grow)]

    s.fill(outline(0.02), tone=0.14)
    s.fill(outline(0.0), tone=(0.88, 0.98))
    s.fill(box(u - 0.003, sill - 0.21, u + 0.003, sill), box(u - 0.058, sill - 0.12, u + 0.058, sill - 0.114), tone=0.2)
    s.glow(u, sill - 0.1, 0.12, 0.26)


def table(s: Setting) -> None:
    """The edge of a table in front."""
    s.fill(box(s.left - 0.5, 0.22, s.right + 0.5, 1.4), tone=(0.26, 0.05), near=True)
    s.fill(box(s.left - 0.5, 0.22, s.right + 0.5, 0.227), tone=0.62, near=True)


def studio(s: Setting) -> None:
    """A seamless backdrop under one lamp: nothing but the thing itself."""
    rows, columns = (s.far.rows() - s.horizon) / s.unit, (s.far.columns() - s.middle) / s.unit
    s.far.tone[...] = 0.24
    sweep = np.exp(-((columns - s.light * 0.25) ** 2) / 0.28 - (rows + 0.1) ** 2 / 0.12)
    floor = np.exp(-(columns**2) / 0.36 - (rows - 0.3) ** 2 / 0.028)
    s.far.tone += 0.44 * sweep + 0.3 * floor


def shelves(s: Setting) -> None:
    """Books to the ceiling."""
    walls(s)
    for row in range(5):
        v = 0.02 - row * 0.155
        u = s.left
        while u < s.right:
            wide, tall = s.between(0.008, 0.022), s.between(0.085, 0.125)
            s.fill(box(u, v - tall, u + wide, v), tone=(s.between(0.22, 0.44), 0.16))
            u += wide + 0.0015
        s.fill(box(s.left, v, s.right, v + 0.014), tone=0.12)
    for u in np.arange(math.floor(s.left / 0.5) * 0.5, s.right, 0.5):
        s.fill(box(float(u) - 0.01, s.top, float(u) + 0.01, FLOOR), tone=0.11)
    s.glow(s.light * 0.7, -0.1, 0.26, 0.22, squash=1.3)
