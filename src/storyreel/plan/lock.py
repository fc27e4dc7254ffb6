"""The lock is the film: which take each scene shows, and what each bought take was paid for. Values, no file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from storyreel.base.money import Usd

Ident = tuple[str, int]
"""A request key and a take number."""


@dataclass(frozen=True, slots=True)
class LockedTake:
    """One take that was bought."""

    key: str
    take: int
    digest: str
    """SHA-256 of its bytes."""
    provider: str
    job: str | None
    paid: Usd
    seconds: int
    """Bought."""
    is_held: bool = False
    """It stays in its scenes though their words change."""
    note: str | None = None

    @property
    def ident(self) -> Ident:
        return (self.key, self.take)

    def noted(self, note: str | None) -> LockedTake:
        """The same take with a note, in one line of what UTF-8 can say; empty: with none; None: with the one it has."""
        if note is None:
            return self
        line = " ".join(note.split()).encode("utf-8", "replace").decode()
        return replace(self, note=line or None)


@dataclass(frozen=True, slots=True)
class LockedFrame:
    """The frame of another scene that a scene begins or ends on."""

    scene: str
    """As it was called then."""
    key: str
    take: int
    frame: int
    """From 0, at the film's rate."""

    @property
    def ident(self) -> Ident:
        return (self.key, self.take)


@dataclass(frozen=True, slots=True)
class LockedScene:
    """What a scene of a film shows."""

    asked: str
    """Digest of what its author wrote when its takes were bought, before any model's limits."""
    parts: tuple[Ident, ...]
    """In order."""
    frames: tuple[LockedFrame, ...] = ()
    """Of other scenes, those that it begins on before the one that it ends on."""
    says: str = ""
    """Digest of what its author writes now, where that is other words than its held takes have."""

    @property
    def idents(self) -> tuple[Ident, ...]:
        """Takes that it shows, and takes that it goes on from."""
        return (*self.parts, *(frame.ident for frame in self.frames))


@dataclass(frozen=True)
class Lock:
    """Of one board."""

    takes: Mapping[Ident, LockedTake] = field(default_factory=dict)
    films: Mapping[str, Mapping[str, LockedScene]] = field(default_factory=dict)
    """By film, then by scene."""

    def scene(self, film: str, scene_id: str) -> LockedScene | None:
        return self.films.get(film, {}).get(scene_id)

    def chosen(self, key: str) -> int | None:
        """Which take of a request is in the films; a choice holds wherever the request is shown."""
        return self._chosen.get(key)

    def gone(self, film: str, scenes: Iterable[str]) -> tuple[tuple[str, LockedScene], ...]:
        """Scenes of a film that it does not have any more, given those that it has: renamed ones, or dropped ones."""
        known = self.films.get(film, {})
        names = frozenset(scenes) if known else frozenset()
        return tuple((name, scene) for name, scene in known.items() if name not in names)

    def following(self, films: Sequence[str]) -> Lock:
        """The same lock of a board that has these films: its only film may have been renamed, with its board say."""
        if len(films) != 1 or len(self.films) != 1 or films[0] in self.films:
            return self
        return Lock(self.takes, {films[0]: next(iter(self.films.values()))})

    def is_held(self, scene: LockedScene) -> bool:
        """True where every take of a scene is held."""
        takes = [self.takes.get(ident) for ident in scene.parts]
        return bool(takes) and all(take is not None and take.is_held for take in takes)

    def name_of(self, film: str, scene: LockedScene) -> str | None:
        """What a scene of a film was called when this lock was written."""
        return next((name for name, row in self.films.get(film, {}).items() if row == scene), None)

    def shown_in(self, key: str) -> tuple[tuple[str, str], ...]:
        """Film and scene of every place that shows a request."""
        return tuple(
            (film, scene_id)
            for film, scenes in self.films.items()
            for scene_id, scene in scenes.items()
            if any(part == key for part, _ in scene.parts)
        )

    def with_choice(self, key: str, take: int) -> Lock:
        """The same lock with another take of one request in every film that shows it."""

        def chosen(scene: LockedScene) -> LockedScene:
            return replace(scene, parts=tuple((k, take if k == key else t) for k, t in scene.parts))

        films = {film: {name: chosen(scene) for name, scene in rows.items()} for film, rows in self.films.items()}
        return Lock(self.takes, films)

    def with_scene(self, film: str, name: str, scene: LockedScene) -> Lock:
        """The same lock, with a scene added or replaced."""
        return Lock(self.takes, {**self.films, film: {**self.films.get(film, {}), name: scene}})

    def with_takes(self, takes: Iterable[LockedTake]) -> Lock:
        """The same lock, with takes added or replaced."""
        return Lock({**self.takes, **{take.ident: take for take in takes}}, self.films)

    def without(self, idents: Iterable[Ident]) -> Lock:
        """The same lock but for takes whose bytes are to be named anew."""
        gone = frozenset(idents)
        return Lock({ident: take for ident, take in self.takes.items() if ident not in gone}, self.films)

    @cached_property
    def _chosen(self) -> dict[str, int]:
        return {key: take for rows in self.films.values() for scene in rows.values() for key, take in scene.parts}
