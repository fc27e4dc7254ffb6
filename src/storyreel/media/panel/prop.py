"""Stand-ins for things and animals: one clear shape each. Units: 1 is the height, the foot is at 0, up is negative."""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from storyreel.media.panel.color import mix
from storyreel.media.panel.ink import Ink, lit, mirrored
from storyreel.media.panel.look import Prop, PropKind
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.sheet import Point, box, oval, smooth

_WHITE, _INK = (255, 248, 236), (10, 10, 16)


def draw_prop(prop: Prop, palette: Palette, light: float, height: float) -> Image.Image:
    """A thing `height` pixels high; it stands on the lower edge of the picture, in its middle."""
    half = 1.0 if prop.is_long else 0.62
    ink = Ink(-half, -1.06, half, 0.04, height)
    _DRAWN[prop.kind](ink, prop, 1.0 if light > 0 else -1.0)
    return lit(ink.picture(), palette, light, height * 0.28, shade=0.24)


def _bottle(ink: Ink, prop: Prop, side: float) -> None:
    glass = prop.color
    half = [
        (0.062, -1.0),
        (0.062, -0.94),
        (0.05, -0.93),
        (0.05, -0.74),
        (0.085, -0.66),
        (0.165, -0.58),
        (0.178, -0.5),
        (0.178, -0.05),
        (0.15, 0.0),
    ]
    body = mirrored(half)
    ink.fill(body, glass)
    ink.fill(
        [(-0.166, -0.52), (0.166, -0.52), (0.166, -0.05), (0.14, -0.014), (-0.14, -0.014), (-0.166, -0.05)],
        mix(glass, _INK, 0.2),
    )
    ink.fill(box(-0.07, -1.0, 0.07, -0.92), mix(prop.second, _INK, 0.35))
    ink.fill(box(-0.178, -0.42, 0.178, -0.16), prop.second)
    ink.fill(box(-0.178, -0.4, 0.178, -0.393), glass)
    ink.fill(box(-0.178, -0.187, 0.178, -0.18), glass)
    ink.fill(oval((0, -0.29), 0.05, 0.05), glass)
    shine = [(0.13, -0.56), (0.15, -0.5), (0.15, -0.08), (0.125, -0.05), (0.125, -0.5)]
    ink.fill([(side * x, y) for x, y in shine], mix(glass, _WHITE, 0.5))
    ink.fill([(side * x, y) for x, y in box(0.022, -0.9, 0.036, -0.72)], mix(glass, _WHITE, 0.5))


def _paper_boat(ink: Ink, prop: Prop, side: float) -> None:
    pale, dark = prop.color, mix(prop.color, _INK, 0.28)
    ink.fill([(0, -0.95), (side * 0.36, -0.36), (0, -0.18), (-side * 0.36, -0.36)], mix(pale, _INK, 0.1))
    ink.fill([(0, -0.95), (-side * 0.36, -0.36), (0, -0.18)], dark)
    ink.fill([(-0.86, -0.5), (-0.42, 0.0), (0.42, 0.0), (0.86, -0.5), (0.36, -0.36), (0, -0.2), (-0.36, -0.36)], pale)
    ink.fill(
        [(-side * 0.86, -0.5), (-side * 0.42, 0.0), (0, 0.0), (0, -0.2), (-side * 0.36, -0.36)], mix(pale, _INK, 0.16)
    )
    ink.line([(0, -0.2), (0, 0.0)], mix(pale, _INK, 0.34), 0.008)


def _boat(ink: Ink, prop: Prop, side: float) -> None:
    wood, sail = prop.color, prop.second
    ink.fill([(-0.78, -0.24), (0.84, -0.28), (0.6, 0.0), (-0.58, 0.0)], wood)
    ink.fill([(-0.78, -0.24), (0.84, -0.28), (0.81, -0.22), (-0.75, -0.19)], mix(wood, _WHITE, 0.4))
    ink.fill(box(-0.016, -1.0, 0.016, -0.24), mix(wood, _INK, 0.5))
    ink.fill([*smooth([(0.03, -0.97), (0.34, -0.62), (0.5, -0.34)], is_closed=False), (0.03, -0.32)], sail)
    ink.fill(
        [*smooth([(-0.03, -0.9), (-0.26, -0.62), (-0.44, -0.33)], is_closed=False), (-0.03, -0.32)],
        mix(sail, _INK, 0.18),
    )


