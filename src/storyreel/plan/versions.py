"""One version of a board for comparing: every scene with all that is known of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from storyreel.board.model import Scene, Storyboard
from storyreel.plan.changes import Change, Value, changes
from storyreel.plan.chosen import chosen_parts
from storyreel.plan.cut import CutScene
from storyreel.plan.fields import scene_fields, shot_text
from storyreel.plan.lock import Lock
from storyreel.plan.matching import match
from storyreel.plan.plan import Plan, PlannedFilm, PlannedScene

_SHOWN_DIGITS = 8
_DERIVED = ("words", "aspect_ratio")
"""What only follows from another field, as a rule."""


@dataclass(frozen=True, slots=True)
class Version:
    """One side: the films of a board as far as they could be read, and their plan where there is one."""

    films: tuple[Storyboard, ...] = ()
    plan: Plan | None = None
    lock: Lock = field(default_factory=Lock)
    """What the films were made of then."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenScene:
    """A scene with all that is known of it."""

    scene: Scene
    planned: PlannedScene | None
    cut: CutScene | None

    @property
    def keys(self) -> Hashable:
        """What its takes are made of; None where it could not be planned."""
        return None if self.planned is None else tuple(dict.fromkeys(part.key for part in self.planned.parts))

    @property
    def words(self) -> str:
        return " ".join(shot.prompt for shot in self.scene.shots)


@dataclass(frozen=True, slots=True, eq=False)
class SeenFilm:
    board: Storyboard
    scenes: tuple[SeenScene, ...]
    lock: Lock

    @classmethod
    def of(cls, board: Storyboard, version: Version | None) -> SeenFilm:
        planned: PlannedFilm | None = None
        if version is not None and version.plan is not None:
            planned = next((film for film in version.plan.films if film.name == board.film), None)
        if planned is None or version is None:
            return cls(board, tuple(SeenScene(scene, None, None) for scene in board.scenes), Lock())
        rows = zip(board.scenes, planned.scenes, planned.cut.scenes, strict=True)
        return cls(board, tuple(SeenScene(*row) for row in rows), version.lock)


def take_changes(old: SeenScene, old_lock: Lock, new: SeenScene, new_lock: Lock) -> tuple[Change, ...]:
    """Where the same words show another take, or other bytes under its number, as the locks of both sides say."""
    if old.planned is None or new.planned is None or old.keys != new.keys:
        return ()
    keys = tuple(dict.fromkeys(part.key for part in new.planned.parts))
    found = []
    for number, key in enumerate(keys, 1):
        was, now = (_locked_take(lock, key) for lock in (old_lock, new_lock))
        if was is not None and now is not None and was != now:
            before, after = (
                f"{take} ({digest[:_SHOWN_DIGITS]})" if was[0] == now[0] else str(take) for take, digest in (was, now)
            )
            found.append(Change(f"take of part {number}" if len(keys) > 1 else "take", before, after))
    return tuple(found)


def _locked_take(lock: Lock, key: str) -> tuple[int, str] | None:
    take = lock.chosen(key)
    return None if take is None else (take, lock.takes[key, take].digest)


def scene_changes(old_board: Storyboard, old: SeenScene, new_board: Storyboard, new: SeenScene) -> tuple[Change, ...]:
    """Every field of a scene that differs, shots matched with shots."""
    shots = match(
        old.scene.shots,
        new.scene.shots,
        lambda shot: shot.id,
        lambda shot: (shot.prompt.strip(), shot.camera),
        lambda shot: shot.prompt,
        alike=0,
    )
    before: list[str | None] = [None] * len(old.scene.shots)
    after: list[str | None] = [None] * len(new.scene.shots)
    whole: list[Change] = []
    for pair in shots:
        if pair.new is not None:
            shot = new.scene.shots[pair.new]
            label = shot.id or str(pair.new + 1)
            if pair.old is None:
                whole.append(Change(f"shots.{label}", None, shot_text(shot), new.scene.span("shots", pair.new)))
                continue
            before[pair.old] = after[pair.new] = label
            if pair.is_moved:
                whole.append(Change(f"shots.{label}.place", str(pair.old + 1), str(pair.new + 1)))
        elif pair.old is not None:
            shot = old.scene.shots[pair.old]
            whole.append(Change(f"shots.{shot.id or pair.old + 1}", shot_text(shot), None))
    fields = changes(_fields(old_board, old, before), _fields(new_board, new, after))
    own = [change for change in fields if change.field.rpartition(".")[2] not in _DERIVED]
    return tuple([*whole, *own] or fields)


def _fields(board: Storyboard, seen: SeenScene, labels: Sequence[str | None]) -> Mapping[str, Value]:
    parts = chosen_parts(seen.cut, seen.planned) if seen.cut is not None and seen.planned is not None else []
    requests = [part.request for part in parts if part.request is not None]
    return scene_fields(board, seen.scene, seen.cut, requests, labels)
