"""Stand-ins for people: flat shapes under one light, built in heads (1 is from the crown to the chin)."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from storyreel.media.panel.color import Rgb, mix
from storyreel.media.panel.hair import draw_back_hair
from storyreel.media.panel.head import draw_head
from storyreel.media.panel.ink import Ink, faded, lit, mirrored, sunk
from storyreel.media.panel.look import Person
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.sheet import Point, oval, smooth

HALF_WIDTH = 1.5
"""Heads to each side of the middle that a figure is drawn in."""
_HEAD_ROOM = 0.66
"""The same for its head alone, hair and hats included."""
ABOVE = 0.42
"""Heads above the crown: room for hair and hats."""


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions, in heads."""

    tall: float
    shoulder: float
    waist: float
    hip: float

    def down(self, y: float) -> float:
        """Where a grown-up's height of `y` heads is on this body."""
        return y if y <= 1 else 1 + (y - 1) * (self.tall - 1) / 5.75


def build_of(person: Person) -> Build:
    if person.is_child:
        return Build(tall=4.9, shoulder=0.74, waist=0.56, hip=0.6)
    if person.is_female:
        return Build(tall=6.75, shoulder=0.84, waist=0.54, hip=0.74)
    return Build(tall=6.75, shoulder=1.0, waist=0.7, hip=0.7)


