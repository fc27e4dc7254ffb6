"""Settings that are read and checked but not given effect yet; the plan says so, so that nobody waits for them."""

from __future__ import annotations

from storyreel.board.model import Scene
from storyreel.plan.sheet import Lane


def waiting(scene: Scene, lane: Lane) -> list[str]:
    """Sentences on one scene."""
    notes = []
    if scene.takes > 1 and lane.is_animatic:
        notes.append(f"`takes: {scene.takes}` is for bought takes; panels are drawn once")
    return notes
