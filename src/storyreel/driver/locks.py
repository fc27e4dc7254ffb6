"""The lock of a board on disk: read before planning, written after takes were bought or chosen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from storyreel.base.money import NOTHING
from storyreel.board.model import Storyboard
from storyreel.driver.known import KnownTakes
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Ident, Lock, LockedFrame, LockedScene, LockedTake
from storyreel.plan.lockfile import LockBroken, lock_text, parse_lock
from storyreel.plan.plan import Plan, PlannedScene
from storyreel.plan.request import FrameOf

MOST_BYTES = 64 * 1024 * 1024


class LockRefused(Exception):
    """A lock that cannot be read; `str()` says which and why."""


def lock_file(root: Path, board: str) -> Path:
    """Where the lock of the board at a project path lies."""
    return (root / board).with_suffix(".lock.yaml")


def read_lock(root: Path, board: str) -> Lock:
    """An empty one where there is no file; raises LockRefused."""
    return DiskLocks(root).of(board) or Lock()


class Locks(Protocol):
    """Where the locks of boards are read."""

    def of(self, board: str) -> Lock | None:
        """The lock of the board at a project path; None where it has none. Raises LockRefused."""
        ...


@dataclass(frozen=True, slots=True)
class DiskLocks:
    """As they lie in a project."""

    root: Path

    def of(self, board: str) -> Lock | None:
        file = lock_file(self.root, board)
        name = file.relative_to(self.root).as_posix()
        try:
            if file.stat().st_size > MOST_BYTES:
                raise LockRefused(f"{name} is larger than any lock")
            return lock_of(file.read_bytes(), name)
        except FileNotFoundError:
            return None


def lock_of(data: bytes, name: str) -> Lock:
    """The lock in a file of that name; raises LockRefused."""
    try:
        return parse_lock(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise LockRefused(f"{name} is not UTF-8 text") from None
    except LockBroken as broken:
        raise LockRefused(f"{name}: {broken}") from None


def clipped_locks(locks: Locks, folder: str, films: Iterable[Storyboard]) -> dict[str, Lock]:
    """Locks of the boards in `folder` that `clip: {of: board/scene}` names, by that name; raises LockRefused."""
    clips = (scene.clip for film in films for scene in film.scenes if scene.clip is not None)
    names = sorted({clip.of.rpartition("/")[0] for clip in clips if clip.of})
    found = ((name, locks.of(f"{folder}/{name}.yaml")) for name in names)
    return {name: lock for name, lock in found if lock is not None}


def bought_anew(lock: Lock, scenes: Collection[str], takes: KnownTakes) -> Lock:
    """The lock without what is gone of these scenes, where it was paid for again since then: that is their take now."""
    rows = (row for shown in lock.films.values() for name, row in shown.items() if name in scenes)
    gone = {ident for row in rows for ident in row.parts if not takes.has(*ident)}
    return lock.without(ident for ident in gone if takes.store.find(*ident) is not None)


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


def locked(plan: Plan, lock: Lock, takes: KnownTakes, *, is_whole: bool, fresh: Collection[Ident] = ()) -> Lock:
    """The lock after a render: every scene whose takes are here, and the bought takes behind them.

    Candidates enter it when they are `fresh`, so that a render with nothing to do changes nothing. `is_whole` says that
    the plan holds every film of the board: films that it has not are gone then.
    """
    films = {} if is_whole else dict(lock.films)
    for film in plan.films:
        before = lock.films.get(film.name, {})
        rows = {scene.id: locked_scene(scene, takes) or before.get(scene.id) for scene in film.scenes}
        films[film.name] = {name: row for name, row in rows.items() if row is not None}
    shown = {ident for rows in films.values() for row in rows.values() for ident in row.idents}
    keys = {key for key, _ in shown}
    found = {ident: take for ident, take in lock.takes.items() if ident[0] in keys}
    wanted = shown | {ident for ident in fresh if ident[0] in keys}
    found |= locked_takes(plan, wanted, found, takes)
    whole = {
        film: {name: row for name, row in rows.items() if all(ident in found for ident in row.parts)}
        for film, rows in films.items()
    }
    return Lock(found, {film: rows for film, rows in whole.items() if rows})


def locked_scene(scene: PlannedScene, takes: KnownTakes) -> LockedScene | None:
    """What a scene shows; None for what is drawn here, and where a take is not here yet."""
    if scene.kept is not None:
        return replace(scene.kept, says=scene.asked if scene.asked != scene.kept.asked else "")
    chosen = [part for part in scene.parts if part.request is not None and part.is_chosen]
    if not chosen or any(part.provider == ANIMATIC or part.take is None for part in chosen):
        return None
    idents = tuple((part.key, part.take) for part in chosen if part.take is not None)
    if not all(takes.has(*ident) for ident in idents):
        return None
    return LockedScene(scene.asked, idents, frames_of(scene))


def frames_of(scene: PlannedScene) -> tuple[LockedFrame, ...]:
    """Of other scenes, as they are asked for now."""
    if not scene.requests:
        return ()
    ends = (*scene.requests[0].start, scene.requests[-1].end)
    return tuple(LockedFrame(e.scene, e.key, e.take, e.frame) for e in ends if isinstance(e, FrameOf))


def locked_takes(
    plan: Plan, wanted: Collection[Ident], known: Mapping[Ident, LockedTake], takes: KnownTakes
) -> dict[Ident, LockedTake]:
    """Those of the wanted takes that are here and that `known` does not have so, as a lock has them."""
    seconds = {p.key: int(p.seconds) for p in plan.parts() if p.request is not None and p.provider != ANIMATIC}
    found = {}
    for ident in wanted:
        record, before = takes.find(*ident), known.get(ident)
        if record is None or ident[0] not in seconds or (before is not None and before.digest == record.digest):
            continue
        found[ident] = LockedTake(
            *ident,
            record.digest,
            record.provider,
            record.job,
            NOTHING if record.paid is None else record.paid,
            seconds[ident[0]],
            before is not None and before.is_held,
            None if before is None else before.note,
        )
    return found
