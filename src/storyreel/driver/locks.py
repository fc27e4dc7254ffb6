"""The lock of a board on disk: read before planning, written after takes were bought or chosen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from storyreel.base.money import NOTHING
from storyreel.driver.known import KnownTakes
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Lock, LockedScene, LockedTake
from storyreel.plan.lockfile import LockBroken, lock_text, parse_lock
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart, PlannedScene

_MOST_BYTES = 64 * 1024 * 1024


class LockRefused(Exception):
    """A lock that cannot be read; `str()` says which and why."""


def lock_file(root: Path, board: str) -> Path:
    """Where the lock of the board at a project path lies."""
    return (root / board).with_suffix(".lock.yaml")


def read_lock(root: Path, board: str) -> Lock:
    """An empty one where there is no file; raises LockRefused."""
    file = lock_file(root, board)
    name = file.relative_to(root).as_posix()
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise LockRefused(f"{name} is larger than any lock")
        return parse_lock(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Lock()
    except UnicodeDecodeError:
        raise LockRefused(f"{name} is not UTF-8 text") from None
    except LockBroken as broken:
        raise LockRefused(f"{name}: {broken}") from None


def write_lock(root: Path, board: str, lock: Lock) -> bool:
    """Replace the file, whole or not at all; False where it already says the same, or there is nothing to say."""
    file = lock_file(root, board)
    if not lock.takes and not file.exists():
        return False
    text = lock_text(lock)
    if file.exists() and file.read_text(encoding="utf-8", errors="replace") == text:
        return False
    handle, name = tempfile.mkstemp(prefix=".lock-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return True


def locked(plan: Plan, lock: Lock, takes: KnownTakes, *, is_whole: bool) -> Lock:
    """The lock after a render: every scene whose takes are here, and every bought take that these name.

    `is_whole` says that the plan holds every film of the board: films that it has not are gone then.
    """
    films = {} if is_whole else dict(lock.films)
    for film in plan.films:
        before = lock.films.get(film.name, {})
        rows = {scene.id: _scene(scene, film, takes) or before.get(scene.id) for scene in film.scenes}
        films[film.name] = {name: row for name, row in rows.items() if row is not None}
    named = {ident for rows in films.values() for row in rows.values() for ident in row.parts}
    keys = {key for key, _ in named}
    found = {ident: take for ident, take in lock.takes.items() if ident[0] in keys}
    for part in _bought(plan):
        if part.key in keys and part.take is not None:
            for number in takes.numbers(part.key):
                found |= _take(part, number, found, takes)
    return Lock(found, {name: rows for name, rows in films.items() if rows})


def _scene(scene: PlannedScene, film: PlannedFilm, takes: KnownTakes) -> LockedScene | None:
    """None for what is drawn here, and where a take is not here yet."""
    chosen = [part for part in scene.parts if part.request is not None and part.is_chosen]
    if not chosen or any(part.provider == ANIMATIC or part.take is None for part in chosen):
        return None
    idents = tuple((part.key, part.take) for part in chosen if part.take is not None)
    if not all(takes.has(*ident) for ident in idents):
        return None
    return LockedScene(scene.asked, idents)


def _bought(plan: Plan) -> Iterable[PlannedPart]:
    return (part for part in plan.parts() if part.request is not None and part.provider != ANIMATIC)


def _take(
    part: PlannedPart, number: int, known: dict[tuple[str, int], LockedTake], takes: KnownTakes
) -> dict[tuple[str, int], LockedTake]:
    record, before = takes.find(part.key, number), known.get((part.key, number))
    if record is None or (before is not None and before.digest == record.digest):
        return {}
    return {
        (part.key, number): LockedTake(
            part.key,
            number,
            record.digest,
            record.provider,
            record.job,
            NOTHING if record.paid is None else record.paid,
            int(part.seconds),
            before is not None and before.is_held,
            None if before is None else before.note,
        )
    }
