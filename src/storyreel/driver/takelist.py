"""Every take of a board's scenes that is known: of the words that it has now, and of older wordings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.money import NOTHING, Usd
from storyreel.driver.known import KnownTakes
from storyreel.driver.project import Compiled, Project
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.keys import request_key
from storyreel.plan.lock import Ident, Lock, LockedTake
from storyreel.plan.plan import PlannedScene
from storyreel.plan.requestfile import Asked, RequestBroken, parse_request
from storyreel.render.inventory import asked_keys, blob_file, users
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.store import TakeRecord


@dataclass(frozen=True, slots=True)
class ListedTake:
    """One candidate."""

    scene: str
    part: int | None
    """Of a split scene, from 1; None for older wordings, whose scene may have been split otherwise."""
    key: str
    take: int
    is_current: bool
    """False for a wording that the board does not ask for any more and does not show."""
    is_chosen: bool
    is_held: bool
    provider: str
    paid: Usd
    job: str | None
    at: float | None
    """Wall time of the request, else of the bytes; seconds since the epoch. None where neither is known here."""
    note: str | None
    file: Path | None
    """Its bytes, not hashed; None where they are not here."""
    words: str
    """Of an older wording, what was asked; empty where that is not known."""
    films: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        return self.file is not None


def listed_takes(project: Project, compiled: Compiled, scene: str | None = None) -> tuple[ListedTake, ...]:
    """In film order, older wordings of a scene after those of now. `scene` narrows it. Raises JournalRefused."""
    assert compiled.plan is not None
    past = _Past.of(project)
    takes = project.known(compiled.lock, compiled.boards)
    places = _places(compiled)
    current = frozenset(place.key for place in places)
    older = _older(project, compiled, past, current)
    found: list[ListedTake] = []
    for name in dict.fromkeys([*(place.scene for place in places), *older]):
        if scene not in (None, name):
            continue
        for place in places:
            if place.scene == name:
                found += _candidates(place, compiled.lock, takes, past)
        for key, words in older.get(name, {}).items():
            found += _candidates(_Place(name, None, key, None, (), words), compiled.lock, takes, past)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Place:
    """A request of a scene."""

    scene: str
    part: int | None
    key: str
    chosen: int | None
    """The take that is in the film; None where this request is not shown."""
    films: tuple[str, ...]
    words: str | None = None
    """Of an older wording."""


@dataclass(frozen=True, slots=True)
class _Past:
    """What the journal knows of takes that were bought here."""

    jobs: Mapping[Ident, PaidJob]

    @classmethod
    def of(cls, project: Project) -> _Past:
        bought = (job for job in Journal.past(project.journal, 0.0) if job.state == "stored" and job.digest)
        return cls({job.ident: job for job in bought})


def _places(compiled: Compiled) -> list[_Place]:
    """Every request of every scene that is bought, with the films that it is in."""
    assert compiled.plan is not None
    films: dict[tuple[str, int | None, str, int | None], list[str]] = {}
    for film in compiled.plan.films:
        for scene in film.scenes:
            for place in _of_scene(scene):
                films.setdefault(place, []).append(film.name)
    return [_Place(scene, part, key, take, tuple(names)) for (scene, part, key, take), names in films.items()]


def _of_scene(scene: PlannedScene) -> Iterator[tuple[str, int | None, str, int | None]]:
    bought = [part for part in scene.parts if part.request is not None and part.provider != ANIMATIC]
    shown = [part for part in bought if part.is_chosen]
    for number, part in enumerate(shown, 1):
        yield scene.id, number if len(shown) > 1 else None, part.key, part.take
    if scene.kept is not None:  # What its words ask for now is not shown, and may have takes all the same.
        keys = [request_key(request) for request in scene.requests]
        for number, key in enumerate(keys, 1):
            if key not in {part.key for part in shown}:
                yield scene.id, number if len(keys) > 1 else None, key, None


def _candidates(place: _Place, lock: Lock, takes: KnownTakes, past: _Past) -> Iterator[ListedTake]:
    known = {number for key, number in lock.takes if key == place.key}
    for number in sorted({*takes.numbers(place.key), *known}):
        ident = (place.key, number)
        record, locked, job = takes.find(*ident), lock.takes.get(ident), past.jobs.get(ident)
        file = None if record is None else blob_file(takes.store.root, record.digest)
        yield ListedTake(
            place.scene,
            place.part,
            *ident,
            place.words is None,
            number == place.chosen,
            locked is not None and locked.is_held,
            record.provider if record is not None else locked.provider if locked is not None else "",
            _paid(record, locked),
            record.job if record is not None else locked.job if locked is not None else None,
            job.intent_at if job is not None else file.stat().st_mtime if file is not None else None,
            locked.note if locked is not None else None,
            file,
            place.words or "",
            place.films,
        )


def _paid(record: TakeRecord | None, locked: LockedTake | None) -> Usd:
    if record is not None and record.paid is not None:
        return record.paid
    return locked.paid if locked is not None else NOTHING


def _older(
    project: Project, compiled: Compiled, past: _Past, current: frozenset[str]
) -> Mapping[str, Mapping[str, str]]:
    """By scene, the requests of other words that have takes, with those words as far as they are known."""
    found: dict[str, dict[str, str]] = {}
    noted: set[str] = set()
    assert compiled.plan is not None
    own = {key for key, _ in past.jobs}
    is_shared = len(users(project.store.root)) > 1  # Another project may have a scene of the same name.
    for key in asked_keys(project.store.root):
        asked = _asked(project, key)
        if asked is None:
            continue
        noted.add(key)
        is_ours = asked.board == compiled.plan.board and (key in own or not is_shared)
        if is_ours and key not in current and project.store.numbers(key):
            found.setdefault(asked.scene, {})[key] = _words(asked)
    for job in past.jobs.values():  # Of takes that were bought before their words were kept beside them.
        if job.key not in noted and job.key not in current and project.store.numbers(job.key):
            found.setdefault(job.scene, {})[job.key] = ""
    return found


def _asked(project: Project, key: str) -> Asked | None:
    text = project.store.asked(key)
    try:
        return None if text is None else parse_request(text, key)
    except RequestBroken:
        return None  # Words for people: a broken file is as good as none.


def _words(asked: Asked) -> str:
    return " / ".join(" ".join(shot.prompt.split()) for shot in asked.request.shots)
