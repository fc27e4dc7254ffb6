"""Who stands where: elements from left to right in the order of mention, as large as the framing says."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

from storyreel.media.image import open_image
from storyreel.media.panel.camera import Angle, Camera, Framing
from storyreel.media.panel.figure import ABOVE, build_of, draw_person
from storyreel.media.panel.film import cutout
from storyreel.media.panel.frame import Cutout
from storyreel.media.panel.ink import Ink, faded, lit
from storyreel.media.panel.job import PanelElement
from storyreel.media.panel.look import Person, Prop, read_look
from storyreel.media.panel.move import SUBJECT
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.portrait import cut_free, is_cut_out, portrait, shadowed
from storyreel.media.panel.prop import draw_prop
from storyreel.media.panel.sheet import oval, smooth

FLOOR = 0.655
"""Where people stand in a wide shot, and the least that a name may stand below, as a share of the height."""
_BUST_ENDS = 0.86
"""Where busts go down into the dark behind the caption, as a share of the height."""
_FINENESS = 1.1
"""Pixels drawn to a pixel of the frame, so that a push stays sharp."""


@dataclass(frozen=True, slots=True)
class Staged:
    """A cut-out with its place in depth, and where its name belongs."""

    cutout: Cutout
    depth: float
    middle: float
    """Pixel column under which the name stands."""
    foot: float
    """Pixel row above which the name never stands."""
    element: PanelElement | None
    """None for what stands in front without a name."""
    sway: float
    """How far it moves by itself, in pixels: a breath, or a boat on water."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Sizes of one framing as shares of the frame's height."""

    head: float
    """Of a grown-up's head."""
    crown: float
    """Where a grown-up's crown is."""
    heads: float
    """How many heads of a figure are seen."""
    portrait: float
    """Height of a picture."""
    prop: float
    foot: float
    """Where pictures and props stand."""


_SCALES = {
    Framing.EXTREME_WIDE: _Scale(0.2 / 6.75, FLOOR - 0.2, 9, 0.24, 0.14, FLOOR),
    Framing.WIDE: _Scale(0.335 / 6.75, FLOOR - 0.335, 9, 0.36, 0.25, FLOOR),
    Framing.MEDIUM: _Scale(0.19, 0.1, 3.9, 0.6, 0.46, 0.66),
    Framing.MEDIUM_CLOSE: _Scale(0.3, 0.085, 2.8, 0.72, 0.56, 0.69),
    Framing.CLOSE: _Scale(0.6, 0.02, 1.75, 1.2, 0.78, 0.76),
    Framing.EXTREME_CLOSE: _Scale(0.82, -0.12, 1.35, 1.7, 1.15, 0.96),
}


def stage(
    elements: tuple[PanelElement, ...], unnamed: Person | Prop | None, camera: Camera, framing: Framing,
    size: tuple[int, int], palette: Palette, light: float,
) -> tuple[Staged, ...]:  # fmt: skip
    """Everybody in the shot, farthest first. `unnamed` stands in where no element is mentioned."""
    cast: list[PanelElement | None] = [*elements] if elements else [None] if unnamed is not None else []
    looks = [read_look(e.name, e.description) for e in elements] or ([unnamed] if unnamed is not None else [])
    placed, count = [], len(cast)
    for number, (element, look) in enumerate(zip(cast, looks, strict=True)):
        if camera.is_over_shoulder and count == 2 and number == 0:
            placed.append(_shoulder(element, size, palette, light))
            continue
        middle = _column(number, count, framing, light) * size[0]
        room = size[0] / count * (1.0 if count == 1 else 0.98)
        # Side by side they stand a little apart in depth, so that the camera can tell them apart.
        depth = SUBJECT - 0.05 * (number % 2) if count > 1 else SUBJECT
        spot = _Spot(element, middle, room, count == 1, depth, camera, framing, size, palette, light)
        placed.append(_placed(look, spot))
    return tuple(sorted(placed, key=lambda staged: staged.depth))


