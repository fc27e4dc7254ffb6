"""Heads of stand-ins: a face in two planes of light, hair, hats. Units are heads, 0 is the crown, 1 the chin."""

from __future__ import annotations

from storyreel.media.panel.color import Rgb, mix
from storyreel.media.panel.hair import draw_front_hair
from storyreel.media.panel.ink import Ink, mirrored
from storyreel.media.panel.look import Person
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.sheet import Point, oval, smooth


def draw_head(ink: Ink, person: Person, palette: Palette, light: float) -> None:
    """The face and what lies over it; the light comes from the side of `light`."""
    side = 1.0 if light > 0 else -1.0
    jaw = _jaw(person)
    outline = smooth(mirrored(jaw), steps=8)
    dark = mix(mix(person.skin, (30, 14, 16), 0.42), palette.deep, 0.24)
    line = mix(mix(person.skin, palette.night, 0.72), (30, 16, 16), 0.35)
    ink.fill(oval((side * 0.36, 0.54), 0.055, 0.1, steps=20), mix(person.skin, dark, 0.35))
    ink.fill(outline, person.skin)
    _shadow(ink, jaw, side, dark)
    _features(ink, person, side, line, dark)
    if person.has_beard:
        _beard(ink, person, jaw)
    draw_front_hair(ink, person, side)
    _hat(ink, person, side)


def _jaw(person: Person) -> list[Point]:
    """The right half of the face, from the crown to the chin."""
    if person.is_child:
        return [
            (0.0, 0.02),
            (0.21, 0.06),
            (0.34, 0.22),
            (0.372, 0.45),
            (0.362, 0.66),
            (0.27, 0.87),
            (0.11, 0.985),
            (0.0, 1.0),
        ]
    if person.is_female:
        return [
            (0.0, 0.02),
            (0.2, 0.06),
            (0.325, 0.22),
            (0.352, 0.44),
            (0.33, 0.64),
            (0.23, 0.85),
            (0.09, 0.98),
            (0.0, 1.0),
        ]
    return [
        (0.0, 0.02),
        (0.2, 0.05),
        (0.335, 0.2),
        (0.362, 0.44),
        (0.352, 0.66),
        (0.285, 0.84),
        (0.14, 0.98),
        (0.0, 1.0),
    ]


def _shadow(ink: Ink, jaw: list[Point], side: float, dark: Rgb) -> None:
    """The half of the face that the light does not reach: its edge runs down the brow, the nose, the lips."""
    ridge: list[Point] = [
        (0.02, 0.04), (0.1, 0.2), (0.09, 0.34), (0.025, 0.42), (0.02, 0.46), (0.075, 0.58), (0.115, 0.655),
        (0.085, 0.685), (0.02, 0.695), (0.035, 0.74), (0.07, 0.775), (0.045, 0.79), (0.07, 0.825), (0.03, 0.855),
        (0.06, 0.92), (0.05, 0.995),
    ]  # fmt: skip
    edge = smooth([(side * x, y) for x, y in ridge], is_closed=False, steps=5)
    far = smooth([(-side * x, y) for x, y in jaw], is_closed=False, steps=8)
    ink.fill([*edge, *reversed(far)], dark)


