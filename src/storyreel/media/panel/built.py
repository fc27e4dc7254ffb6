"""Sets that people built under the sky: towns and stops, harbours, bridges, lights."""

from __future__ import annotations

import math

import numpy as np

from storyreel.media.panel.outdoors import below
from storyreel.media.panel.setting import LIT, Setting
from storyreel.media.panel.sheet import box, noise, oval


def lighthouse(s: Setting) -> None:
    """A tower on its rock, and its lamp."""
    u = -s.light * 0.95
    s.ridge(
        [(u - 0.3, 0.02), (u - 0.16, -0.035), (u - 0.02, -0.07), (u + 0.12, -0.05), (u + 0.34, 0.02)],
        0.03,
        (0.26, 0.36),
    )
    beam = math.copysign(1, s.light)
    for width, strength in ((0.16, 0.1), (0.08, 0.14)):
        s.fill(
            [(u, -0.435), (u + beam * 1.5, -0.5 - width), (u + beam * 1.5, -0.5 + width)],
            tone=0.9,
            strength=strength,
            soft=0.012,
        )
    s.fill([(u - 0.034, -0.39), (u + 0.034, -0.39), (u + 0.052, -0.05), (u - 0.052, -0.05)], tone=(0.24, 0.34))
    s.fill([(u - 0.034, -0.39), (u - 0.008, -0.39), (u - 0.012, -0.05), (u - 0.052, -0.05)], tone=0.16, strength=0.5)
    for top in (-0.32, -0.2):
        s.fill(
            [(u - 0.042, top), (u + 0.042, top), (u + 0.046, top + 0.05), (u - 0.046, top + 0.05)],
            tone=0.5,
            strength=0.35,
        )
    s.fill(box(u - 0.05, -0.4, u + 0.05, -0.388), box(u - 0.022, -0.458, u + 0.022, -0.4), tone=0.14)
    s.fill(box(u - 0.018, -0.452, u + 0.018, -0.404), tone=LIT)
    s.fill([(u - 0.032, -0.456), (u, -0.505), (u + 0.032, -0.456)], tone=0.14)
    s.glow(u, -0.43, 0.05, 0.4)
    s.glow(u, -0.43, 0.16, 0.12)


def gallery(s: Setting) -> None:
    """An iron deck with its rail, the open behind it."""
    deck, top = 0.055, -0.135
    s.fill(box(s.left, deck, s.right, s.bottom + 0.2), tone=(0.2, 0.06))
    s.fill(box(s.left, deck - 0.001, s.right, deck + 0.004), tone=0.5, strength=0.7)
    for number in range(-16, 17):
        s.fill(
            [(number * 0.13, deck), (number * 0.13 + 0.0025, deck), (number * 0.42 + 0.01, 1.2), (number * 0.42, 1.2)],
            tone=0.05,
            strength=0.6,
        )
    u = math.floor(s.left / 0.3) * 0.3 - 0.08
    while u < s.right + 0.3:
        s.fill(box(u - 0.006, top, u + 0.006, deck + 0.01), tone=0.09)
        s.fill(oval((u, top - 0.003), 0.011, 0.011, steps=16), tone=0.09)
        s.fill(box(u + 0.0035, top, u + 0.0055, deck), tone=0.55, strength=0.5)
        u += 0.3
    for v, thick in ((top + 0.005, 0.006), (top + 0.07, 0.0025), (top + 0.14, 0.0025)):
        s.fill(box(s.left - 0.3, v - thick, s.right + 0.3, v + thick), tone=0.08)
    s.fill(box(s.left - 0.3, top - 0.002, s.right + 0.3, top + 0.001), tone=0.62, strength=0.9)


def ship(s: Setting) -> None:
    """Far out, a ship with one light."""
    u = -s.light * 0.5
    s.fill([(u - 0.07, -0.014), (u + 0.075, -0.018), (u + 0.055, 0.004), (u - 0.055, 0.004)], tone=0.2)
    s.fill(
        box(u - 0.02, -0.04, u + 0.024, -0.012),
        box(u + 0.03, -0.075, u + 0.0325, -0.012),
        box(u - 0.045, -0.065, u - 0.043, -0.012),
        tone=0.2,
    )
    s.fill(oval((u + 0.031, -0.076), 0.005, 0.005, steps=12), tone=LIT)
    s.glow(u + 0.031, -0.076, 0.014, 0.25)


