"""One shot, frame by frame: its scene seen through the camera's move."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from storyreel.media.panel.camera import read_camera
from storyreel.media.panel.frame import FULL, Frame, Picture, View
from storyreel.media.panel.ground import Ground
from storyreel.media.panel.job import PanelShot
from storyreel.media.panel.move import NEAR, Pose, poses
from storyreel.media.panel.palette import Grade, grade_of, palette_of
from storyreel.media.panel.scene import Backdrop, Scene, draw_scene, flat_view, view_of

if TYPE_CHECKING:
    from PIL import Image

_TYPE_IN, _TYPE_OUT = 7, 5
"""Frames in which the type comes and goes; it is gone in the last, so that a scene may begin on that frame."""
_ARRIVES, _ARRIVED = 0.62, 0.92
"""Between these shares of a shot its end picture is faded in."""


def paint_shot(
    shot: PanelShot, place: str | None, rate: float, frame: Frame,
    backdrop: Backdrop | None = None, end: Image.Image | None = None,
) -> Iterator[Frame]:  # fmt: skip
    """Paint each frame of a shot into `frame` and yield it; raises MediaFailed for a picture that cannot be read."""
    camera = read_camera(shot.camera)
    moves = poses(camera, shot.frames, rate)
    grade = grade_of(palette_of(place))
    scene = draw_scene(shot, place, camera, moves, frame.size, backdrop, end)
    other = Frame(*frame.size) if scene.end is not None else None
    for number, pose in enumerate(moves):
        _set(scene.ground, pose, frame, grade)
        _cast(scene, pose, number / rate, frame)
        if scene.weather is not None:
            scene.weather.over(frame.y, number)
        if scene.end is not None and other is not None:
            _arrive(scene.end, pose, (number + 1) / shot.frames, frame, other)
        _type(scene, pose, number, shot.frames, frame)
        yield frame


def _set(ground: Ground | Picture, pose: Pose, frame: Frame, grade: Grade) -> None:
    if isinstance(ground, Picture):
        frame.picture(ground, flat_view(pose, frame.size))
        return
    frame.ground(ground.far, ground.area, ground.density, view_of(pose, ground.depth, frame.size))
    frame.tint(grade)


def _cast(scene: Scene, pose: Pose, seconds: float, frame: Frame) -> None:
    for number, who in enumerate(scene.staged):
        view = view_of(pose, who.depth, frame.size)
        own = who.sway * math.sin(2 * math.pi * (0.27 * seconds + 0.31 * number))
        frame.lay(who.cutout, replace(view, up=view.up + own))
    if isinstance(scene.ground, Ground) and scene.ground.near is not None:
        frame.lay(scene.ground.near, view_of(pose, NEAR, frame.size))


def _arrive(end: Picture, pose: Pose, share: float, frame: Frame, other: Frame) -> None:
    amount = round(FULL * min(1.0, max(0.0, (share - _ARRIVES) / (_ARRIVED - _ARRIVES))))
    if amount:
        other.picture(end, flat_view(pose, frame.size))
        frame.blend(other, amount)


def _type(scene: Scene, pose: Pose, number: int, frames: int, frame: Frame) -> None:
    come, go = (number + 1) / _TYPE_IN, (frames - 1 - number) / _TYPE_OUT
    opacity = round(FULL * max(0.0, min(1.0, come, go)))
    for who, name in zip(scene.staged, scene.names, strict=True):
        if name is not None:
            # Names go along with who bears them, but type does not grow.
            at, middle = (name.area.left + name.area.right) / 2, frame.size[0] / 2
            view = view_of(pose, who.depth, frame.size)
            moved = middle + (at - middle) * view.scale - view.left
            frame.lay(name, View(1.0, at - moved, view.up * 0.5), opacity)
    for piece in scene.type:
        frame.stamp(piece, opacity)
