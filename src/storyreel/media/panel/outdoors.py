"""Sets under the sky: silhouettes in mist, one behind the other, against the light."""

from __future__ import annotations

import math

import numpy as np

from storyreel.media.panel.setting import Setting
from storyreel.media.panel.sheet import Point, box, noise, oval


def sky(s: Setting) -> None:
    """Dark above, light at the horizon, drawn clouds, and a glow where the light is."""
    sheet = s.far
    height = np.clip((s.horizon - sheet.rows()) / s.unit, 0, None)
    sheet.tone[...] = 0.2 + 0.5 * np.exp(-((height / 0.42) ** 1.15))
    sheet.tone += 0.03 * noise(sheet.tone.shape, (3, 2), s.random)
    clouds = noise(sheet.tone.shape, (7, 3), s.random) + 0.5 * noise(sheet.tone.shape, (16, 5), s.random)
    sheet.tone += 0.045 * clouds * np.clip(height * 3, 0, 1)
    s.glow(s.light, -0.03, 0.2, 0.24, squash=1.7)
    s.glow(s.light, -0.02, 0.5, 0.1, squash=1.5)


def daylight(s: Setting) -> None:
    """A higher, paler sky with the sun low in it."""
    height = np.clip((s.horizon - s.far.rows()) / s.unit, 0, None)
    s.far.tone += (0.16 * np.exp(-height * 0.9)).astype(np.float32)
    s.glow(s.light, -0.1, 0.06, 0.3)
    s.fill(oval((s.light, -0.1), 0.04, 0.04), tone=0.99, soft=0.003)


def moon(s: Setting) -> None:
    """A full moon and a few stars, for the places that speak of night."""
    v = max(s.top + 0.16, -0.44)
    for _ in range(46):
        u, up = s.between(s.left, s.right), s.between(s.top, -0.2)
        s.fill(oval((u, up), 0.0016, 0.0016, steps=8), tone=0.86, strength=s.between(0.2, 0.8))
    s.glow(s.light * 0.9, v, 0.11, 0.2)
    s.fill(oval((s.light * 0.9, v), 0.045, 0.045), tone=0.97, soft=0.002)


def land(s: Setting) -> None:
    """Open ground from the mist to the dark at our feet."""
    depth = np.clip((s.far.rows() - s.horizon) / s.unit, 0, None)
    ground = 0.54 * np.exp(-depth * 4.2) + 0.12
    grain = noise(s.far.tone.shape, (60, 9), s.random) * 0.035 * np.clip(depth * 6, 0, 1)
    _below(s, ground + grain)


def sea(s: Setting) -> None:
    """Water with a path of light on it."""
    depth = np.clip((s.far.rows() - s.horizon) / s.unit, 0, None)
    water = 0.46 * np.exp(-depth * 3.4) + 0.1
    shape = s.far.tone.shape
    ripples = noise(shape, (170, 34), s.random) * 0.7 + noise(shape, (70, 12), s.random) * 0.6
    spread = 0.045 + depth * 0.34
    path = np.exp(-((((s.far.columns() - s.at(s.light, 0)[0]) / s.unit) / spread) ** 2))
    sparkle = np.clip(ripples - 0.16, 0, 1) * path * np.exp(-depth * 1.1)
    _below(s, water + 0.045 * ripples * np.clip(depth * 9, 0.15, 1) + 0.75 * sparkle)
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


def lighthouse(s: Setting) -> None:
    """A tower on its rock, and its lamp."""
    u = -s.light * 0.95
    s.ridge([(u - 0.3, 0.02), (u - 0.16, -0.035), (u - 0.02, -0.07), (u + 0.12, -0.05), (u + 0.34, 0.02)], 0.03, (0.26, 0.36))
    beam = math.copysign(1, s.light)
    for width, strength in ((0.16, 0.1), (0.08, 0.14)):
        s.fill([(u, -0.435), (u + beam * 1.5, -0.5 - width), (u + beam * 1.5, -0.5 + width)], tone=0.9, strength=strength, soft=0.012)
    s.fill([(u - 0.034, -0.39), (u + 0.034, -0.39), (u + 0.052, -0.05), (u - 0.052, -0.05)], tone=(0.24, 0.34))
    s.fill([(u - 0.034, -0.39), (u - 0.008, -0.39), (u - 0.012, -0.05), (u - 0.052, -0.05)], tone=0.16, strength=0.5)
    for top in (-0.32, -0.2):
        s.fill([(u - 0.042, top), (u + 0.042, top), (u + 0.046, top + 0.05), (u - 0.046, top + 0.05)], tone=0.5, strength=0.35)
    s.fill(box(u - 0.05, -0.4, u + 0.05, -0.388), box(u - 0.022, -0.458, u + 0.022, -0.4), tone=0.14)
    s.fill(box(u - 0.018, -0.452, u + 0.018, -0.404), tone=0.98)
    s.fill([(u - 0.032, -0.456), (u, -0.505), (u + 0.032, -0.456)], tone=0.14)
    s.glow(u, -0.43, 0.05, 0.4)
    s.glow(u, -0.43, 0.16, 0.12)