def _cup(ink: Ink, prop: Prop, side: float) -> None:
    cup = prop.color
    handle = smooth(
        [(side * 0.3, -0.62), (side * 0.52, -0.58), (side * 0.52, -0.26), (side * 0.28, -0.2)], is_closed=False
    )
    ink.line(handle, mix(cup, _INK, 0.12), 0.07)
    ink.fill(mirrored(smooth([(0.36, -0.72), (0.33, -0.3), (0.22, -0.05)], is_closed=False)), cup)
    ink.fill(oval((0, -0.72), 0.36, 0.075), mix(cup, _WHITE, 0.3))
    ink.fill(oval((0, -0.712), 0.31, 0.055), prop.second)
    ink.fill(oval((0, -0.03), 0.46, 0.045), mix(cup, _INK, 0.2))
    for x in (-0.1, 0.08):
        steam = smooth([(x, -0.8), (x + 0.04, -0.86), (x - 0.02, -0.93), (x + 0.03, -1.0)], is_closed=False)
        ink.line(steam, mix(cup, _WHITE, 0.6), 0.014)


def _paper_cup(ink: Ink, prop: Prop, side: float) -> None:
    paper, lid = prop.color, mix(prop.color, _WHITE, 0.4)
    ink.fill([(-0.3, -0.84), (0.3, -0.84), (0.215, 0.0), (-0.215, 0.0)], paper)
    ink.fill([(-0.285, -0.64), (0.285, -0.64), (0.242, -0.24), (-0.242, -0.24)], prop.second)
    for v in (-0.62, -0.26):
        half = 0.283 + (v + 0.62) * -0.11
        ink.line([(-half, v), (half, v)], mix(prop.second, _WHITE, 0.25), 0.01)
    ink.fill(box(-0.33, -0.9, 0.33, -0.82), lid)
    ink.fill([(-0.29, -0.97), (0.29, -0.97), (0.31, -0.9), (-0.31, -0.9)], mix(lid, _INK, 0.08))
    ink.fill(
        [(side * x, y) for x, y in [(0.06, -0.985), (0.2, -0.985), (0.2, -0.965), (0.06, -0.965)]], mix(lid, _INK, 0.4)
    )


def _lamp(ink: Ink, prop: Prop, side: float) -> None:
    iron = prop.color
    ink.line(smooth([(-0.16, -0.84), (-0.12, -0.97), (0.12, -0.97), (0.16, -0.84)], is_closed=False), iron, 0.022)
    ink.fill([(-0.1, -0.88), (0.1, -0.88), (0.22, -0.74), (-0.22, -0.74)], iron)
    ink.fill([(-0.19, -0.74), (0.19, -0.74), (0.23, -0.16), (-0.23, -0.16)], prop.second)
    ink.fill(smooth([(0, -0.58), (0.07, -0.4), (0.05, -0.26), (-0.05, -0.26), (-0.07, -0.4)]), (255, 246, 214))
    for x in (-0.2, 0.0, 0.2):
        ink.line([(x * 0.95, -0.74), (x * 1.12, -0.16)], iron, 0.02)
    ink.fill([(-0.26, -0.16), (0.26, -0.16), (0.3, 0.0), (-0.3, 0.0)], iron)
    ink.fill(box(-0.26, -0.16, 0.26, -0.13), mix(iron, _WHITE, 0.25))


