"""A take chosen, held or released: what the lock says then, and which scenes would be made again because of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from storyreel.base.money import Usd
from storyreel.driver.locks import frames_of, locked_takes
from storyreel.driver.project import Compiled, Project
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Ident, Lock, LockedScene
from storyreel.plan.plan import Plan, PlannedPart, PlannedScene, total


class NotChosen(Exception):
    """It cannot be done; `str()` says why, and what there is to choose from."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Which take of a scene is to be in the film."""

    scene: str
    take: int
    part: int | None = None
    """Of a split scene, from 1; None: every part."""
    is_held: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Follower:
    """A scene that asks for other takes because of it."""

    scene: str
    films: tuple[str, ...]
    to_make: tuple[PlannedPart, ...]
    """None where the takes that it asks for then are here."""

    @property
    def cost_usd(self) -> Usd | None:
        return total(self.to_make)


@dataclass(frozen=True, slots=True)
class Choice:
    """What it comes to; nothing is written yet."""

    lock: Lock
    films: tuple[str, ...]
    """Every film that shows the take."""
    ripple: tuple[Follower, ...]
    """The next render makes these, too."""
    is_held: bool
    absent: tuple[Ident, ...] = ()
    """Chosen takes whose bytes are not here."""

    @property
    def to_make(self) -> tuple[PlannedPart, ...]:
        found = {(part.key, part.take): part for one in self.ripple for part in one.to_make}
        return tuple(found.values())

    @property
    def cost_usd(self) -> Usd | None:
        return total(self.to_make)


def picked(project: Project, compiled: Compiled, pick: Pick) -> Choice:
    """The lock with another take in every film that shares the request. Raises NotChosen."""
    plan, lock = _plan(compiled), compiled.lock
    takes = project.known(lock, compiled.boards)
    rows = _bought(plan, pick.scene)
    if not rows:
        raise NotChosen(f"{pick.scene} shows nothing that is bought: there are no takes to choose from")
    chosen: dict[Ident, None] = {}
    for film, scene in rows.items():
        row, keys = _row(scene), _keys(scene, pick)
        for key in dict.fromkeys(keys):
            numbers = tuple(sorted({*takes.numbers(key), *(n for known, n in lock.takes if known == key)}))
            if pick.take not in numbers:
                raise NotChosen(_unknown(pick, film, scene, key, numbers, len(rows)))
        parts = tuple((key, pick.take if key in keys else number) for key, number in row.parts)
        absent = [n for n, ident in enumerate(parts, 1) if ident not in lock.takes and not takes.has(*ident)]
        if absent:
            raise NotChosen(f"part {absent[0]} of {pick.scene} has no take yet; render it first")
        is_held = pick.is_held or lock.is_held(row)
        wanted = {*parts, *((key, number) for key in keys for number in takes.numbers(key))}
        lock = lock.with_takes(locked_takes(plan, wanted, lock.takes, takes).values())
        lock = lock.with_scene(film, pick.scene, replace(row, parts=parts))
        for key in keys:
            lock = lock.with_choice(key, pick.take)
            chosen[key, pick.take] = None
        held = parts if is_held else ()
        lock = lock.with_takes(replace(lock.takes[ident], is_held=True) for ident in held)
    lock = lock.with_takes(lock.takes[ident].noted(pick.note) for ident in chosen)
    shown = {ident for films in lock.films.values() for row in films.values() for ident in row.parts}
    idle = [take for take in lock.takes.values() if take.is_held and take.ident not in shown]
    lock = lock.with_takes(replace(take, is_held=False) for take in idle)
    return _choice(project, compiled, lock, tuple(chosen), pick.scene)


def released(project: Project, compiled: Compiled, scene: str) -> Choice:
    """The lock with the hold on a scene's takes taken off. Raises NotChosen."""
    rows = _bought(_plan(compiled), scene)
    idents = {ident for film, planned in rows.items() for ident in _locked(compiled.lock, film, planned)}
    held = sorted(ident for ident in idents if ident in compiled.lock.takes and compiled.lock.takes[ident].is_held)
    if not held:
        raise NotChosen(f"{scene} is not held")
    lock = compiled.lock.with_takes(replace(compiled.lock.takes[ident], is_held=False) for ident in held)
    return _choice(project, compiled, lock, held, scene)


