"""Who stands where: elements from left to right in the order of mention, as large as the framing says."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageFilter

from storyreel.media.image import open_image
from storyreel.media.panel.camera import Angle, Camera, Framing
from storyreel.media.panel.figure import ABOVE, HALF_WIDTH, build_of, draw_person
from storyreel.media.panel.film import cutout
from storyreel.media.panel.frame import Cutout
from storyreel.media.panel.job import PanelElement
from storyreel.media.panel.look import Person, Prop, read_look
from storyreel.media.panel.move import SUBJECT
from storyreel.media.panel.palette import Palette
from storyreel.media.panel.portrait import portrait, shadowed
from storyreel.media.panel.prop import draw_prop

FLOOR = 0.655
"""Where people stand in a wide shot, and the least that a name may stand below, as a share of the height."""
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
    Framing.CLOSE: _Scale(0.52, 0.06, 1.9, 1.16, 0.78, 0.76),
    Framing.EXTREME_CLOSE: _Scale(0.82, -0.12, 1.35, 1.7, 1.15, 0.96),
}


def stage(
    elements: tuple[PanelElement, ...], unnamed: Person | Prop | None, camera: Camera, framing: Framing,
    size: tuple[int, int], palette: Palette, light: float,
) -> tuple[Staged, ...]:  # fmt: skip
    """Everybody in the shot, farthest first. `unnamed` stands in where no element is mentioned."""
    cast: list[PanelElement | None] = [*elements] if elements else [None] if unnamed is not None else []
    looks = [read_look(e.name, e.description) for e in elements] or ([unnamed] if unnamed is not None else [])
    placed = []
    for number, (element, look) in enumerate(zip(cast, looks, strict=True)):
        over_shoulder = camera.is_over_shoulder and len(cast) == 2 and number == 0
        middle = _column(number, len(cast), framing, light) * size[0]
        if over_shoulder:
            placed.append(_shoulder(element, look, size, palette, light))
            continue
        placed.append(_placed(element, look, middle, len(cast), camera, framing, size, palette, light, number))
    return tuple(sorted(placed, key=lambda staged: staged.depth))


def _column(number: int, count: int, framing: Framing, light: float) -> float:
    """The middle of the `number`th of `count`, as a share of the width."""
    if count == 1:
        away = {Framing.MEDIUM: 0.075, Framing.WIDE: 0.1, Framing.EXTREME_WIDE: 0.12, Framing.MEDIUM_CLOSE: 0.05}.get(framing, 0.03)
        return 0.5 - away * (1 if light > 0 else -1)
    if count == 2:
        return (0.3, 0.7)[number] if framing not in (Framing.WIDE, Framing.EXTREME_WIDE) else (0.36, 0.64)[number]
    margin = 0.2 if count == 3 else 0.14
    return margin + (1 - 2 * margin) * number / (count - 1)


def _placed(
    element: PanelElement | None, look: Person | Prop, middle: float, count: int, camera: Camera, framing: Framing,
    size: tuple[int, int], palette: Palette, light: float, number: int,
) -> Staged:  # fmt: skip
    scale = _SCALES[framing]
    width, height = size
    room = width / count * (1.0 if count == 1 else 0.98)
    depth = SUBJECT - 0.05 * (number % 2) if count > 1 else SUBJECT
    tall = height * {Angle.LOW: 1.1, Angle.HIGH: 0.9, Angle.TOP: 0.85}.get(camera.angle, 1.0)
    is_wide = framing in (Framing.WIDE, Framing.EXTREME_WIDE)
    if element is not None and element.image is not None:
        limit = room / (0.86 if framing in (Framing.CLOSE, Framing.EXTREME_CLOSE) and count == 1 else 0.8)
        pixels = min(scale.portrait * tall, limit if count > 1 or not is_wide else tall)
        image = portrait(open_image(element.image), pixels * _FINENESS, palette, 0.38 if isinstance(look, Person) else 0.5)
        foot = scale.foot * height if framing not in (Framing.CLOSE, Framing.EXTREME_CLOSE) else _close_foot(look, pixels, height)
        return _staged(element, image, middle, foot, depth, 0.0)
    if isinstance(look, Prop):
        wide = 2.0 if look.kind in ("boat", "paper boat", "car", "dog", "bird") else 1.2
        pixels = min(scale.prop * tall, room / wide)
        image = shadowed(draw_prop(look, palette, light, pixels * _FINENESS), pixels * 0.3)
        sway = pixels * 0.012 if look.kind in ("boat", "paper boat") else 0.0
        foot = scale.foot * height
        return _staged(element, image, middle, foot + pixels * 0.05, depth, sway)
    build = build_of(look)
    head = min(scale.head * tall, room / (2.15 if scale.heads > 2 else 1.5))
    # Children stand as tall as they are: beside a grown-up their crown is lower.
    lower = (6.75 - build.tall) * head * (0.62 if count > 1 and not is_wide else 0.12)
    heads = scale.heads
    image = draw_person(look, palette, light, head * _FINENESS, heads)
    if is_wide:
        image = shadowed(image, head * 1.5)
        return _staged(element, image, middle, scale.foot * height + head * 0.2, depth, head * 0.02)
    crown = scale.crown * height + (scale.head * tall - head) * 0.8 + lower
    foot = crown - ABOVE * head + image.height / _FINENESS
    return _staged(element, image, middle, foot, depth, head * 0.012)


def _close_foot(look: Person | Prop, pixels: float, height: float) -> float:
    """Where a picture ends whose face, or whose middle, stands a little above the middle of the frame."""
    focus = 0.38 if isinstance(look, Person) else 0.5
    return 0.4 * height + (1 - focus) * pixels


def _staged(element: PanelElement | None, image: Image.Image, middle: float, foot: float, depth: float, sway: float) -> Staged:
    width, height = image.width / _FINENESS, image.height / _FINENESS
    return Staged(cutout(image, middle - width / 2, foot - height, _FINENESS), depth, middle, foot, element, sway)


def _shoulder(element: PanelElement | None, look: Person | Prop, size: tuple[int, int], palette: Palette, light: float) -> Staged:
    """Somebody near and out of focus at the edge, seen from behind: dark, large, cut by the frame."""
    person = look if isinstance(look, Person) else read_look("somebody", "man")
    assert isinstance(person, Person)
    head = 0.46 * size[1]
    image = draw_person(person, palette, light, head * 0.5, 2.6)
    dark = Image.new("RGB", image.size, palette.night)
    shape = Image.blend(image.convert("RGB"), dark, 0.86)
    shape.putalpha(image.getchannel("A"))
    shape = shape.filter(ImageFilter.GaussianBlur(head * 0.012))
    left = size[0] * 0.12 - HALF_WIDTH * head
    return Staged(cutout(shape, left, size[1] * 0.2, 0.5), SUBJECT * 1.3, size[0] * 0.2, size[1] * 0.66, element, 0.0)
