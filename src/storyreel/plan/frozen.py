"""`freeze: true`: a scene goes on from the frame that its takes were bought with, whatever is chosen before it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from storyreel.board.model import Scene, Storyboard
from storyreel.plan.lock import Lock, LockedFrame
from storyreel.plan.request import FrameOf


@dataclass(slots=True)
class Frozen:
    """The frames of other scenes that the lock has for one scene, to be asked for in the order of its pictures."""

    _frames: Iterator[LockedFrame]
    _scenes: frozenset[str]
    """Of the film, as they are called now."""
    _notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, board: Storyboard, scene: Scene, lock: Lock) -> Frozen:
        locked = lock.scene(board.film, scene.id) if scene.freeze else None
        if locked is None:
            return cls(iter(()), frozenset())
        return cls(iter(locked.frames), frozenset(one.id for one in board.scenes))

    def next(self, now: FrameOf) -> FrameOf:
        """The next frame: `now` where none is frozen, or where its author took another scene for it since."""
        was = next(self._frames, None)
        if was is None or (was.scene != now.scene and was.scene in self._scenes):
            return now
        if (was.key, was.take) != (now.key, now.take):
            self._notes.append(f"`freeze` keeps the frame of another take of `{now.scene}` than is shown now")
        return FrameOf(was.key, was.take, now.scene, was.frame)

    def notes(self) -> tuple[str, ...]:
        """Sentences on the frames that are frozen."""
        return tuple(self._notes)