def harbour(s: Setting) -> None:
    """A quay with masts and a crane."""
    side = -math.copysign(1, s.light)
    for number in range(7):
        u = side * (0.16 + number * 0.1 + s.between(-0.02, 0.02))
        tall = s.between(0.13, 0.26)
        s.fill(
            box(u - 0.0022, -tall, u + 0.0022, 0),
            [(u, -tall), (u + 0.045, -0.02), (u + 0.043, -0.02)],
            tone=(0.36, 0.24),
        )
        s.fill([(u - 0.04, -0.02), (u + 0.05, -0.02), (u + 0.035, 0.012), (u - 0.03, 0.012)], tone=0.22)
    s.ridge([(side * 0.1, 0.015), (side * 0.5, 0.0), (side * 1.6, -0.01)], 0.03, 0.18)


def quay(s: Setting) -> None:
    """A stone edge over the water, with bollards."""
    s.fill(box(s.left, 0.05, s.right, s.bottom + 0.2), tone=(0.26, 0.07))
    s.fill(box(s.left, 0.048, s.right, 0.054), tone=0.6, strength=0.7)
    for number in range(-12, 13):
        s.fill(
            [(number * 0.22, 0.054), (number * 0.22 + 0.003, 0.054), (number * 0.75 + 0.01, 1.2), (number * 0.75, 1.2)],
            tone=0.1,
            strength=0.6,
        )
    for u in (-0.62, 0.5):
        s.fill(box(u - 0.016, 0.005, u + 0.016, 0.062), box(u - 0.024, -0.004, u + 0.024, 0.012), tone=0.1)


def skyline(s: Setting) -> None:
    """A town: blocks against the sky, with windows lit."""
    for height, tone, lit in ((0.32, (0.44, 0.58), 0), (0.24, (0.32, 0.46), 30), (0.15, (0.2, 0.3), 26)):
        u = s.left - 0.1
        blocks: list[tuple[float, float, float]] = []
        while u < s.right + 0.1:
            wide, tall = s.between(0.06, 0.13), height * s.between(0.5, 1.0)
            blocks.append((u, wide, tall))
            u += wide + s.between(-0.01, 0.02)
        s.fill(*(box(u, -tall, u + wide, 0.01) for u, wide, tall in blocks), tone=tone)
        roofs = [[(u, -tall), (u + wide / 2, -tall - wide * 0.4), (u + wide, -tall)] for u, wide, tall in blocks[::3]]
        s.fill(*roofs, tone=tone[0])
        for _ in range(lit):
            u, wide, tall = blocks[s.random.randint(len(blocks))]
            left, up = u + wide * s.between(0.15, 0.75), -tall * s.between(0.2, 0.9)
            s.fill(box(left, up, left + 0.009, up + 0.014), tone=0.95, strength=s.between(0.5, 1))


def street(s: Setting) -> None:
    """A street running to a vanishing point between houses, lamps along it, wet stones."""
    reach = max(abs(s.left), abs(s.right)) + 0.3
    depth = np.clip((s.far.rows() - s.horizon) / s.unit, 0, None)
    across = np.abs((s.far.columns() - s.middle) / s.unit)
    shine = np.exp(-((across / (0.03 + depth * 0.5)) ** 2)) * 0.24 * np.exp(-depth * 1.6)
    stones = noise(s.far.tone.shape, s.random, (90, 40, 0.05))
    below(s, 0.36 * np.exp(-depth * 4) + 0.1 + (shine + stones) * np.clip(depth * 8, 0, 1))
    s.glow(0, -0.05, 0.15, 0.24)
    for side in (-1, 1):
        near = 1.0
        for tone in ((0.16, 0.2), (0.24, 0.3), (0.32, 0.4), (0.4, 0.5), (0.46, 0.58)):
            far = near * 0.6
            tall = 0.62 + s.between(-0.08, 0.14)
            wall = [(side * reach * near, -tall * near * 1.5), (side * reach * far, -tall * far * 1.5)]
            s.fill([*wall, (side * reach * far, 0.2 * far), (side * reach * near, 0.2 * near)], tone=tone)
            _windows(s, side, reach, near, far, tall)
            near = far
    for side, size in ((-1, 1.0), (1, 0.62), (-1, 0.4), (1, 0.27)):
        _lamp_post(s, side * 0.62 * size, size)


