"""Where the pieces of a film meet, and what stands on both sides. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from storyreel.base.timebase import Range
from storyreel.plan.cut import Cut, CutScene, FileSource, Source, TakeSource
from storyreel.stitch.seams.report import JoinKind


@dataclass(frozen=True, slots=True)
class Join:
    """Two sources that meet. What both share, or a fade covers, is `shared`; it is empty at a hard cut."""

    before: CutScene
    after: CutScene
    kind: JoinKind
    frame: int
    """Of the film: the first that shows what comes after."""
    shared: Range
    left: Range
    """Frames that show only what comes before, up to the join before that."""
    right: Range
    outgoing: Source
    incoming: Source
    is_continuous: bool


def joins_of(cut: Cut) -> tuple[Join, ...]:
    """Every join in order: between scenes, and inside a scene that was bought in parts."""
    found: list[Join] = []
    for before, after in pairwise((None, *cut.scenes)):
        assert after is not None
        if before is not None:
            found.append(_between(before, after))
        found += _inside(after)
    return tuple(found)


def moves(source: Source) -> bool:
    """True for footage: what is drawn may stand still and be dark."""
    return isinstance(source, FileSource) or (isinstance(source, TakeSource) and source.look == "take")


def fades_of(cut: Cut) -> tuple[Range, ...]:
    """Frames of the film in which black is meant."""
    return tuple(_fade(scene) for scene in cut.scenes if scene.transition.kind == "fade")


def _fade(scene: CutScene) -> Range:
    start, frames = scene.at.start, scene.transition.frames
    ahead = frames // 2 if start else 0
    return Range(start - ahead, start + frames - ahead)


def _between(before: CutScene, after: CutScene) -> Join:
    start, kind = after.at.start, after.transition.kind
    shared = Range(start, start + after.transition.overlap)
    if kind == "fade":
        shared = _fade(after)
    outgoing, incoming = before.sources[-1], after.sources[0]
    left = Range(before.at.end - outgoing.used.length, shared.start)
    right = Range(shared.end, after.at.start + incoming.used.length)
    goes_on = isinstance(incoming, TakeSource) and incoming.continues == before.id
    is_continuous = goes_on and moves(outgoing) and moves(incoming)
    return Join(before, after, kind, start, shared, left, right, outgoing, incoming, is_continuous)


def _inside(scene: CutScene) -> list[Join]:
    found, start = [], scene.at.start
    for outgoing, incoming in pairwise(scene.sources):
        frame = start + outgoing.used.length
        left, right = Range(start, frame), Range(frame, frame + incoming.used.length)
        is_continuous = moves(outgoing) and moves(incoming)
        found.append(
            Join(scene, scene, "part", frame, Range(frame, frame), left, right, outgoing, incoming, is_continuous)
        )
        start = frame
    return found
