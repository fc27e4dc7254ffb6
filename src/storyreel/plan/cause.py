"""Why a scene asks for other takes than it shows: which words, settings or files differ from what was asked then."""

from __future__ import annotations

from collections.abc import Sequence

from storyreel.plan.changes import Change, changes, request_fields
from storyreel.plan.matching import match
from storyreel.plan.request import Request, ShotRequest

_FOLLOWS = ("words", "aspect_ratio")
"""What follows from other fields, as a rule: told only where nothing else is."""


def causes(old: Sequence[Request], new: Sequence[Request]) -> tuple[Change, ...]:
    """Every difference between what was asked for a scene's parts and what is asked now, shots matched with shots."""
    before, after = ([shot for request in side for shot in request.shots] for side in (old, new))
    labels_before: list[str | None] = [None] * len(before)
    labels_after: list[str | None] = [None] * len(after)
    whole: list[Change] = []
    for pair in match(before, after, lambda _: None, lambda shot: (shot.prompt, shot.camera), _words, alike=0):
        if pair.old is not None and pair.new is not None:
            label = str(pair.new + 1)
            labels_before[pair.old] = labels_after[pair.new] = label
            if pair.is_moved:
                whole.append(Change(f"shots.{label}.place", str(pair.old + 1), label))
        elif pair.new is not None:
            whole.append(Change(f"shots.{pair.new + 1}", None, _shown(after[pair.new])))
        elif pair.old is not None:
            whole.append(Change(f"shots.{pair.old + 1}", _shown(before[pair.old]), None))
    fields = changes(request_fields(old, labels_before), request_fields(new, labels_after))
    own = [change for change in fields if change.field.rpartition(".")[2] not in _FOLLOWS]
    return tuple([*whole, *own] or fields)


def _words(shot: ShotRequest) -> str:
    return shot.prompt


def _shown(shot: ShotRequest) -> str:
    return f"{shot.seconds} s: {' '.join(shot.prompt.split())}"