def _car(ink: Ink, prop: Prop, side: float) -> None:
    paint = prop.color
    cabin = [(-0.48, -0.5), (-0.32, -0.86), (-0.24, -0.9), (0.26, -0.9), (0.36, -0.84), (0.56, -0.5)]
    ink.fill(smooth(cabin, is_closed=False, steps=4), paint)
    ink.fill([(-0.38, -0.52), (-0.27, -0.8), (-0.04, -0.82), (-0.04, -0.52)], mix(prop.second, _INK, 0.5))
    ink.fill([(0.02, -0.52), (0.02, -0.82), (0.25, -0.82), (0.42, -0.52)], mix(prop.second, _INK, 0.5))
    ink.fill(
        smooth(
            [
                (-0.9, -0.2),
                (-0.88, -0.46),
                (-0.46, -0.54),
                (0.5, -0.54),
                (0.86, -0.42),
                (0.92, -0.2),
                (0.8, -0.14),
                (-0.8, -0.14),
            ],
            steps=5,
        ),
        paint,
    )
    for x in (-0.52, 0.54):
        ink.fill(oval((x, -0.15), 0.17, 0.17), _INK)
        ink.fill(oval((x, -0.15), 0.08, 0.08), (150, 150, 154))
    ink.fill(oval((side * 0.86, -0.36), 0.04, 0.05), (255, 236, 180))


def _dog(ink: Ink, prop: Prop, side: float) -> None:
    fur, dark = prop.color, mix(prop.color, _INK, 0.25)

    def turned(points: list[Point]) -> list[Point]:
        return [(side * x, y) for x, y in points]

    ink.line(smooth(turned([(-0.5, -0.5), (-0.68, -0.66), (-0.7, -0.86)]), is_closed=False), fur, 0.08)
    for x, color in ((-0.4, dark), (0.22, dark), (-0.5, fur), (0.32, fur)):
        ink.fill(turned(box(x - 0.055, -0.4, x + 0.055, 0.0)), color)
    ink.fill(
        smooth(
            turned(
                [(-0.56, -0.52), (-0.2, -0.62), (0.24, -0.62), (0.42, -0.7), (0.44, -0.36), (0.1, -0.28), (-0.5, -0.28)]
            )
        ),
        fur,
    )
    ink.fill(
        smooth(
            turned(
                [
                    (0.28, -0.6),
                    (0.36, -0.94),
                    (0.56, -0.98),
                    (0.66, -0.86),
                    (0.86, -0.8),
                    (0.86, -0.7),
                    (0.62, -0.66),
                    (0.5, -0.5),
                ]
            )
        ),
        fur,
    )
    ink.fill(smooth(turned([(0.38, -0.96), (0.34, -0.7), (0.44, -0.64), (0.5, -0.88)])), prop.second)
    ink.fill(oval((side * 0.85, -0.775), 0.035, 0.03), _INK)
    ink.fill(oval((side * 0.6, -0.86), 0.022, 0.022), _INK)


def _cat(ink: Ink, prop: Prop, side: float) -> None:
    fur = prop.color
    ink.line(
        smooth([(side * 0.2, -0.08), (side * 0.46, -0.1), (side * 0.48, -0.4), (side * 0.38, -0.5)], is_closed=False),
        fur,
        0.07,
    )
    ink.fill(smooth(mirrored([(0.0, -0.66), (0.16, -0.6), (0.24, -0.34), (0.28, -0.08), (0.2, 0.0), (0.0, 0.0)])), fur)
    ink.fill(smooth(mirrored([(0.0, -0.95), (0.12, -0.93), (0.24, -0.8), (0.2, -0.62), (0.0, -0.56)])), fur)
    for x in (-1, 1):
        ink.fill([(x * 0.06, -0.93), (x * 0.2, -1.04), (x * 0.235, -0.8)], fur)
        ink.fill(oval((x * 0.09, -0.77), 0.03, 0.024), mix(prop.second, (190, 220, 90), 0.5))
    ink.fill([(-0.03, -0.69), (0.03, -0.69), (0.0, -0.655)], (190, 130, 120))


def _bird(ink: Ink, prop: Prop, side: float) -> None:
    feather = prop.color

    def turned(points: list[Point]) -> list[Point]:
        return [(side * x, y) for x, y in points]

    for x in (-0.04, 0.08):
        ink.line(turned([(x, -0.24), (x, 0.0)]), (190, 130, 60), 0.022)
    ink.fill(
        smooth(
            turned(
                [
                    (0.5, -0.74),
                    (0.42, -0.94),
                    (0.24, -0.94),
                    (0.14, -0.74),
                    (-0.3, -0.5),
                    (-0.86, -0.34),
                    (-0.4, -0.3),
                    (0.0, -0.18),
                    (0.36, -0.34),
                ]
            )
        ),
        prop.second,
    )
    ink.fill(smooth(turned([(0.16, -0.62), (-0.3, -0.5), (-0.82, -0.36), (-0.3, -0.3), (0.14, -0.36)])), feather)
    ink.fill(turned([(0.46, -0.86), (0.66, -0.78), (0.47, -0.76)]), (216, 150, 60))
    ink.fill(oval((side * 0.37, -0.85), 0.024, 0.024), _INK)