def draw_person(
    person: Person, palette: Palette, light: float, head: float, heads: float, most: float = 1e6
) -> Image.Image:
    """A figure from the crown down to `heads`, with a head of `head` pixels; the middle of the picture is its middle.

    One that is cut off before its feet goes down into the dark. Beyond `most` pixels of width nothing is drawn.
    """
    build = build_of(person)
    is_whole = heads >= build.tall
    shown = build.tall + 0.06 if is_whole else heads
    half = max(_HEAD_ROOM, min(HALF_WIDTH, most / head / 2))
    body = Ink(-half, -ABOVE, half, shown, head)
    if is_whole or shown > build.down(3.3):
        _legs(body, person, build)
    draw_back_hair(body, person)
    _neck(body, person, palette, light)
    _arms(body, person, build)
    _torso(body, person, build)
    picture = lit(body.picture(), palette, light, head)
    top = Ink(-_HEAD_ROOM, -ABOVE, _HEAD_ROOM, 1.4, head)
    draw_head(top, person, palette, light)
    face = lit(top.picture(), palette, light, head, shade=0.0)
    face = face.crop((0, 0, face.width, min(face.height, picture.height)))
    picture.alpha_composite(face, ((picture.width - face.width) // 2, 0))
    if is_whole:
        return sunk(picture, palette.night, 0.3, 1.15, 0.55)
    return faded(sunk(picture, palette.night, 0.34, 1.0, 0.8), 0.86, 1.0)


def _neck(ink: Ink, person: Person, palette: Palette, light: float) -> None:
    wide = 0.15 if person.is_child or person.is_female else 0.2
    dark = mix(person.skin, palette.deep, 0.5)
    ink.fill(
        smooth([(-wide, 0.7), (wide, 0.7), (wide, 1.08), (wide + 0.22, 1.4), (-wide - 0.22, 1.4), (-wide, 1.08)]),
        person.skin,
    )
    side = -1 if light > 0 else 1
    ink.fill(
        [
            (-wide, 0.7),
            (wide, 0.7),
            (wide * 0.9, 1.02),
            (side * wide * 0.2, 1.16),
            (side * (wide + 0.2), 1.4),
            (side * wide * 1.1, 1.0),
        ],
        dark,
    )


def _torso(ink: Ink, person: Person, build: Build) -> None:
    cloth, d = person.garment_color, build.down
    hem = {"coat": 5.05, "dress": 5.2, "shirt": 3.62}[person.garment]
    flare = {"coat": 1.12, "dress": 1.25, "shirt": 1.0}[person.garment]
    s, neck = build.shoulder, 0.17
    half: list[Point] = [
        (neck, d(1.12)), (s * 0.34, d(1.27)), (s * 0.66, d(1.36)), (s * 0.88, d(1.5)), (s * 0.86, d(1.9)),
        (build.waist + 0.08, d(2.45)), (build.waist, d(2.85)), (build.hip, d(3.4)), (build.hip * flare, d(hem)),
    ]  # fmt: skip
    ink.fill(mirrored(smooth(half, is_closed=False, steps=6)), cloth)
    dark, pale = mix(cloth, (8, 8, 14), 0.42), mix(cloth, (255, 246, 230), 0.16)
    if person.garment == "dress":
        ink.fill(smooth([(-0.2, d(1.14)), (0, d(1.46)), (0.2, d(1.14))], steps=6), person.skin)
        ink.line([(-build.waist, d(2.86)), (0, d(2.92)), (build.waist, d(2.86))], dark, 0.05)
        return
    # A shirt shows between the lapels; the lapels catch the light.
    ink.fill([(-0.2, d(1.12)), (0.2, d(1.12)), (0.03, d(1.78)), (-0.03, d(1.78))], mix(cloth, (236, 230, 220), 0.55))
    ink.fill([(-0.1, d(1.12)), (0.1, d(1.12)), (0.0, d(1.36))], person.skin)
    for side in (-1, 1):
        lapel = [
            (side * 0.2, d(1.1)),
            (side * 0.36, d(1.3)),
            (side * 0.3, d(1.52)),
            (side * 0.03, d(1.86)),
            (side * 0.02, d(1.74)),
        ]
        ink.fill(lapel, pale)
        if person.garment == "coat":
            ink.fill(
                smooth(
                    [
                        (side * 0.16, d(0.98)),
                        (side * 0.3, d(1.06)),
                        (side * 0.42, d(1.3)),
                        (side * 0.3, d(1.42)),
                        (side * 0.18, d(1.2)),
                    ],
                    steps=5,
                ),
                mix(cloth, dark, 0.4),
            )
    ink.line([(0.02, d(1.84)), (0.035, d(hem - 0.05))], dark, 0.025)
    for number in range(4 if person.garment == "coat" else 3):
        ink.fill(oval((0.1, d(2.05 + number * 0.46)), 0.032, 0.032, steps=14), dark)
    if person.garment == "coat":
        for side in (-1, 1):
            ink.line([(side * 0.34, d(3.2)), (side * 0.6, d(3.12))], dark, 0.035)


def _arms(ink: Ink, person: Person, build: Build) -> None:
    d, s = build.down, build.shoulder
    sleeve = mix(person.garment_color, (8, 8, 14), 0.16)
    for side in (-1, 1):
        bend = 0.05 if side > 0 else 0.0
        hand = oval((side * (s + 0.0 + bend), d(3.74)), 0.095, 0.15 * (d(2) - 1), steps=20)
        ink.fill(hand, mix(person.skin, (20, 16, 20), 0.15))
        outer = [
            (s * 0.6, d(1.345)),
            (s * 0.84, d(1.42)),
            (s + 0.03, d(1.74)),
            (s + 0.1 + bend, d(2.6)),
            (s + 0.1 + bend, d(3.2)),
            (s + 0.09 + bend, d(3.64)),
        ]
        inner = [(s - 0.12 + bend, d(3.64)), (s - 0.13 + bend, d(3.1)), (s - 0.16, d(2.4)), (s - 0.3, d(1.7))]
        sleeve_line = [*smooth(outer, is_closed=False, steps=6), *smooth(inner, is_closed=False, steps=6)]
        ink.fill([(side * x, y) for x, y in sleeve_line], sleeve)


def _legs(ink: Ink, person: Person, build: Build) -> None:
    d = build.down
    is_bare = person.garment == "dress"
    cloth: Rgb = person.skin if is_bare else mix(person.garment_color, (14, 14, 20), 0.72)
    shoe = (26, 24, 28)
    thick = 0.24 if is_bare else 0.36
    for side in (-1, 1):
        knee = side * (build.hip * 0.5)
        leg = [
            (side * 0.02, d(3.4)), (side * (0.06 + thick * 1.1), d(3.4)), (knee + side * thick * 0.42, d(5.0)),
            (knee + side * thick * 0.36, d(6.55)), (knee - side * thick * 0.3, d(6.55)),
            (knee - side * thick * 0.4, d(5.0)),
        ]  # fmt: skip
        ink.fill(leg, cloth)
        foot = [
            (knee - side * 0.13, d(6.42)),
            (knee + side * 0.13, d(6.42)),
            (knee + side * 0.27, d(6.68)),
            (knee + side * 0.26, d(6.75)),
            (knee - side * 0.14, d(6.75)),
        ]
        ink.fill(foot, shoe)