def gallery(s: Setting) -> None:
    """The rail of a gallery, in front of everything."""
    top, u = 0.115, s.left - 0.3
    while u < s.right + 0.3:
        s.fill(box(u - 0.006, top, u + 0.006, s.bottom + 0.2), tone=0.06, near=True)
        s.fill(oval((u, top), 0.012, 0.012, steps=16), tone=0.08, near=True)
        u += 0.27
    for v, thick in ((top + 0.012, 0.009), (top + 0.13, 0.0045), (top + 0.24, 0.0045)):
        s.fill(box(s.left - 0.3, v - thick, s.right + 0.3, v + thick), tone=0.07, near=True)
    s.fill(box(s.left - 0.3, top + 0.002, s.right + 0.3, top + 0.0055), tone=0.52, near=True)


def ship(s: Setting) -> None:
    """Far out, a ship with one light."""
    u = s.light * 0.35
    s.fill([(u - 0.07, -0.014), (u + 0.075, -0.018), (u + 0.055, 0.004), (u - 0.055, 0.004)], tone=0.2)
    s.fill(box(u - 0.02, -0.04, u + 0.024, -0.012), box(u + 0.03, -0.075, u + 0.0325, -0.012), box(u - 0.045, -0.065, u - 0.043, -0.012), tone=0.2)
    s.fill(oval((u + 0.031, -0.076), 0.005, 0.005, steps=12), tone=0.97)
    s.glow(u + 0.031, -0.076, 0.02, 0.3)


def harbour(s: Setting) -> None:
    """A quay with masts and a crane."""
    side = -math.copysign(1, s.light)
    for number in range(7):
        u = side * (0.16 + number * 0.1 + s.between(-0.02, 0.02))
        tall = s.between(0.13, 0.26)
        s.fill(box(u - 0.0022, -tall, u + 0.0022, 0), [(u, -tall), (u + 0.045, -0.02), (u + 0.043, -0.02)], tone=(0.36, 0.24))
        s.fill([(u - 0.04, -0.02), (u + 0.05, -0.02), (u + 0.035, 0.012), (u - 0.03, 0.012)], tone=0.22)
    s.ridge([(side * 0.1, 0.015), (side * 0.5, 0.0), (side * 1.6, -0.01)], 0.03, 0.18)


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
    stones = noise(s.far.tone.shape, (90, 40), s.random) * 0.05
    _below(s, 0.36 * np.exp(-depth * 4) + 0.1 + (shine + stones) * np.clip(depth * 8, 0, 1))
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
        _lamp_post(s, side * 0.42 * size, size)


def _windows(s: Setting, side: int, reach: float, near: float, far: float, tall: float) -> None:
    for column in (0.25, 0.6):
        size = near + (far - near) * column
        for floor in (0.28, 0.55, 0.82):
            if s.between(0, 1) < 0.55:
                continue
            u, v = side * reach * size, -tall * 1.5 * size * floor
            wide, high = (near - far) * reach * 0.16, size * 0.1
            s.fill([(u - wide / 2, v), (u + wide / 2, v), (u + wide / 2, v + high), (u - wide / 2, v + high)], tone=0.93, strength=0.75)


def _lamp_post(s: Setting, u: float, size: float) -> None:
    top, foot = -0.36 * size, 0.14 * size
    s.fill(box(u - 0.006 * size, top, u + 0.006 * size, foot), tone=0.1)
    s.fill([(u - 0.022 * size, top), (u + 0.022 * size, top), (u + 0.015 * size, top + 0.05 * size), (u - 0.015 * size, top + 0.05 * size)], tone=0.98)
    s.fill([(u - 0.028 * size, top), (u, top - 0.022 * size), (u + 0.028 * size, top)], tone=0.1)
    s.glow(u, top + 0.025 * size, 0.07 * size, 0.3)
    s.glow(u, top + 0.025 * size, 0.2 * size, 0.1)