def _locked(lock: Lock, film: str, scene: PlannedScene) -> Sequence[Ident]:
    row = lock.scene(film, scene.id) or scene.kept
    return row.parts if row is not None else ()


def _choice(project: Project, compiled: Compiled, lock: Lock, idents: Collection[Ident], scene: str) -> Choice:
    films = {film for key, _ in idents for film, _ in lock.shown_in(key)}
    takes = project.known(lock, compiled.boards)
    rows = [row for film in sorted(films) if (row := lock.scene(film, scene)) is not None]
    return Choice(
        lock,
        tuple(sorted(films)),
        _ripple(project, compiled, lock, scene),
        bool(rows) and all(lock.is_held(row) for row in rows),
        tuple(ident for ident in idents if not takes.has(*ident)),
    )


def _ripple(project: Project, compiled: Compiled, lock: Lock, picked: str) -> tuple[Follower, ...]:
    """Scenes of all films that ask for other takes under the new lock, and what is made of them."""
    whole = compiled
    if compiled.only is not None:  # A choice holds in every film.
        whole = project.compile(compiled.path, provider=compiled.provider, lock=compiled.lock)
    after = project.compile(compiled.path, provider=compiled.provider, lock=lock).plan
    before = _plan(whole)
    if after is None:
        raise NotChosen(f"{compiled.path} has errors in other films; `storyreel check` names them")
    old, told = _shown(before), {(part.key, part.take) for part in before.to_make()}
    films: dict[str, list[str]] = {}
    to_make: dict[str, dict[tuple[str, int | None], PlannedPart]] = {}
    for film in after.films:
        for scene in film.scenes:
            fresh = {
                (p.key, p.take): p
                for p in scene.parts
                if p.action in ("generate", "resume") and (p.key, p.take) not in told
            }
            is_other = _idents(scene) != old.get((film.name, scene.id))
            if fresh or (is_other and scene.id != picked):
                films.setdefault(scene.id, []).append(film.name)
                to_make.setdefault(scene.id, {}).update(fresh)
    return tuple(Follower(name, tuple(films[name]), tuple(to_make[name].values())) for name in films)


def _shown(plan: Plan) -> Mapping[tuple[str, str], tuple[tuple[str, int | None], ...]]:
    return {(film.name, scene.id): _idents(scene) for film in plan.films for scene in film.scenes}


def _idents(scene: PlannedScene) -> tuple[tuple[str, int | None], ...]:
    return tuple((part.key, part.take) for part in scene.parts if part.is_chosen)


def _bought(plan: Plan, scene: str) -> dict[str, PlannedScene]:
    """By film, where the scene is bought there."""
    return {
        film.name: one
        for film in plan.films
        for one in film.scenes
        if one.id == scene and any(part.request is not None and part.provider != ANIMATIC for part in one.parts)
    }


def _row(scene: PlannedScene) -> LockedScene:
    """What the scene shows now, as a lock has it."""
    if scene.kept is not None:
        return scene.kept
    chosen = [part for part in scene.parts if part.request is not None and part.is_chosen]
    return LockedScene(scene.asked, tuple((part.key, part.take or 1) for part in chosen), frames_of(scene))


def _keys(scene: PlannedScene, pick: Pick) -> tuple[str, ...]:
    """The requests that the choice is about."""
    keys = tuple(key for key, _ in _row(scene).parts)
    if pick.part is None:
        return keys
    if not 1 <= pick.part <= len(keys):
        count = f"{len(keys)} parts" if len(keys) > 1 else "one part"
        raise NotChosen(f"{pick.scene} has {count}; there is no part {pick.part}")
    return (keys[pick.part - 1],)


def _unknown(pick: Pick, film: str, scene: PlannedScene, key: str, numbers: Sequence[int], films: int) -> str:
    keys = [key for key, _ in _row(scene).parts]
    where = f"part {keys.index(key) + 1} of {pick.scene}" if len(keys) > 1 else pick.scene
    where = f"{where} in {film}" if films > 1 else where
    there = ", ".join(map(str, numbers))
    what = f"there {'is' if len(numbers) == 1 else 'are'} {there}" if numbers else "there is none yet"
    return f"{where} has no take {pick.take}; {what}"


def _plan(compiled: Compiled) -> Plan:
    if compiled.plan is None:
        raise NotChosen(f"{compiled.path} has errors; `storyreel check` names them")
    return compiled.plan
