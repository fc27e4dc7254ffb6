"""Rooms of glass above the sea: the lamp room of a lighthouse, the bridge of a ship."""

from __future__ import annotations

import math

from storyreel.media.panel import outdoors
from storyreel.media.panel.setting import FLOOR, LIT, Setting
from storyreel.media.panel.sheet import box, oval


def lantern_room(s: Setting) -> None:
    """The lamp room of a lighthouse: the great lens in a cage of glass, night and sea outside."""
    outdoors.sky(s)
    outdoors.sea(s)
    s.far.tone *= 0.72
    for number in range(-9, 10):
        for lean in (-1, 1):
            u = number * 0.27
            s.fill(
                [
                    (u - 0.006, FLOOR + 0.01),
                    (u + 0.006, FLOOR + 0.01),
                    (u + lean * 0.5 + 0.006, s.top - 0.1),
                    (u + lean * 0.5 - 0.006, s.top - 0.1),
                ],
                tone=0.11,
            )
    s.fill(box(s.left, FLOOR, s.right, s.bottom + 0.1), tone=(0.22, 0.07))
    s.fill(box(s.left, FLOOR - 0.002, s.right, FLOOR + 0.004), tone=0.6, strength=0.7)
    u, v = s.light * 0.62, -0.2
    s.fill([(u - 0.06, v + 0.24), (u + 0.06, v + 0.24), (u + 0.1, 0.12), (u - 0.1, 0.12)], tone=(0.16, 0.1))
    s.glow(u, v, 0.26, 0.26)
    s.fill(box(u - 0.17, v + 0.235, u + 0.17, v + 0.265), box(u - 0.15, v - 0.265, u + 0.15, v - 0.24), tone=0.13)
    for half, tall, tone in ((0.15, 0.24, 0.6), (0.115, 0.24, 0.76), (0.07, 0.24, 0.95)):
        s.fill(oval((u, v), half, tall), tone=tone, strength=0.6)
    for ring in range(-5, 6):
        at = v + ring * 0.042
        half = 0.15 * math.sqrt(max(0.0, 1 - (ring * 0.042 / 0.24) ** 2))
        s.fill(box(u - half, at - 0.003, u + half, at + 0.003), tone=0.3, strength=0.55)
        s.fill(box(u - half, at + 0.003, u + half, at + 0.0065), tone=1.1, strength=0.5)
    s.fill(oval((u, v), 0.022, 0.04), tone=LIT)
    s.glow(u, v, 0.08, 0.4)


def wheelhouse(s: Setting) -> None:
    """The bridge of a ship: a row of windows on the sea, a wheel before them."""
    outdoors.sky(s)
    outdoors.sea(s)
    sill = -0.03
    s.fill(box(s.left, sill, s.right, FLOOR + 0.01), tone=(0.22, 0.14))
    s.fill(box(s.left, FLOOR, s.right, s.bottom + 0.1), tone=(0.2, 0.06))
    s.fill(box(s.left, s.top - 0.1, s.right, -0.34), tone=(0.07, 0.16))
    s.fill(
        box(s.left, sill - 0.004, s.right, sill + 0.006), box(s.left, -0.347, s.right, -0.34), tone=0.56, strength=0.7
    )
    u = math.floor(s.left / 0.34) * 0.34 + 0.1
    while u < s.right + 0.3:
        s.fill([(u - 0.02, -0.35), (u + 0.02, -0.35), (u + 0.026, sill), (u - 0.026, sill)], tone=(0.1, 0.18))
        s.fill(box(u + 0.018, -0.34, u + 0.022, sill), tone=0.7, strength=0.5)
        u += 0.34
    _wheel(s, s.light * 0.72, -0.05)
    u = -s.light * 1.2
    s.fill(box(u - 0.03, -0.06, u + 0.03, 0.12), tone=(0.24, 0.1))
    s.fill(oval((u, -0.075), 0.055, 0.04), tone=0.3)
    s.fill(oval((u, -0.08), 0.04, 0.026), tone=0.95)
    s.glow(u, -0.08, 0.06, 0.16)


def _wheel(s: Setting, u: float, v: float) -> None:
    """A ship's wheel on its stand."""
    s.fill([(u - 0.03, v), (u + 0.03, v), (u + 0.05, 0.13), (u - 0.05, 0.13)], tone=0.09)
    for number in range(4):
        angle = math.pi * (number + 0.5) / 4
        x, y = 0.2 * math.cos(angle), 0.2 * math.sin(angle)
        side = (-0.007 * math.sin(angle), 0.007 * math.cos(angle))
        s.fill(
            [
                (u - x - side[0], v - y - side[1]),
                (u + x - side[0], v + y - side[1]),
                (u + x + side[0], v + y + side[1]),
                (u - x + side[0], v - y + side[1]),
            ],
            tone=0.11,
        )
    ring = oval((u, v), 0.15, 0.15, steps=60)
    s.fill(
        [*ring, ring[0], *(reversed([*oval((u, v), 0.128, 0.128, steps=60), oval((u, v), 0.128, 0.128, steps=60)[0]]))],
        tone=0.13,
    )
    s.fill(oval((u, v), 0.03, 0.03), tone=0.3)