def _windows(s: Setting, side: int, reach: float, near: float, far: float, tall: float) -> None:
    for column in (0.25, 0.6):
        size = near + (far - near) * column
        for floor in (0.28, 0.55, 0.82):
            if s.between(0, 1) < 0.55:
                continue
            u, v = side * reach * size, -tall * 1.5 * size * floor
            wide, high = (near - far) * reach * 0.16, size * 0.1
            s.fill(
                [(u - wide / 2, v), (u + wide / 2, v), (u + wide / 2, v + high), (u - wide / 2, v + high)],
                tone=0.93,
                strength=0.75,
            )


def _lamp_post(s: Setting, u: float, size: float) -> None:
    top, foot = -0.36 * size, 0.14 * size
    s.fill(box(u - 0.006 * size, top, u + 0.006 * size, foot), tone=0.1)
    s.fill(
        [
            (u - 0.022 * size, top),
            (u + 0.022 * size, top),
            (u + 0.015 * size, top + 0.05 * size),
            (u - 0.015 * size, top + 0.05 * size),
        ],
        tone=LIT,
    )
    s.fill([(u - 0.028 * size, top), (u, top - 0.022 * size), (u + 0.028 * size, top)], tone=0.1)
    s.glow(u, top + 0.025 * size, 0.07 * size, 0.3)
    s.glow(u, top + 0.025 * size, 0.2 * size, 0.1)


def bridge(s: Setting) -> None:
    """Arches across the middle distance."""
    s.fill(box(s.left, -0.14, s.right, -0.095), tone=(0.36, 0.32))
    u = math.floor(s.left / 0.3) * 0.3
    while u < s.right + 0.3:
        arch = [(u + 0.12 * math.cos(a), 0.03 - 0.15 * math.sin(a)) for a in np.linspace(0, math.pi, 20)]
        s.fill([(u - 0.15, -0.1), (u + 0.15, -0.1), (u + 0.15, 0.03), *arch, (u - 0.15, 0.03)], tone=(0.34, 0.46))
        u += 0.3
    s.fill(box(s.left, -0.165, s.right, -0.157), tone=0.3)


def roofs(s: Setting) -> None:
    """Roofs beneath an open sky, and chimneys close by."""
    skyline(s)
    for u, wide in ((-0.62, 0.3), (0.66, 0.36)):
        s.fill(
            [(u - wide, 0.62), (u - wide * 0.6, 0.3), (u + wide * 0.6, 0.3), (u + wide, 0.62)],
            tone=(0.14, 0.06),
            near=True,
        )
        s.fill(box(u - 0.05, 0.17, u + 0.03, 0.34), box(u - 0.06, 0.155, u + 0.04, 0.18), tone=0.08, near=True)


def platform(s: Setting) -> None:
    """A stop: rails and wires running away, a shelter close by with its light on."""
    for u in (-0.1, 0.06):
        s.fill([(u * 0.1, 0.0), (u * 0.1 + 0.002, 0.0), (u * 7 + 0.05, 0.7), (u * 7, 0.7)], tone=0.66, strength=0.5)
    for u, tall in ((-0.3, 0.46), (-0.13, 0.22), (-0.06, 0.11)):
        s.fill(box(u - tall * 0.008, -tall, u + tall * 0.008, tall * 0.3), tone=0.16)
        s.fill(box(u, -tall, u + tall * 0.42, -tall + tall * 0.014), tone=0.16)
    for lift in (0.455, 0.435):
        s.fill(
            [(-0.02, -0.03), (-0.02, -0.032), (-1.6, -lift * 4.4), (-1.6, -lift * 4.4 + 0.012)], tone=0.14, strength=0.8
        )
    left, right, roof, foot = 0.3, 0.86, -0.28, 0.075
    s.fill(box(left, roof, right, foot), tone=(0.62, 0.5), strength=0.4)
    s.glow((left + right) / 2, roof + 0.06, 0.16, 0.2, squash=1.3)
    s.fill(box(left - 0.05, roof - 0.03, right + 0.05, roof), tone=0.13)
    s.fill(box(left - 0.05, roof, right + 0.05, roof + 0.006), tone=0.9)
    for u in (left, (left + right) / 2, right):
        s.fill(box(u - 0.006, roof, u + 0.006, foot + 0.02), tone=0.13)
    s.fill(box(left + 0.05, 0.02, right - 0.05, 0.035), box(left + 0.1, 0.035, left + 0.112, foot), tone=0.12)
    s.fill(box(right - 0.112, 0.035, right - 0.1, foot), tone=0.12)