def _column(number: int, count: int, framing: Framing, light: float) -> float:
    """The middle of the `number`th of `count`, as a share of the width."""
    if count == 1:
        away = {Framing.MEDIUM: 0.075, Framing.WIDE: 0.1, Framing.EXTREME_WIDE: 0.12, Framing.MEDIUM_CLOSE: 0.05}.get(
            framing, 0.03
        )
        return 0.5 - away * (1 if light > 0 else -1)
    if count == 2:
        return (0.3, 0.7)[number] if framing not in (Framing.WIDE, Framing.EXTREME_WIDE) else (0.36, 0.64)[number]
    margin = 0.2 if count == 3 else 0.14
    return margin + (1 - 2 * margin) * number / (count - 1)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where one of several stands, and what it is drawn by."""

    element: PanelElement | None
    middle: float
    """Pixel column."""
    room: float
    """Pixels of width that it may take."""
    is_alone: bool
    depth: float
    camera: Camera
    framing: Framing
    size: tuple[int, int]
    palette: Palette
    light: float

    @property
    def scale(self) -> _Scale:
        return _SCALES[self.framing]

    @property
    def tall(self) -> float:
        """The height that shares are taken of: from below one looks taller."""
        return self.size[1] * {Angle.LOW: 1.1, Angle.HIGH: 0.9, Angle.TOP: 0.85}.get(self.camera.angle, 1.0)

    @property
    def is_wide(self) -> bool:
        return self.framing in (Framing.WIDE, Framing.EXTREME_WIDE)

    @property
    def is_close(self) -> bool:
        return self.framing in (Framing.CLOSE, Framing.EXTREME_CLOSE)


def _placed(look: Person | Prop, spot: _Spot) -> Staged:
    if spot.element is not None and spot.element.image is not None:
        return _pictured(open_image(spot.element.image), look, spot)
    return _thing(look, spot) if isinstance(look, Prop) else _somebody(look, spot)


def _pictured(image: Image.Image, look: Person | Prop, spot: _Spot) -> Staged:
    height, is_person, is_free = spot.size[1], isinstance(look, Person), is_cut_out(image)
    # A bust that was cut out goes down behind the caption, so it may be larger than a portrait with an edge.
    is_bust = is_free and is_person and not spot.is_wide
    grown = 1.14 if is_bust else 1.0 if is_person else 0.86
    shape = min(1.0, image.width / image.height)
    room = spot.room * (1.25 if is_bust or (spot.is_alone and spot.is_close) else 1.0)
    pixels = min(spot.scale.portrait * spot.tall * grown, room / shape)
    focus = 0.36 if is_person else 0.5
    if is_free:
        drawn = cut_free(image, pixels * _FINENESS, spot.palette, spot.light)
        drawn = faded(drawn, 0.88, 1.0) if is_person else shadowed(drawn, pixels * 0.2)
    else:
        drawn = portrait(image, pixels * _FINENESS, spot.palette, focus)
    foot = spot.scale.foot * height
    if spot.is_close:
        foot = (0.38 if is_person else 0.42) * height + (1 - focus) * pixels
    elif is_bust:
        foot += 0.17 * min(pixels, height)
    if is_bust:
        foot = max(foot, _BUST_ENDS * height)
    return _staged(spot, drawn, foot, pixels * 0.004)


def _thing(prop: Prop, spot: _Spot) -> Staged:
    pixels = min(spot.scale.prop * spot.tall, spot.room / (2.0 if prop.is_long else 1.2))
    image = shadowed(draw_prop(prop, spot.palette, spot.light, pixels * _FINENESS), pixels * 0.3)
    sway = pixels * (0.014 if prop.kind in ("boat", "paper boat") else 0.0)
    return _staged(spot, image, spot.scale.foot * spot.size[1] + pixels * 0.05, sway)


def _somebody(person: Person, spot: _Spot) -> Staged:
    build, scale, height = build_of(person), spot.scale, spot.size[1]
    # Alone, a child fills the frame as a grown-up would; beside one it is as small as it is.
    grown = 6.75 / build.tall * 0.92 if spot.is_wide and spot.is_alone else 1.0
    head = min(scale.head * spot.tall * max(1.0, grown), spot.room / (2.15 if scale.heads > 2 else 1.5))
    if spot.is_wide:
        image = draw_person(person, spot.palette, spot.light, head * _FINENESS, scale.heads)
        return _staged(spot, shadowed(image, head * 1.5), scale.foot * height + head * 0.2, head * 0.02)
    lower = (6.75 - build.tall) * head * (0.12 if spot.is_alone else 0.2 if spot.is_close else 0.62)
    crown = scale.crown * height + (scale.head * spot.tall - head) * 0.6 + lower
    heads = (_BUST_ENDS * height - crown) / head
    shown = min(heads if spot.is_close else max(scale.heads, heads), build.tall - 0.4)
    most = spot.size[0] * 1.3 * _FINENESS
    image = draw_person(person, spot.palette, spot.light, head * _FINENESS, shown, most)
    return _staged(spot, image, crown - ABOVE * head + image.height / _FINENESS, head * 0.012)


def _staged(spot: _Spot, image: Image.Image, foot: float, sway: float) -> Staged:
    width, height = image.width / _FINENESS, image.height / _FINENESS
    cut = cutout(image, spot.middle - width / 2, foot - height, _FINENESS)
    return Staged(cut, spot.depth, spot.middle, foot, spot.element, sway)


def _shoulder(element: PanelElement | None, size: tuple[int, int], palette: Palette, light: float) -> Staged:
    """Somebody near and out of focus at the edge, seen from behind: dark, large, cut by the frame."""
    unit = 0.5 * size[1]
    ink = Ink(-1.1, -0.1, 1.1, 1.9, unit * 0.5)
    back = [
        (-0.16, 0.72),
        (0.2, 0.72),
        (0.24, 0.96),
        (0.62, 1.08),
        (0.88, 1.3),
        (0.98, 1.9),
        (-1.1, 1.9),
        (-1.1, 1.16),
        (-0.4, 1.02),
        (-0.2, 0.94),
    ]
    ink.fill(smooth(back, steps=6), palette.night)
    ink.fill(oval((0.0, 0.46), 0.36, 0.46), palette.night)
    ink.fill(oval((0.37, 0.52), 0.05, 0.09), palette.night)
    shape = lit(ink.picture(), palette, light, unit * 0.4, shade=0.0, air=0.04)
    shape = shape.filter(ImageFilter.GaussianBlur(unit * 0.012))
    # It leaves the frame at the left, so the middle of its head is not the middle of the picture.
    left, top = size[0] * 0.16 - 1.1 * unit, size[1] * 0.16
    return Staged(cutout(shape, left, top, 0.5), SUBJECT * 1.3, size[0] * 0.17, size[1] * 0.66, element, 0.0)
