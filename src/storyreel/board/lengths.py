"""How long a scene is in the cut, as far as the board alone says it."""

from __future__ import annotations

from fractions import Fraction

from storyreel.base.timebase import Duration, Rate, round_half_up
from storyreel.board.model import Scene


def written_frames(scene: Scene, rate: Rate, clip_seconds: Fraction | None = None) -> int | None:
    """Frames of a scene before trim and speed; None for a clip whose length is not known.

    `clip_seconds` is the length of the clip's file, which is needed where the clip has no `out`.
    """
    if scene.card is not None:
        return scene.card.duration.frames(rate)
    if scene.still is not None:
        return scene.still.duration.frames(rate)
    if scene.clip is None:
        return sum(shot.duration.frames(rate) for shot in scene.shots)
    end = _frames(scene.clip.out, rate)
    if end is None and clip_seconds is not None:
        end = round_half_up(clip_seconds * rate)
    return None if end is None else max(0, end - (_frames(scene.clip.in_, rate) or 0))


def shown_frames(scene: Scene, rate: Rate, clip_seconds: Fraction | None = None) -> int | None:
    """Frames of a scene in the cut: trimmed, then at its speed."""
    frames = written_frames(scene, rate, clip_seconds)
    if scene.trim is not None:
        end = _frames(scene.trim.out, rate)
        frames = frames if end is None else end
        frames = None if frames is None else max(0, frames - (_frames(scene.trim.in_, rate) or 0))
    if frames is None or scene.speed is None:
        return frames
    return round_half_up(frames / Fraction(str(scene.speed)))


def _frames(at: Duration | None, rate: Rate) -> int | None:
    return None if at is None else at.frames(rate)