def _phone(ink: Ink, prop: Prop, side: float) -> None:
    ink.fill(_rounded(0.27, -1.0, 0.0, 0.05), prop.color)
    ink.fill(_rounded(0.245, -0.965, -0.035, 0.05), prop.second)
    ink.fill(
        [(side * x, y) for x, y in [(0.245, -0.9), (0.245, -0.4), (-0.1, -0.965), (0.18, -0.965)]],
        mix(prop.second, _WHITE, 0.4),
    )


def _rounded(half: float, top: float, foot: float, corner: float) -> list[Point]:
    return [(-half + corner, top), (half - corner, top), (half, top + corner), (half, foot - corner),
            (half - corner, foot), (-half + corner, foot), (-half, foot - corner), (-half, top + corner)]  # fmt: skip


def _book(ink: Ink, prop: Prop, side: float) -> None:
    ink.fill(
        [(side * x, y) for x, y in [(-0.36, -0.98), (0.3, -0.98), (0.4, -0.94), (0.4, 0.0), (-0.36, 0.0)]],
        mix(prop.second, _INK, 0.12),
    )
    ink.fill([(side * x, y) for x, y in box(-0.4, -1.0, 0.3, 0.0)], prop.color)
    ink.fill([(side * x, y) for x, y in box(-0.4, -1.0, -0.3, 0.0)], mix(prop.color, _INK, 0.3))
    for top in (-0.8, -0.3):
        ink.fill([(side * x, y) for x, y in box(-0.2, top, 0.2, top + 0.02)], prop.second)
    ink.fill([(side * x, y) for x, y in box(-0.12, -0.7, 0.12, -0.66)], prop.second)


def _object(ink: Ink, prop: Prop, side: float) -> None:
    """A thing that we do not know: a parcel, wrapped and tied."""
    paper = prop.color
    ink.fill([(-0.5, -0.66), (0.0, -0.86), (0.5, -0.66), (0.0, -0.5)], mix(paper, _WHITE, 0.28))
    ink.fill([(side * 0.5, -0.66), (0.0, -0.5), (0.0, 0.02), (side * 0.5, -0.16)], mix(paper, _WHITE, 0.08))
    ink.fill([(-side * 0.5, -0.66), (0.0, -0.5), (0.0, 0.02), (-side * 0.5, -0.16)], mix(paper, _INK, 0.26))
    ribbon = prop.second
    ink.fill([(0.22, -0.59), (0.29, -0.568), (0.29, -0.1), (0.22, -0.07)], ribbon)
    ink.fill([(-0.22, -0.59), (-0.29, -0.568), (-0.29, -0.1), (-0.22, -0.07)], mix(ribbon, _INK, 0.2))
    ink.fill([(0.22, -0.59), (0.29, -0.568), (-0.22, -0.775), (-0.29, -0.745)], ribbon)
    ink.fill([(-0.22, -0.59), (-0.29, -0.568), (0.22, -0.775), (0.29, -0.745)], ribbon)
    for x in (-1, 1):
        ink.line(smooth([(0, -0.68), (x * 0.16, -0.84), (x * 0.2, -0.72), (0, -0.68)], is_closed=False), ribbon, 0.03)


_DRAWN: dict[PropKind, Callable[[Ink, Prop, float], None]] = {
    "bottle": _bottle,
    "paper boat": _paper_boat,
    "boat": _boat,
    "cup": _cup,
    "paper cup": _paper_cup,
    "lamp": _lamp,
    "car": _car,
    "dog": _dog,
    "cat": _cat,
    "bird": _bird,
    "phone": _phone,
    "book": _book,
    "object": _object,
}
