"""A cut as one track without overlaps: where two scenes share frames, the cut point lies in the middle of them."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.base.timebase import Range
from storyreel.plan.cut import Cut, CutTransition, Source


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one source."""

    scene: int
    """From 0."""
    index: int
    """Of the source in its scene, from 0."""
    source: Source
    at: Range
    """Frames of the film."""
    used: Range
    """Frames of the source, at the film's rate and after speed."""


@dataclass(frozen=True, slots=True)
class Joint:
    """How the scene `scene` begins: the transition covers `before` frames ahead of `at` and `after` behind it."""

    scene: int
    transition: CutTransition
    at: int
    before: int
    after: int


def joints_of(cut: Cut) -> tuple[Joint, ...]:
    """Every scene's beginning, hard cuts too, in order."""
    found = []
    for index, scene in enumerate(cut.scenes):
        kind, frames, start = scene.transition, scene.transition.frames, scene.at.start
        if kind.kind == "cut" or not frames:
            found.append(Joint(index, CutTransition(), start, 0, 0))
        elif kind.kind == "fade":  # from black all of it is the scene's; through black half of it is the scene before's
            before = frames // 2 if start else 0
            found.append(Joint(index, kind, start, before, frames - before))
        else:
            before = kind.overlap // 2 if start else 0
            found.append(Joint(index, kind, start + before, before, kind.overlap - before))
    return tuple(found)


def pieces_of(cut: Cut) -> tuple[Piece, ...]:
    """What one track shows, each frame of the film once."""
    joints = joints_of(cut)
    ends = [joint.at for joint in joints[1:]] + [cut.frames]
    found = []
    for joint, end in zip(joints, ends, strict=True):
        scene = cut.scenes[joint.scene]
        found += _pieces(cut, joint.scene, Range(joint.at if joint.transition.overlap else scene.at.start, end))
    return tuple(found)


def whole_pieces(cut: Cut, scene: int) -> list[Piece]:
    """A scene's sources over all its frames, overlaps included."""
    return _pieces(cut, scene, cut.scenes[scene].at)


def _pieces(cut: Cut, scene: int, window: Range) -> list[Piece]:
    found, start = [], cut.scenes[scene].at.start
    for index, source in enumerate(cut.scenes[scene].sources):
        whole = Range(start, start + source.used.length)
        start = whole.end
        at = whole.overlap(window)
        if at.length:
            used = at.shifted(source.used.start - whole.start)
            found.append(Piece(scene, index, source, at, used))
    return found
