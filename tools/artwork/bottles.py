"""Norra's two bottles, photographed and cut out, and the brand's logo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from artwork.canvas import Canvas, Colour, mix, ramp, rgb

SIZE = (800, 1000)
ALONE = (450, 900)
LINEN, PAPER, WARM = rgb("#d9d0c3"), rgb("#efe9df"), rgb("#fff6e6")

Look = dict[str, Any]

EMBER: Look = {
    "metal": rgb("#b5643c"),
    "deep": rgb("#4f2413"),
    "shine": rgb("#f7c7a4"),
    "cap": "walnut",
    "body": 620,
    "radius": 98,
}
FJORD: Look = {
    "metal": rgb("#1f6670"),
    "deep": rgb("#0a2b33"),
    "shine": rgb("#a9dadd"),
    "cap": "steel",
    "body": 640,
    "radius": 104,
}


def studio(seed: int, tint: Colour) -> Canvas:
    """A sweep of linen paper, light from a window at the left with the shadow of its bars."""
    c = Canvas(SIZE, LINEN, seed=seed)
    c.paint(c.down(0, 760), PAPER, 0.8)
    c.paint(c.down(760, 1000), mix(LINEN, tint, 0.16), 0.9)
    c.light(c.glow((120, 160), 900, 1.6), WARM, 0.4)
    bars = c.polygon([(250, -40), (430, -40), (830, 700), (830, 1040), (810, 1040)], soft=16)
    bars = np.maximum(bars, c.polygon([(470, -40), (640, -40), (860, 370), (860, 640)], soft=18))
    c.light(bars, WARM, 0.34)
    c.shade(c.across(520, 900) * c.down(1000, 0), mix(rgb("#b9ad9c"), tint, 0.2), 0.35)
    return c


def across_metal(u: np.ndarray, look: Look) -> np.ndarray:
    """Brushed, matte metal around a cylinder, u from -1 (left edge) to 1: window left, bounce right."""
    deep, metal, shine = (np.asarray(look[k], np.float32) for k in ("deep", "metal", "shine"))
    round_ = np.sqrt(np.clip(1 - u * u, 0, 1))
    tone = metal * (0.42 + 0.62 * ramp(round_, 0.0, 0.95))[..., None]
    tone = tone + (deep - tone) * (ramp(u, 0.1, 0.78) * 0.72)[..., None]
    window = np.exp(-(((u + 0.46) / 0.17) ** 2)) * 0.72
    strip = np.exp(-(((u + 0.80) / 0.05) ** 2)) * 0.28
    bounce = np.exp(-(((u - 0.88) / 0.07) ** 2)) * 0.34
    tone = tone + (shine - tone) * np.clip(window + strip + bounce, 0, 1)[..., None]
    return tone * (0.72 + 0.28 * ramp(1 - np.abs(u), 0, 0.09))[..., None]


def across_steel(u: np.ndarray) -> np.ndarray:
    base = 0.56 + 0.3 * np.sin(u * 2.6 - 1.9) + 0.42 * np.exp(-(((u + 0.5) / 0.12) ** 2))
    base -= 0.34 * np.exp(-(((u - 0.25) / 0.2) ** 2))
    return np.clip(base, 0.08, 0.98)[..., None] * np.asarray(rgb("#e9edee"), np.float32)


def across_walnut(u: np.ndarray, v: np.ndarray, grain: np.ndarray) -> np.ndarray:
    dark, mid, light = (np.asarray(rgb(t), np.float32) for t in ("#2b170d", "#6b4023", "#b07a48"))
    rings = 0.5 + 0.5 * np.sin(u * 22 + grain * 9 + v * 0.01)
    tone = mid + (light - mid) * (rings * 0.45)[..., None]
    tone = tone + (dark - tone) * ((grain > 0.58) * 0.25 + ramp(u, 0.0, 0.95) * 0.72)[..., None]
    tone = tone * (0.62 + 0.5 * np.sqrt(np.clip(1 - u * u, 0, 1)))[..., None]
    return tone + (1 - tone) * (np.exp(-(((u + 0.48) / 0.16) ** 2)) * 0.3)[..., None]


def bottle(c: Canvas, look: Look, *, axis: float, foot: float, ring: float = 16.0, grounded: bool = True) -> None:
    """One bottle standing on `foot`; `ring` is the height of the ellipses, more when seen from above."""
    body, radius = look["body"], look["radius"]
    top = foot - body
    neck_r, cap_r = radius * 0.57, radius * 0.60
    shoulder, neck = 120.0, 34.0
    cap = 112.0 if look["cap"] == "walnut" else 74.0

    if grounded:
        shadows(c, axis, foot, radius, ring)

    y = c.y
    rise = foot - y
    profile = np.where(
        rise < body - shoulder,
        radius,
        neck_r + (radius - neck_r) * np.sqrt(np.clip(1 - ((rise - (body - shoulder)) / shoulder) ** 2, 0, 1)),
    )
    profile = np.where(rise > body, neck_r, profile)
    heel = np.clip(rise / 26, 0, 1)
    profile = profile * (0.93 + 0.07 * np.sqrt(1 - (1 - heel) ** 2))
    u = (c.x - axis) / profile
    sag = ring * np.sqrt(np.clip(1 - u * u, 0, 1))
    soft = 1.2 / (radius * c.scale)
    inside = np.clip((1 - np.abs(u)) / soft, 0, 1)
    span = np.clip((foot + sag * 0.55 - y) * c.scale, 0, 1) * np.clip((y - (top - neck)) * c.scale, 0, 1)
    c.paint(inside * span, across_metal(np.clip(u, -1, 1), look))
    shoulder_light = np.exp(-(((rise - (body - 66)) / 34) ** 2)) * np.exp(-(((u + 0.38) / 0.3) ** 2))
    c.light(inside * span * shoulder_light, look["shine"], 0.45)
    brushed = (c.noise(1.4, 40) - 0.5) * 0.05
    c.rgb += brushed[..., None] * (inside * span)[..., None]
    c.shade(inside * span * c.down(foot - 80, foot + 20), look["deep"], 0.45)
    # A seam where the base begins, and the brand's mark in the metal.
    seam = np.exp(-(((y - sag * 0.5 - (foot - 62)) / 1.6) ** 2)) * inside * span
    c.shade(seam, look["deep"], 0.7)
    mark(c, look, axis, foot - body * 0.46, inside * span)

    # Collar of steel, then the cap.
    for low, high, r in ((top - neck, top - neck + 12, cap_r),):
        v = (c.x - axis) / r
        bow = ring * 0.6 * np.sqrt(np.clip(1 - v * v, 0, 1))
        band = np.clip((1 - np.abs(v)) / soft, 0, 1) * np.clip((y - low) * c.scale, 0, 1)
        band *= np.clip((high + bow - y) * c.scale, 0, 1)
        c.paint(band, across_steel(np.clip(v, -1, 1)))
    v = (c.x - axis) / cap_r
    bow = ring * 0.6 * np.sqrt(np.clip(1 - v * v, 0, 1))
    foot_cap, head_cap = top - neck, top - neck - cap
    lid = np.clip((1 - np.abs(v)) / soft, 0, 1) * np.clip((foot_cap + bow - y) * c.scale, 0, 1)
    lid *= np.clip((y - (head_cap - bow * (0.9 if ring > 20 else 0.3))) * c.scale, 0, 1)
    side = np.clip(v, -1, 1)
    if look["cap"] == "walnut":
        c.paint(lid, across_walnut(side, y, c.noise(26, 0.12)))
    else:
        c.paint(lid, across_steel(side))
    if ring > 20:
        face = c.ellipse((axis, head_cap), (cap_r - 1, ring * 0.56))
        tone = rgb("#8a5a33") if look["cap"] == "walnut" else rgb("#c9cfd1")
        c.paint(face, tone)
        c.light(face * c.across(axis + cap_r, axis - cap_r), WARM, 0.45)
        if look["cap"] == "walnut":
            for k in range(1, 6):
                year = c.ellipse((axis + 6, head_cap), (cap_r * k / 6, ring * 0.56 * k / 6))
                inner = c.ellipse((axis + 6, head_cap), (cap_r * k / 6 - 1.6, ring * 0.56 * k / 6 - 0.8))
                c.shade((year - inner).clip(0, 1) * face, rgb("#5a3519"), 0.5)
    else:
        c.light(lid * np.clip(1 - np.abs(y - head_cap) / 3, 0, 1), WARM, 0.5)
    if look["cap"] == "steel":
        loop = c.stroke(
            [
                (axis - 34, head_cap + 6),
                (axis - 36, head_cap - 52),
                (axis, head_cap - 74),
                (axis + 36, head_cap - 52),
                (axis + 34, head_cap + 6),
            ],
            13,
        )
        c.paint(loop, rgb("#7d8689"))
        c.paint(loop * c.across(axis + 30, axis - 40), rgb("#eef1f1"), 0.85)
        c.shade(loop * c.across(axis - 4, axis + 40), rgb("#4d5558"), 0.4)


def shadows(c: Canvas, axis: float, foot: float, radius: float, ring: float) -> None:
    """One long towards the right, one tight where it stands."""
    long = c.polygon(
        [
            (axis - radius * 0.7, foot),
            (axis + radius, foot - 6),
            (axis + radius * 4.2, foot - 116),
            (axis + radius * 3.4, foot - 190),
            (axis + radius * 0.4, foot - 26),
        ],
        soft=20,
    )
    c.shade(long, rgb("#8f8272"), 0.6)
    c.shade(c.ellipse((axis + 14, foot + 4), (radius * 1.14, ring * 0.9), 12), rgb("#43372d"), 0.75)
    c.shade(c.ellipse((axis + 2, foot + 2), (radius * 0.98, ring * 0.62), 4), rgb("#241c16"), 0.85)


def mark(c: Canvas, look: Look, axis: float, y: float, inside: np.ndarray) -> None:
    """The mountain and its reflection, pressed into the metal."""
    peak = c.polygon([(axis - 38, y), (axis - 10, y - 42), (axis + 4, y - 24), (axis + 14, y - 34), (axis + 38, y)])
    glass = c.polygon([(axis - 30, y + 9), (axis + 30, y + 9), (axis + 22, y + 15), (axis - 22, y + 15)])
    glass = np.maximum(
        glass, c.polygon([(axis - 17, y + 21), (axis + 17, y + 21), (axis + 9, y + 27), (axis - 9, y + 27)])
    )
    both = np.maximum(peak, glass) * inside
    c.light(both, look["shine"], 0.5)
    c.shade((both - np.roll(both, 2, axis=0)).clip(0, 1), look["deep"], 0.5)


def photograph(look: Look, seed: int) -> Canvas:
    c = studio(seed, look["metal"])
    bottle(c, look, axis=400, foot=876)
    return finish(c)


def front(c: Canvas, look: Look) -> None:
    bottle(c, look, axis=225, foot=870, grounded=False)


def above(c: Canvas, look: Look) -> None:
    """From above."""
    bottle(c, {**look, "body": look["body"] * 0.94}, axis=225, foot=864, ring=46, grounded=False)


def finish(c: Canvas) -> Canvas:
    c.vignette(0.18)
    c.grain(0.008, 1.2)
    return c


def logo(path: Path) -> None:
    """The mark alone, white on nothing: it goes on cards of any colour."""
    k = 4
    image = Image.new("LA", (480 * k, 360 * k), (255, 0))
    draw = ImageDraw.Draw(image)

    def fill(points: list[tuple[float, float]]) -> None:
        draw.polygon([(x * k, y * k) for x, y in points], fill=(255, 255))

    fill([(40, 220), (190, 30), (260, 122), (312, 70), (440, 220)])
    fill([(82, 246), (398, 246), (366, 268), (114, 268)])
    fill([(144, 288), (336, 288), (306, 308), (174, 308)])
    fill([(206, 328), (274, 328), (250, 344), (230, 344)])
    path.parent.mkdir(parents=True, exist_ok=True)
    image.reduce(k).save(path, optimize=True)
