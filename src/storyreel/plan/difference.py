"""Two versions of a board: which scenes came, went, moved, were renamed or changed, and what that costs. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from storyreel.base.money import Usd
from storyreel.board.model import Storyboard
from storyreel.plan.changes import Change, changes
from storyreel.plan.fields import film_fields
from storyreel.plan.matching import Pair, match
from storyreel.plan.plan import Plan, PlannedPart, total
from storyreel.plan.versions import SeenFilm, SeenScene, Version, scene_changes, take_changes

__all__ = ["BoardDifference", "SceneDifference", "Version", "difference", "idents"]

Kind = Literal["added", "removed", "renamed", "moved", "changed", "retimed", "captions"]
Ident = tuple[str, int | None]

_TIMES = ("duration", "trim", "speed", "transition", "audio_lead", "audio_lag", "freeze", "at", "for", "in", "out")
_CAPTIONS = ("say", "text")


@dataclass(frozen=True, slots=True)
class SceneDifference:
    """One scene of one film, or of several in which it differs alike."""

    scene: str
    kinds: tuple[Kind, ...]
    was: str | None = None
    """Its id before, where that was another one."""
    changes: tuple[Change, ...] = ()
    seconds: tuple[Fraction | None, Fraction | None] = (None, None)
    """Shown, before and now."""
    to_make: tuple[PlannedPart, ...] = field(default=(), compare=False)
    """What this difference makes necessary, each (key, take) once."""
    films: tuple[str, ...] = field(default=(), compare=False)

    @property
    def cost_usd(self) -> Usd | None:
        return total(self.to_make)


@dataclass(frozen=True, slots=True)
class BoardDifference:
    """Only what differs; films whose every scene and setting is as it was are not named."""

    board: str
    status: Literal["added", "removed", "changed", "same"]
    films_added: tuple[str, ...] = ()
    films_removed: tuple[str, ...] = ()
    films: int = 0
    """How many films the board has now."""
    settings: tuple[tuple[Change, tuple[str, ...]], ...] = ()
    """Changes of the board itself, with the films that they are in."""
    scenes: tuple[SceneDifference, ...] = ()

    @property
    def to_make(self) -> tuple[PlannedPart, ...]:
        found = {(part.key, part.take): part for scene in self.scenes for part in scene.to_make}
        return tuple(found.values())

    @property
    def cost_usd(self) -> Usd | None:
        return total(self.to_make)

    @property
    def differs(self) -> bool:
        return self.status != "same"


def idents(plan: Plan | None) -> frozenset[Ident]:
    """Every take that a plan names."""
    if plan is None:
        return frozenset()
    return frozenset((p.key, p.take) for film in plan.films for scene in film.scenes for p in scene.parts)


def difference(board: str, old: Version | None, new: Version | None, known: frozenset[Ident]) -> BoardDifference:
    """Compare two versions of a board; None is a version that does not exist.

    `known` are the takes that the old versions of all boards name: what they would have cost is not told again.
    """
    before = {film.film: SeenFilm.of(film, old) for film in old.films} if old is not None else {}
    after = {film.film: SeenFilm.of(film, new) for film in new.films} if new is not None else {}
    told: dict[SceneDifference, list[SceneDifference]] = {}
    settings: dict[Change, list[str]] = {}
    comparison = _Comparison(known)
    for name in dict.fromkeys([*after, *before]):
        scenes, own = comparison.films(before.get(name), after.get(name))
        for scene in scenes:
            told.setdefault(scene, []).append(replace(scene, films=(name,)))
        for change in own:
            settings.setdefault(change, []).append(name)
    added = tuple(name for name in after if name not in before) if old is not None else ()
    removed = tuple(name for name in before if name not in after) if new is not None else ()
    differs = bool(told or settings or added or removed)
    status: Literal["added", "removed", "changed", "same"] = "changed" if differs else "same"
    if old is None or new is None:
        status = "added" if old is None else "removed"
    return BoardDifference(
        board,
        status,
        added,
        removed,
        len(after),
        tuple((change, tuple(films)) for change, films in settings.items()),
        tuple(map(_together, told.values())),
    )


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Compares film after film; scenes that films share are compared once."""

    known: frozenset[Ident]
    _memo: dict[Hashable, tuple[Change, ...]] = field(default_factory=dict)

    def films(self, old: SeenFilm | None, new: SeenFilm | None) -> tuple[list[SceneDifference], tuple[Change, ...]]:
        """What differs in the scenes, and in the film as a whole."""
        before, after = (film.scenes if film is not None else () for film in (old, new))
        pairs = match(before, after, lambda s: s.scene.id, lambda s: s.keys, lambda s: s.words)
        found = [scene for pair in pairs if (scene := self._scene(pair, old, new)) is not None]
        if old is None or new is None:
            return found, ()
        own = list(changes(film_fields(old.board), film_fields(new.board)))
        told = {change.field for change in own}
        for scene in found:
            fresh = [change for change in scene.changes if change.is_inherited and change.field not in told]
            own += [replace(change, is_inherited=False) for change in fresh]
            told |= {change.field for change in fresh}
        return found, tuple(own)

    def _scene(self, pair: Pair, old: SeenFilm | None, new: SeenFilm | None) -> SceneDifference | None:
        """None where nothing differs."""
        before = old.scenes[pair.old] if old is not None and pair.old is not None else None
        after = new.scenes[pair.new] if new is not None and pair.new is not None else None
        seconds = (_seconds(before, old), _seconds(after, new))
        if after is None:
            assert before is not None
            return SceneDifference(before.scene.id, ("removed",), seconds=seconds)
        fresh = self._to_make(after)
        if before is None or old is None or new is None:
            return SceneDifference(after.scene.id, ("added",), None, (), seconds, tuple(fresh.values()))
        found = self._changes(old.board, before, new.board, after)
        found += take_changes(before, old.lock, after, new.lock)
        kinds: list[Kind] = ["renamed"] if before.scene.id != after.scene.id else []
        if pair.is_moved:
            kinds.append("moved")
        has_other_takes = None not in (before.keys, after.keys) and before.keys != after.keys
        if found or has_other_takes:
            kinds.append(_kind(found, has_other_takes and after.scene.kind == "shots"))
        if not kinds:
            return None
        was = before.scene.id if before.scene.id != after.scene.id else None
        return SceneDifference(after.scene.id, tuple(kinds), was, found, seconds, tuple(fresh.values()))

    def _to_make(self, seen: SeenScene) -> dict[Ident, PlannedPart]:
        parts = seen.planned.parts if seen.planned is not None else ()
        wanted = {(part.key, part.take): part for part in parts if part.action in ("generate", "resume")}
        return {ident: part for ident, part in wanted.items() if ident not in self.known}

    def _changes(
        self, old_board: Storyboard, old: SeenScene, new_board: Storyboard, new: SeenScene
    ) -> tuple[Change, ...]:
        if old.planned is None or new.planned is None:
            return scene_changes(old_board, old, new_board, new)
        key = (id(old.scene), id(new.scene), id(old.planned), id(new.planned))
        if key not in self._memo:
            self._memo[key] = scene_changes(old_board, old, new_board, new)
        return self._memo[key]


def _together(alike: Sequence[SceneDifference]) -> SceneDifference:
    """A scene that differs alike in several films, told once; each film may have takes of its own to make."""
    parts = {(part.key, part.take): part for scene in alike for part in scene.to_make}
    films = tuple(name for scene in alike for name in scene.films)
    return replace(alike[0], to_make=tuple(parts.values()), films=films)


def _kind(found: Sequence[Change], has_other_takes: bool) -> Kind:
    names = [change.field.split(".") for change in found]
    if names and all(any(step in _TIMES for step in name) for name in names):
        return "retimed"
    if names and not has_other_takes and all(any(step in _CAPTIONS for step in name) for name in names):
        return "captions"
    return "changed"


def _seconds(seen: SeenScene | None, film: SeenFilm | None) -> Fraction | None:
    return (
        seen.cut.at.length / film.board.fps if seen is not None and film is not None and seen.cut is not None else None
    )
