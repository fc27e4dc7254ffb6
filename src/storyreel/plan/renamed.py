"""Held takes whose scene has another name now: found again by its words, or missed aloud before anything is bought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storyreel.base.diagnostic import Diagnostic, warning
from storyreel.board.model import Scene, Storyboard
from storyreel.plan.lock import LockedScene
from storyreel.plan.plan import PlannedScene
from storyreel.plan.request import Request
from storyreel.plan.sheet import Lane
from storyreel.plan.words import likeness

_ALIKE = 0.6
"""As `diff` counts scenes as renamed."""


def held_under(board: Storyboard, lane: Lane) -> Mapping[str, LockedScene]:
    """Held rows of the lock whose scenes are gone, by the id of the new scene whose words are most like theirs."""
    rows = _lost(board, lane)
    known = lane.lock.films.get(board.film, {})
    fresh = [scene for scene in board.scenes if scene.id not in known and scene.shots] if rows else []
    asked = {name: " ".join(lane.words(key) for key, _ in row.parts) for name, row in rows.items()}
    now = {scene.id: _words(scene) for scene in fresh}
    pairs = [(likeness(words, now[new]), name, new) for name, words in asked.items() for new in now]
    found: dict[str, LockedScene] = {}
    for alike, name, new in sorted(pairs, key=lambda pair: -pair[0]):
        if alike >= _ALIKE and new not in found and rows[name] not in found.values():
            found[new] = rows[name]
    return found


def words_of(request: Request) -> str:
    """What a request says of its scene alone, to be compared with what scenes say now."""
    shots = [" ".join([shot.camera or "", shot.prompt, *(line.text for line in shot.lines)]) for shot in request.shots]
    return " ".join([request.place or "", *shots])


def _words(scene: Scene) -> str:
    """As `words_of`, of a scene of the board."""
    said = [line.line for line in scene.say]
    shots = [
        " ".join([shot.camera or "", shot.prompt, *(line.line for line in shot.say if line.line)])
        for shot in scene.shots
    ]
    return " ".join([scene.place or "", *shots, *said])


def missed(board: Storyboard, planned: Sequence[PlannedScene], lane: Lane) -> tuple[Diagnostic, ...]:
    """A warning for each held take that the film shows no more, where a new scene would be bought instead."""
    shown = {(part.key, part.take) for scene in planned for part in scene.parts if part.is_chosen}
    known = lane.lock.films.get(board.film, {})
    fresh = [
        scene.id
        for scene in planned
        if scene.id not in known and any(part.action in ("generate", "resume") for part in scene.parts)
    ]
    places = {scene.id: scene.span("id") for scene in board.scenes}
    found = []
    for name, row in _lost(board, lane).items() if fresh else ():
        if not shown.issuperset(row.parts):
            names = ", ".join(f"`{one}`" for one in fresh[:3]) + (" and more" if len(fresh) > 3 else "")
            message = f"`{name}` is held, and no scene is called so or reads like it any more; {names} would be bought"
            hints = [f"if {names} is that scene, call it `{name}` again: a hold stays with its name"]
            found.append(warning("SR321", message, places[fresh[0]], hints=hints))
    return tuple(found)


def _lost(board: Storyboard, lane: Lane) -> Mapping[str, LockedScene]:
    """Held rows of scenes that the film does not have."""
    gone = lane.lock.gone(board.film, (scene.id for scene in board.scenes))
    return {name: row for name, row in gone if lane.lock.is_held(row)}