def _features(ink: Ink, person: Person, side: float, line: Rgb, dark: Rgb) -> None:
    turn = side * 0.03
    brow_y, eye_y = (0.43, 0.525) if person.is_child else (0.4, 0.485)
    brow = mix(person.hair_color, line, 0.5)
    for eye in (-1, 1):
        x = eye * 0.165 + turn
        is_far = eye * side < 0
        white = mix(person.skin, (244, 238, 228), 0.62)
        almond = [
            (x - 0.076, eye_y + 0.006),
            (x - 0.03, eye_y - 0.022),
            (x + 0.03, eye_y - 0.022),
            (x + 0.076, eye_y + 0.004),
            (x + 0.02, eye_y + 0.026),
            (x - 0.03, eye_y + 0.026),
        ]
        ink.fill(smooth(almond, steps=6), mix(white, dark, 0.62) if is_far else white)
        iris = (x + side * 0.012, eye_y)
        ink.fill(oval(iris, 0.029, 0.03, steps=24), mix(line, (60, 40, 28), 0.4))
        ink.fill(oval((iris[0], iris[1] + 0.002), 0.014, 0.015, steps=16), mix(line, (6, 6, 8), 0.7))
        if not is_far:
            ink.fill(oval((iris[0] + side * 0.01, iris[1] - 0.01), 0.0065, 0.0065, steps=12), (250, 246, 238))
        lid = [
            (x - 0.082, eye_y + 0.008),
            (x - 0.03, eye_y - 0.024),
            (x + 0.03, eye_y - 0.026),
            (x + 0.084, eye_y + 0.0),
        ]
        ink.line(smooth(lid, is_closed=False, steps=6), line, 0.014)
        arch = [(x - eye * 0.075, brow_y + 0.012), (x + eye * 0.01, brow_y - 0.018), (x + eye * 0.09, brow_y + 0.012)]
        ink.line(
            smooth(arch, is_closed=False, steps=6),
            mix(brow, dark, 0.3) if is_far else brow,
            0.016 if person.is_female else 0.023,
        )
    mouth = [(turn - 0.08, 0.797), (turn, 0.793), (turn + 0.08, 0.797)]
    ink.line(smooth(mouth, is_closed=False, steps=6), mix(line, (120, 40, 40), 0.3), 0.014)
    if person.is_old:
        for eye in (-1, 1):
            crease = [(turn + eye * 0.09, 0.69), (turn + eye * 0.145, 0.8)]
            ink.line(crease, mix(person.skin, line, 0.42), 0.01)


def _beard(ink: Ink, person: Person, jaw: list[Point]) -> None:
    low = [(x * 1.06, y + 0.05) for x, y in jaw if y > 0.6]
    half = [(0.0, 0.725), (0.09, 0.715), (0.2, 0.76), (0.3, 0.62), (0.36, 0.56), *low]
    ink.fill(smooth(mirrored(half), steps=6), person.hair_color)
    ink.line([(-0.06, 0.8), (0.06, 0.8)], mix(person.hair_color, (20, 8, 8), 0.6), 0.022)


def _hat(ink: Ink, person: Person, side: float) -> None:
    cloth = person.garment_color
    dark, pale = mix(cloth, (8, 8, 14), 0.35), mix(cloth, (255, 246, 230), 0.14)
    if person.hat == "hood":
        outer = [(0.0, -0.2), (0.32, -0.12), (0.52, 0.18), (0.55, 0.6), (0.48, 1.02), (0.3, 1.22)]
        inner = [(0.24, 1.02), (0.35, 0.72), (0.355, 0.36), (0.24, 0.14), (0.0, 0.07)]
        for edge in (-1, 1):
            ink.fill(
                [(edge * x, y) for x, y in smooth([*outer, *inner], is_closed=False, steps=6)],
                cloth if edge * side > 0 else dark,
            )
    elif person.hat == "cap":
        crown = [(-0.4, 0.22), (-0.4, 0.02), (-0.2, -0.17), (0.0, -0.2), (0.2, -0.17), (0.4, 0.02), (0.4, 0.22)]
        ink.fill(smooth([*crown, (0.2, 0.19), (-0.2, 0.19)], steps=5), cloth)
        ink.fill(
            smooth([(-0.36, 0.2), (0.0, 0.15), (0.36, 0.2), (0.4, 0.27), (0.0, 0.25), (-0.4, 0.27)], steps=5), dark
        )
    elif person.hat == "hat":
        crown = [(-0.36, 0.16), (-0.34, -0.1), (-0.18, -0.27), (0.0, -0.29), (0.18, -0.27), (0.34, -0.1), (0.36, 0.16)]
        ink.fill(smooth(crown, steps=6), cloth)
        ink.fill(
            smooth([(-0.6, 0.22), (-0.36, 0.1), (0.36, 0.1), (0.6, 0.22), (0.3, 0.24), (-0.3, 0.24)], steps=6), pale
        )
        ink.fill(smooth([(-0.6, 0.22), (-0.3, 0.2), (0.3, 0.2), (0.6, 0.22), (0.0, 0.29)], steps=6), dark)