def forest(s: Setting) -> None:
    """Trunks in mist, branches above, a dark trunk or two close by."""
    for count, wide, tone in ((26, 0.012, (0.52, 0.62)), (16, 0.02, (0.38, 0.5)), (9, 0.036, (0.24, 0.32))):
        for _ in range(count):
            u, size = s.between(s.left, s.right), wide * s.between(0.7, 1.4)
            lean = s.between(-0.04, 0.04)
            s.fill([(u + lean - size * 0.7, s.top - 0.1), (u + lean + size * 0.7, s.top - 0.1), (u + size, 0.02), (u - size, 0.02)], tone=tone)
            if s.between(0, 1) < 0.6:
                v, side = s.between(s.top * 0.8, -0.15), 1 if s.between(0, 1) < 0.5 else -1
                s.fill([(u, v), (u + side * 0.13, v - 0.09), (u, v + size * 1.1)], tone=tone[0])
        s.ridge(_wander(s, 0.035 + wide, 14), 0.04, tone[1])
    s.glow(s.light, -0.22, 0.24, 0.2)
    for u in (-0.72, 0.8):
        s.fill([(u - 0.06, s.top - 0.4), (u + 0.05, s.top - 0.4), (u + 0.075, 0.9), (u - 0.1, 0.9)], tone=(0.06, 0.1), near=True)


def meadow(s: Setting) -> None:
    """Grass in front."""
    for _ in range(150):
        u, tall = s.between(s.left - 0.3, s.right + 0.3), s.between(0.05, 0.17)
        lean = s.between(-0.05, 0.05)
        s.fill([(u - 0.0035, 0.66), (u + lean, 0.44 - tall), (u + 0.0035, 0.66)], tone=(0.2, 0.06), near=True)


def river(s: Setting) -> None:
    """Water winding towards us between dark banks."""
    banks = [(-0.02, 0.0), (-0.12, 0.06), (0.04, 0.16), (-0.35, 0.34), (-0.3, 0.7), (0.75, 0.7), (0.4, 0.34), (0.22, 0.16), (0.02, 0.06), (0.03, 0.0)]
    s.fill(banks, tone=(0.74, 0.3), soft=0.006)
    for _ in range(40):
        v = s.between(0.05, 0.5)
        u, wide = s.between(-0.12, 0.14) * (1 + v), s.between(0.02, 0.09)
        s.fill(box(u, v, u + wide, v + 0.003), tone=0.86, strength=0.35)


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
        s.fill([(u - wide, 0.62), (u - wide * 0.6, 0.3), (u + wide * 0.6, 0.3), (u + wide, 0.62)], tone=(0.14, 0.06), near=True)
        s.fill(box(u - 0.05, 0.17, u + 0.03, 0.34), box(u - 0.06, 0.155, u + 0.04, 0.18), tone=0.08, near=True)


def platform(s: Setting) -> None:
    """A stop: rails and wires running away, a shelter close by with its light on."""
    for u in (-0.1, 0.06):
        s.fill([(u * 0.1, 0.0), (u * 0.1 + 0.002, 0.0), (u * 7 + 0.05, 0.7), (u * 7, 0.7)], tone=0.66, strength=0.5)
    for u, tall in ((-0.3, 0.46), (-0.13, 0.22), (-0.06, 0.11)):
        s.fill(box(u - tall * 0.008, -tall, u + tall * 0.008, tall * 0.3), tone=0.16)
        s.fill(box(u, -tall, u + tall * 0.42, -tall + tall * 0.014), tone=0.16)
    for lift in (0.455, 0.435):
        s.fill([(-0.02, -0.03), (-0.02, -0.032), (-1.6, -lift * 4.4), (-1.6, -lift * 4.4 + 0.012)], tone=0.14, strength=0.8)
    left, right, roof, foot = 0.3, 0.86, -0.26, 0.12
    s.fill(box(left, roof, right, foot), tone=(0.62, 0.5), strength=0.4)
    s.glow((left + right) / 2, roof + 0.06, 0.16, 0.2, squash=1.3)
    s.fill(box(left - 0.05, roof - 0.03, right + 0.05, roof), tone=0.13)
    s.fill(box(left - 0.05, roof, right + 0.05, roof + 0.006), tone=0.9)
    for u in (left, (left + right) / 2, right):
        s.fill(box(u - 0.006, roof, u + 0.006, foot + 0.02), tone=0.13)
    s.fill(box(left + 0.05, 0.02, right - 0.05, 0.035), box(left + 0.1, 0.035, left + 0.112, foot), tone=0.12)
    s.fill(box(right - 0.112, 0.035, right - 0.1, foot), tone=0.12)


def _below(s: Setting, tones: np.ndarray) -> None:  # type: ignore[type-arg]
    start = max(0, round((s.horizon - s.far.area.top) * s.far.density))
    s.far.tone[start:] = np.broadcast_to(tones, s.far.tone.shape)[start:]


def _wander(s: Setting, height: float, bumps: int) -> list[Point]:
    ends = np.linspace(s.left - 0.1, s.right + 0.1, bumps)
    return [(float(u), -height * s.between(0.35, 1.0)) for u in ends]
