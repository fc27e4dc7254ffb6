"""Why a scene asks for other takes than its lock has: what was asked then, against what is asked now."""

from __future__ import annotations

from dataclasses import dataclass

from storyreel.driver.project import Compiled, Project
from storyreel.plan.cause import causes
from storyreel.plan.changes import Change
from storyreel.plan.keys import request_key
from storyreel.plan.plan import PlannedFilm, PlannedScene
from storyreel.plan.request import Request
from storyreel.plan.requestfile import RequestBroken, parse_request


@dataclass(frozen=True, slots=True)
class Because:
    """What changed since the takes that the lock has."""

    changes: tuple[Change, ...] = ()
    is_recorded: bool = True
    """False where nobody kept what was asked then."""


def because(project: Project, compiled: Compiled, film: PlannedFilm, scene: PlannedScene) -> Because | None:
    """None where it asks for what its lock has, and where no lock has it."""
    row = compiled.lock.scene(film.name, scene.id) or scene.kept
    if row is None or [key for key, _ in row.parts] == [request_key(request) for request in scene.requests]:
        return None
    old = [_asked(project, key) for key, _ in row.parts]
    known = [request for request in old if request is not None]
    if len(known) < len(old):
        return Because(is_recorded=False)
    return Because(causes(known, scene.requests))


def _asked(project: Project, key: str) -> Request | None:
    text = project.store.asked(key)
    try:
        return None if text is None else parse_request(text, key).request
    except RequestBroken:
        return None  # As good as none: what changed can be told another way.
