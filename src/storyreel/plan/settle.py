"""The cut as its takes really are: at a chained seam the doubled frame is left out, where a take has one more. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from storyreel.plan.cut import Cut, CutScene, Source, TakeSource


def settle(cut: Cut, held: Callable[[TakeSource], int | None]) -> Cut:
    """The cut of the same length whose chained scenes begin one frame later.

    `held` tells the frames that a take really has at the film's rate, None where it is not here yet: then nothing
    changes. A scene's last frame as shown is that of its last source, after this.
    """
    scenes = list(cut.scenes)
    for index, (before, scene) in enumerate(pairwise(cut.scenes), 1):
        first = scene.sources[0]
        if isinstance(first, TakeSource) and _is_doubled(before, scene, first):
            found = held(first)
            if found is not None and found > first.used.end:
                moved: tuple[Source, ...] = (replace(first, used=first.used.shifted(1)), *scene.sources[1:])
                scenes[index] = replace(scene, sources=moved)
    return replace(cut, scenes=tuple(scenes))


def _is_doubled(before: CutScene, scene: CutScene, first: TakeSource) -> bool:
    """True where the frame before the cut and the one after it are the same picture."""
    if first.look != "take" or first.continues != before.id:
        return False
    shown_before = before.sources[-1]
    is_take = isinstance(shown_before, TakeSource) and shown_before.look == "take"
    # Played at another speed the next frame is not the next picture; trimmed, the doubled one is not shown.
    return is_take and scene.transition.kind == "cut" and first.used.start == 0 and scene.speed == 1
