"""Of all takes that a plan names for a scene, those that are in the film."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from storyreel.plan.cut import CutScene, TakeSource
from storyreel.plan.plan import PlannedPart, PlannedScene


def chosen_parts(scene: CutScene, planned: PlannedScene) -> list[PlannedPart]:
    """For each part of a scene the take that is in the film, in order."""
    shown = {(source.key, source.take) for source in scene.sources if isinstance(source, TakeSource)}
    found = []
    for _, rows in groupby(_grouped(planned.parts), key=lambda entry: entry[0]):
        parts = [part for _, part in rows]
        found.append(next((part for part in parts if (part.key, part.take) in shown), parts[0]))
    return found


def _grouped(parts: Sequence[PlannedPart]) -> list[tuple[int, PlannedPart]]:
    """Candidates of one part together: a new part begins with another key, or where a take comes again."""
    found: list[tuple[int, PlannedPart]] = []
    seen: set[tuple[str, int | None]] = set()
    group = 0
    for part in parts:
        ident = (part.key, part.take)
        if found and (part.key != found[-1][1].key or ident in seen):
            group, seen = group + 1, set()
        seen.add(ident)
        found.append((group, part))
    return found
