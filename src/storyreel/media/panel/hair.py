"""Hair of stand-ins, behind the head and over it. Units are heads, 0 is the crown, 1 the chin."""

from __future__ import annotations

from storyreel.media.panel.color import mix
from storyreel.media.panel.ink import Ink, mirrored
from storyreel.media.panel.look import Person
from storyreel.media.panel.sheet import Point, oval, smooth

_SKULL: tuple[Point, ...] = (
    (-0.372, 0.5),
    (-0.4, 0.24),
    (-0.29, 0.0),
    (0.0, -0.075),
    (0.29, 0.0),
    (0.4, 0.24),
    (0.372, 0.5),
)
_CURLS = (
    (-0.36, 0.3, 0.12), (-0.37, 0.12, 0.13), (-0.26, -0.02, 0.14), (-0.1, -0.08, 0.15), (0.08, -0.09, 0.15),
    (0.25, -0.02, 0.14), (0.37, 0.12, 0.13), (0.36, 0.3, 0.12), (-0.12, 0.1, 0.13), (0.12, 0.1, 0.13),
    (0.24, 0.16, 0.1), (-0.24, 0.16, 0.1),
)  # fmt: skip


def draw_back_hair(ink: Ink, person: Person) -> None:
    """The hair behind the neck; drawn before the body."""
    dark = mix(person.hair_color, (6, 6, 12), 0.4)
    if person.hat == "hood":
        return
    if person.hair == "long":
        half = [(0.0, -0.06), (0.3, 0.02), (0.46, 0.3), (0.5, 0.75), (0.58, 1.3), (0.52, 1.85), (0.3, 1.98), (0.0, 1.9)]
        ink.fill(smooth(mirrored(half), steps=6), dark)
    elif person.hair == "bob":
        half = [
            (0.0, -0.06),
            (0.32, 0.03),
            (0.47, 0.3),
            (0.5, 0.7),
            (0.46, 1.02),
            (0.46, 1.02),
            (0.2, 1.06),
            (0.0, 1.04),
        ]
        ink.fill(smooth(mirrored(half), steps=6), dark)


def draw_front_hair(ink: Ink, person: Person, side: float) -> None:
    """The hair over the brow; the light comes from `side`."""
    if person.hair == "bald" or person.hat == "hood":
        return
    if person.hair == "curly":
        for x, y, radius in _CURLS:
            ink.fill(oval((x, y), radius, radius, steps=24), person.hair_color)
        return
    if person.hair == "bun":
        ink.fill(oval((-side * 0.06, -0.17), 0.17, 0.15, steps=28), person.hair_color)
    for shape in _front(person, side):
        ink.fill(smooth(shape, steps=5), person.hair_color)
    _strands(ink, person, side)


def _front(person: Person, side: float) -> list[list[Point]]:
    if person.hair == "cropped":
        brow = [(0.33, 0.36), (0.27, 0.22), (0.1, 0.185), (-0.1, 0.185), (-0.27, 0.22), (-0.33, 0.36)]
        return [[*_SKULL, *brow]]
    if person.hair == "bun":
        return [[*_SKULL, (0.335, 0.4), (0.28, 0.2), (side * 0.08, 0.11), (-0.28, 0.2), (-0.335, 0.4)]]
    if person.hair in ("long", "bob"):
        low = 0.98 if person.hair == "bob" else 1.35
        lock = [
            (0.02, -0.07),
            (0.32, 0.0),
            (0.46, 0.3),
            (0.49, 0.7),
            (0.47, low),
            (0.47, low),
            (0.36, low - 0.02),
            (0.34, 0.62),
            (0.3, 0.36),
            (0.16, 0.17),
        ]
        crown = [
            (-0.36, 0.3),
            (-0.34, 0.06),
            (0.0, -0.085),
            (0.34, 0.06),
            (0.36, 0.3),
            (0.22, 0.2),
            (side * 0.1, 0.13),
            (-0.22, 0.2),
        ]
        return [lock, [(-x, y) for x, y in lock], crown]
    sweep = [(0.33, 0.34), (0.3, 0.2), (0.12, 0.14), (-0.16, 0.24), (-0.27, 0.22), (-0.335, 0.38)]
    crown = [(-0.372, 0.48), (-0.41, 0.22), (-0.3, -0.05), (-0.02, -0.13), (0.27, -0.07), (0.41, 0.16), (0.372, 0.48)]
    return [[(side * x, y) for x, y in [*crown, *sweep]]]


def _strands(ink: Ink, person: Person, side: float) -> None:
    """Lines that the comb left, lighter towards the light."""
    pale, dark = mix(person.hair_color, (255, 244, 226), 0.16), mix(person.hair_color, (8, 6, 10), 0.16)
    for number in range(11):
        share = number / 10
        x = -0.3 + 0.6 * share
        lift = -0.03 - 0.055 * (1 - (2 * share - 1) ** 2)
        strand = [(x * 0.86, lift + 0.04), (x, lift + 0.085), (x * 1.1, lift + 0.15 + 0.05 * abs(x))]
        ink.line(smooth(strand, is_closed=False, steps=6), pale if x * side > 0 else dark, 0.006)
