"""Scenes that begin or end on a frame of another: which one, and the order in which to plan them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storyreel.board.model import Scene
from storyreel.board.rules.frames import PREVIOUS, scene_of_frame


@dataclass(frozen=True, slots=True)
class Picture:
    """One `start` or `end` as written: a file, or the last frame of the scene at index `scene`."""

    key: Literal["start", "end"]
    text: str
    scene: int | None = None


def pictures(scenes: Sequence[Scene]) -> tuple[tuple[Picture, ...], ...]:
    """Every scene's pictures; raises LookupError on frames that `check` refuses."""
    if not any(scene.start or scene.end for scene in scenes):
        return ((),) * len(scenes)
    ids = {scene.id: index for index, scene in enumerate(scenes)}
    return tuple(
        (
            *(_picture("start", text, index, scenes, ids) for text in scene.start if text),
            *(_picture("end", text, index, scenes, ids) for text in [scene.end] if text),
        )
        for index, scene in enumerate(scenes)
    )


def order(wanted: Sequence[Sequence[Picture]]) -> tuple[int, ...]:
    """Film order, but each scene after those that it goes on from; raises LookupError on a circle."""
    done: dict[int, None] = {}
    for root in range(len(wanted)):
        chain = [root]
        while chain:
            needs = (p.scene for p in wanted[chain[-1]] if p.scene is not None and p.scene not in done)
            need = next(needs, None)
            if need is None:
                done.setdefault(chain.pop())
            elif need in chain:
                raise LookupError("scenes wait for each other's frames")
            else:
                chain.append(need)
    return tuple(done)


def _picture(
    key: Literal["start", "end"], text: str, index: int, scenes: Sequence[Scene], ids: dict[str, int]
) -> Picture:
    if text == PREVIOUS:
        before = next((i for i in range(index - 1, -1, -1) if scenes[i].kind != "card"), None)
        if before is None:
            raise LookupError("no scene stands before it")
        return Picture(key, text, before)
    name = scene_of_frame(text)
    return Picture(key, text, None if name is None else ids[name])
