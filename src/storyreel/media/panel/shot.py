"""One shot, frame by frame: the set, who stands in it and the type over it, seen through the camera's move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from storyreel.media.panel.camera import Camera, Framing, read_camera
from storyreel.media.panel.film import picture
from storyreel.media.panel.frame import FULL, Cutout, Frame, Picture, Stamp, View
from storyreel.media.panel.ground import Ground, light_of, paint_ground
from storyreel.media.panel.job import PanelShot
from storyreel.media.panel.lettering import draw_caption, draw_name, draw_sound
from storyreel.media.panel.look import find_subject
from storyreel.media.panel.move import FAR, NEAR, Pose, poses
from storyreel.media.panel.palette import Grade, element_color, grade_of, palette_of
from storyreel.media.panel.place import is_inside
from storyreel.media.panel.sheet import Area
from storyreel.media.panel.stage import FLOOR, Staged, stage
from storyreel.media.panel.weather import Weather, fall, weather_of

_TYPE_IN, _TYPE_OUT = 7, 5
"""Frames in which the type comes and goes; it is gone in the last, so that a scene may begin on that frame."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """A shot as drawn."""

    ground: Ground | Picture
    staged: tuple[Staged, ...]
    names: tuple[Cutout | None, ...]
    type: tuple[Stamp, ...]
    """What stands still: the caption and the sound."""
    weather: Weather | None
    end: Picture | None


def paint_shot(
    shot: PanelShot, place: str | None, rate: float, frame: Frame,
    start: Image.Image | None = None, end: Image.Image | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """Paint each frame of a shot into `frame` and yield it. `start` fills the frame in place of a drawn set; `end` is
    faded in towards the last third."""
    camera = read_camera(shot.camera)
    moves = poses(camera, shot.frames, rate)
    grade = grade_of(palette_of(place))
    scene = _drawn(shot, place, camera, moves, frame.size, grade, start, end)
    last = Frame(*frame.size) if scene.end is not None else None
    for number, pose in enumerate(moves):
        _set(scene.ground, pose, frame, grade)
        _cast(scene, pose, number / rate, frame)
        if scene.weather is not None:
            scene.weather.over(frame.y, number)
        if scene.end is not None and last is not None:
            share = (number + 1) / shot.frames
            amount = round(FULL * min(1.0, max(0.0, (share - 0.62) / 0.3)))
            if amount:
                last.picture(scene.end, _flat(pose, frame.size))
                frame.copy_from(last, amount)
        _type(scene, pose, number, shot.frames, frame)
        yield frame


def _drawn(
    shot: PanelShot, place: str | None, camera: Camera, moves: Sequence[Pose], size: tuple[int, int], grade: Grade,
    start: Image.Image | None, end: Image.Image | None,
) -> _Scene:  # fmt: skip
    palette, light = palette_of(place), light_of(place)
    subject = find_subject(shot.prompt) if not shot.elements else None
    framing = camera.framing or (Framing.MEDIUM if shot.elements or subject else Framing.WIDE)
    flat = _seen([_flat(pose, size) for pose in moves], size)
    ground: Ground | Picture
    staged: tuple[Staged, ...] = ()
    if start is not None:
        ground = picture(start, flat)
    else:
        far, near = (_seen([_view(pose, depth, size) for pose in moves], size) for depth in (FAR, NEAR))
        ground = paint_ground(place, shot.prompt, camera, framing, size, far, near, grade)
        staged = stage(shot.elements, subject, camera, framing, size, palette, light)
    names = tuple(_name(who, size, size[0] / len(staged)) for who in staged)
    sound = draw_sound(shot.sound, *size) if shot.sound else None
    caption = draw_caption(shot.prompt, *size, palette)
    kind = weather_of(place, shot.prompt) if start is None and not is_inside(place or shot.prompt) else None
    type_ = tuple(piece for piece in (caption, sound) if piece is not None)
    weather = fall(kind, *size) if kind is not None else None
    return _Scene(ground, staged, names, type_, weather, picture(end, flat) if end is not None else None)


def _name(who: Staged, size: tuple[int, int], room: float) -> Cutout | None:
    if who.element is None:
        return None
    top = min(who.foot + size[1] * 0.018, size[1] * (FLOOR + 0.03))
    return draw_name(who.element.name, element_color(who.element.color), who.middle, top, room, *size)


def _view(pose: Pose, depth: float, size: tuple[int, int]) -> View:
    left, up = pose.shift(depth)
    return View(pose.scale(depth), left * size[0], up * size[1])


def _flat(pose: Pose, size: tuple[int, int]) -> View:
    """How a picture that holds all depths is seen: it moves as the subject does, and slides half as far."""
    left, up = pose.turn_x + 0.5 * pose.slide_x, pose.turn_y + 0.5 * pose.slide_y
    return View(max(pose.zoom, pose.far_zoom) if pose.zoom < 1.03 else pose.zoom, left * size[0], up * size[1])


def _seen(views: Sequence[View], size: tuple[int, int]) -> Area:
    """All that is seen of a depth during the shot."""
    whole = Area(0, 0, *size)
    edges = [view.through(whole, 1.0, at, size) for view in views for at in ((0, 0), (size[0] - 1, size[1] - 1))]
    rim = 2.0
    xs, ys = [edge.x for edge in edges], [edge.y for edge in edges]
    return Area(min(xs) - rim, min(ys) - rim, max(xs) + 1 + rim, max(ys) + 1 + rim)


def _set(ground: Ground | Picture, pose: Pose, frame: Frame, grade: Grade) -> None:
    if isinstance(ground, Picture):
        frame.picture(ground, _flat(pose, frame.size))
        return
    frame.ground(ground.far, ground.far_area, ground.far_density, _view(pose, FAR, frame.size))
    frame.tint(grade)


def _cast(scene: _Scene, pose: Pose, seconds: float, frame: Frame) -> None:
    from math import pi, sin

    for number, who in enumerate(scene.staged):
        view = _view(pose, who.depth, frame.size)
        own = who.sway * sin(2 * pi * (0.27 * seconds + 0.31 * number))
        frame.lay(who.cutout, replace(view, up=view.up + own))
    if isinstance(scene.ground, Ground) and scene.ground.near is not None:
        frame.lay(scene.ground.near, _view(pose, NEAR, frame.size))


def _type(scene: _Scene, pose: Pose, number: int, frames: int, frame: Frame) -> None:
    come, go = (number + 1) / _TYPE_IN, (frames - 1 - number) / _TYPE_OUT
    opacity = round(FULL * max(0.0, min(1.0, come, go)))
    for who, name in zip(scene.staged, scene.names, strict=True):
        if name is not None:
            # Names go along with who bears them, but type does not grow.
            area, middle = name.area, frame.size[0] / 2
            at = (area.left + area.right) / 2
            view = _view(pose, who.depth, frame.size)
            frame.lay(name, View(1.0, at - (middle + (at - middle) * view.scale - view.left), view.up * 0.5), opacity)
    for piece in scene.type:
        frame.stamp(piece, opacity)
