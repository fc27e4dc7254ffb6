"""A shot as it is drawn, once, before the camera moves: set or picture, who stands in it, the type, the weather."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageFilter

from storyreel.media.panel.camera import Camera, Framing
from storyreel.media.panel.film import picture
from storyreel.media.panel.frame import Cutout, Picture, Stamp, View
from storyreel.media.panel.ground import Ground, light_of, paint_ground
from storyreel.media.panel.job import PanelShot
from storyreel.media.panel.lettering import draw_caption, draw_name, draw_sound
from storyreel.media.panel.look import find_subject
from storyreel.media.panel.move import FAR, NEAR, Pose
from storyreel.media.panel.palette import element_color, palette_of
from storyreel.media.panel.place import is_inside
from storyreel.media.panel.sheet import Area
from storyreel.media.panel.stage import FLOOR, Staged, stage
from storyreel.media.panel.weather import Weather, fall, weather_of
from storyreel.media.text import Type

_CROPS = {Framing.MEDIUM: 1.2, Framing.MEDIUM_CLOSE: 1.4, Framing.CLOSE: 1.7, Framing.EXTREME_CLOSE: 2.2}
"""How much nearer a picture is seen in the shots after the one that it begins."""


_UNDER_CHIN = 0.745
"""Of the height: where a name begins in a close-up."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """The picture that a take starts from. It is all of its first shot; later shots play before it."""

    image: Image.Image
    is_opening: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a shot shows, each piece drawn as large as the move will need it."""

    ground: Ground | Picture
    staged: tuple[Staged, ...]
    names: tuple[Cutout | None, ...]
    """Of those staged, in their order."""
    type: tuple[Stamp, ...]
    """What stands still: the caption and the sound."""
    weather: Weather | None
    end: Picture | None
    """What the shot arrives at."""


def draw_scene(
    shot: PanelShot, place: str | None, camera: Camera, moves: Sequence[Pose], size: tuple[int, int],
    backdrop: Backdrop | None, end: Image.Image | None,
) -> Scene:  # fmt: skip
    """Draw a shot for the poses that its camera will take."""
    palette, light = palette_of(place), light_of(place)
    subject = None if shot.elements or backdrop is not None else find_subject(shot.prompt)
    framing = camera.framing or (Framing.MEDIUM if shot.elements or subject else Framing.WIDE)
    flat = _seen([flat_view(pose, size) for pose in moves], size)
    if backdrop is not None:
        ground: Ground | Picture = picture(_behind(backdrop, camera.framing, bool(shot.elements), size), flat)
    else:
        far, near = (_seen([view_of(pose, depth, size) for pose in moves], size) for depth in (FAR, NEAR))
        ground = paint_ground(place, shot.prompt, camera, framing, size, far, near)
    staged: tuple[Staged, ...] = ()
    if backdrop is None or not backdrop.is_opening:
        staged = stage(shot.elements, subject, camera, framing, size, palette, light)
    type_ = Type(*size, shot.fonts)
    is_close = framing in (Framing.CLOSE, Framing.EXTREME_CLOSE)
    names = tuple(_name(who, type_, size[0] / len(staged), is_close=is_close) for who in staged)
    caption = draw_caption(shot.prompt, type_, palette)
    sound = draw_sound(shot.sound, type_) if shot.sound else None
    falls = None if backdrop is not None or is_inside(place or shot.prompt) else weather_of(place, shot.prompt)
    return Scene(
        ground=ground,
        staged=staged,
        names=names,
        type=tuple(piece for piece in (caption, sound) if piece is not None),
        weather=None if falls is None else fall(falls, *size),
        end=None if end is None else picture(end, flat),
    )


def view_of(pose: Pose, depth: float, size: tuple[int, int]) -> View:
    """How a depth is seen."""
    left, up = pose.shift(depth)
    return View(pose.scale(depth), left * size[0], up * size[1])


def flat_view(pose: Pose, size: tuple[int, int]) -> View:
    """How a picture is seen that holds all depths at once: halfway between what is near and what is far."""
    left, up = pose.turn_x + 0.5 * pose.slide_x, pose.turn_y + 0.5 * pose.slide_y
    return View((pose.zoom + pose.far_zoom) / 2, left * size[0], up * size[1])


def _behind(backdrop: Backdrop, framing: Framing | None, is_staged: bool, size: tuple[int, int]) -> Image.Image:
    image = backdrop.image.convert("RGB")
    if backdrop.is_opening:
        return image
    if is_staged:  # out of focus behind those who stand before it
        small = image.resize((max(8, size[0] // 8), max(8, size[1] // 8)), Image.Resampling.BOX)
        return small.filter(ImageFilter.GaussianBlur(2)).point(lambda value: value * 0.72)
    crop = _CROPS.get(framing, 1.0) if framing is not None else 1.15
    across, down = image.width * (1 - 1 / crop) / 2, image.height * (1 - 1 / crop) / 2
    return image.crop((round(across), round(down), round(image.width - across), round(image.height - down)))


def _name(who: Staged, type_: Type, room: float, *, is_close: bool) -> Cutout | None:
    if who.element is None:
        return None
    # Where a face fills the frame, the name stands under its chin, just over the caption.
    top = (
        type_.height * _UNDER_CHIN if is_close else min(who.foot + type_.height * 0.018, type_.height * (FLOOR + 0.03))
    )
    return draw_name(who.element.name, element_color(who.element.color), who.middle, top, room, type_)


def _seen(views: Sequence[View], size: tuple[int, int]) -> Area:
    """All that is seen of a depth during the shot, and a rim."""
    whole, rim = Area(0, 0, *size), 2.0
    corners = ((0, 0), (size[0] - 1, size[1] - 1))
    edges = [view.through(whole, 1.0, corner, size) for view in views for corner in corners]
    xs, ys = [edge.x for edge in edges], [edge.y for edge in edges]
    return Area(min(xs) - rim, min(ys) - rim, max(xs) + 1 + rim, max(ys) + 1 + rim)
