"""Where the camera is in every frame of a shot: one eased move, never at a standstill."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from storyreel.media.panel.camera import Camera, Move

FAR, SUBJECT, NEAR = 0.42, 1.0, 1.45
"""Depths of the three planes: how far each slides when the camera slides by one."""


@dataclass(frozen=True, slots=True)
class Pose:
    """The camera in one frame. Shifts are in frame widths and heights; the camera's own right is positive."""

    turn_x: float = 0.0
    turn_y: float = 0.0
    """Turning moves all depths alike; positive y looks down."""
    slide_x: float = 0.0
    slide_y: float = 0.0
    """Sliding moves what is near more than what is far."""
    pivot: float = 0.0
    """The depth that a slide leaves where it is: 1 for a camera that keeps its eye on the subject."""
    zoom: float = 1.0
    far_zoom: float = 1.0
    is_following: bool = False
    """The subject goes along with the slide."""

    def shift(self, depth: float) -> tuple[float, float]:
        """How far the picture of a depth moves left and up, in frame widths and heights."""
        if self.is_following and depth == SUBJECT:
            return self.turn_x, self.turn_y
        share = depth - self.pivot
        return self.turn_x + self.slide_x * share, self.turn_y + self.slide_y * share

    def scale(self, depth: float) -> float:
        """How large the picture of a depth is, 1 in the middle of most moves."""
        if depth <= FAR:
            return self.far_zoom
        return self.zoom if depth <= SUBJECT else self.zoom ** (depth / SUBJECT)


def poses(camera: Camera, frames: int, rate: float) -> list[Pose]:
    """One pose a frame. The same camera and length give the same poses."""
    path = _PATHS[camera.move]
    found = []
    for frame in range(frames):
        progress = (frame + 0.5) / frames
        pose = path(progress, camera.strength, camera.direction)
        found.append(_alive(pose, frame / rate, camera))
    return found


def _ease(t: float) -> float:
    """0 to 1, gently off and gently down, but moving from the first frame to the last."""
    smooth = t * t * t * (t * (6 * t - 15) + 10)
    return 0.36 * t + 0.64 * smooth


def _late(t: float) -> float:
    """0 to 1, nearly all of it in the middle fifth."""
    return 0.08 * t + 0.92 / (1 + math.exp(-(t - 0.5) * 26))


def _hold(t: float, strength: float, direction: int) -> Pose:
    return Pose()


def _zoomed(zoom: float) -> Pose:
    return Pose(zoom=zoom, far_zoom=zoom**0.42)


def _push(t: float, strength: float, direction: int) -> Pose:
    return _zoomed(1 + (_ease(t) - 0.4) * 0.27 * strength)


def _pull(t: float, strength: float, direction: int) -> Pose:
    return _zoomed(1 + (0.6 - _ease(t)) * 0.27 * strength)


def _drift(t: float, strength: float, direction: int) -> Pose:
    return _zoomed(1 + (_ease(t) - 0.4) * 0.11 * strength)


def _crash_zoom(t: float, strength: float, direction: int) -> Pose:
    zoom = 0.86 + 0.4 * _late(t)
    return Pose(zoom=zoom, far_zoom=zoom**0.7)


def _dolly_zoom(t: float, strength: float, direction: int) -> Pose:
    zoom = 1 + 0.34 * _ease(t) * strength
    return Pose(zoom=1 + 0.02 * t, far_zoom=zoom)


def _pan(t: float, strength: float, direction: int) -> Pose:
    return Pose(turn_x=direction * (_ease(t) - 0.5) * 0.17 * strength)


def _whip_pan(t: float, strength: float, direction: int) -> Pose:
    return Pose(turn_x=direction * (_late(t) - 1) * 0.5)


def _tilt(t: float, strength: float, direction: int) -> Pose:
    return Pose(turn_y=-direction * (_ease(t) - 0.62) * 0.17 * strength)


def _track(t: float, strength: float, direction: int) -> Pose:
    return Pose(slide_x=direction * (_ease(t) - 0.5) * 0.42 * strength, is_following=True)


def _crane(t: float, strength: float, direction: int) -> Pose:
    zoom = 1 - (_ease(t) - 0.5) * 0.1 * direction
    return Pose(slide_y=-direction * (_ease(t) - 0.6) * 0.24 * strength, zoom=zoom, far_zoom=zoom**0.42)


def _orbit(t: float, strength: float, direction: int) -> Pose:
    turn = (_ease(t) - 0.5) * 2
    zoom = 1.04 - 0.05 * turn * turn
    return Pose(slide_x=direction * turn * 0.2 * strength, pivot=0.9, zoom=zoom, far_zoom=1.0)


_PATHS: dict[Move, Callable[[float, float, int], Pose]] = {
    Move.HOLD: _hold,
    Move.PUSH: _push,
    Move.PULL: _pull,
    Move.DRIFT: _drift,
    Move.CRASH_ZOOM: _crash_zoom,
    Move.DOLLY_ZOOM: _dolly_zoom,
    Move.PAN: _pan,
    Move.WHIP_PAN: _whip_pan,
    Move.TILT: _tilt,
    Move.TRACK: _track,
    Move.CRANE: _crane,
    Move.ORBIT: _orbit,
}


def _alive(pose: Pose, seconds: float, camera: Camera) -> Pose:
    """The breath under every move, or the sway of a camera on a shoulder.

    The breath goes round an ellipse, so its speed never falls to nothing.
    """
    if camera.is_handheld:
        sway_x = 0.0052 * _waves(seconds, (0.61, 0.0), (1.13, 1.3), (2.3, 0.4))
        sway_y = 0.0074 * _waves(seconds, (0.73, 2.1), (1.31, 0.2), (2.71, 1.9))
        breath = 0.005 * math.sin(2 * math.pi * 0.4 * seconds)
    else:
        around = 2 * math.pi * seconds / 5.2
        if camera.move is Move.HOLD:
            sway_x, sway_y, breath = 0.0028 * math.cos(around), 0.0, 0.011 * math.sin(around)
        else:  # a move has a zoom of its own that a breath might just cancel
            sway_x, sway_y, breath = 0.0016 * math.cos(around), 0.0026 * math.sin(around), 0.0
    return Pose(
        pose.turn_x + sway_x * 0.4,
        pose.turn_y + sway_y * 0.4,
        pose.slide_x + sway_x,
        pose.slide_y + sway_y,
        pose.pivot,
        pose.zoom * (1 + breath),
        pose.far_zoom * (1 + breath * 0.5),
        pose.is_following,
    )


def _waves(seconds: float, *waves: tuple[float, float]) -> float:
    """A sum of sines by hertz and phase, each half as high as the one before."""
    return sum(math.sin(2 * math.pi * hertz * seconds + phase) * 0.5**i for i, (hertz, phase) in enumerate(waves))
