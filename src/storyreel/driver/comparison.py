"""Boards as they are against boards as a git revision has them, both compiled, nothing checked out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from storyreel.base.money import Usd
from storyreel.board.disk import DiskSource
from storyreel.driver.git import blobs
from storyreel.driver.project import BOARDS, Compiled, Project
from storyreel.driver.revision import RevisionLocks, RevisionSource
from storyreel.media.probe import probe
from storyreel.plan.catalog import catalog
from storyreel.plan.difference import BoardDifference, Version, difference, idents
from storyreel.plan.plan import PlannedPart, total


class NoBoard(Exception):
    """Neither the project nor the revision has such a board; `str()` names those that there are."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it."""

    revision: str
    commit: str
    prices_as_of: date
    boards: tuple[BoardDifference, ...]
    broken: tuple[Compiled, ...]
    """Boards that have errors now: what they cost cannot be known."""
    notes: tuple[str, ...]
    """Sentences on what could not be compared."""

    @property
    def to_make(self) -> tuple[PlannedPart, ...]:
        """What the differences make necessary, each (key, take) once."""
        return tuple({(part.key, part.take): part for board in self.boards for part in board.to_make}.values())

    @property
    def total_usd(self) -> Usd | None:
        """US dollars of it; None where a price is not known, or errors leave it open."""
        return None if self.broken else total(self.to_make)


def compared(
    project: Project, revision: str, named: Sequence[str], *, provider: str, only: str | None = None
) -> Compared:
    """Compare the named boards (paths or stems), or all of either side. Connects nowhere.

    Each side is planned by its own locks. Raises NoRevision, NoBoard, UnknownProvider, LockRefused.
    """
    with blobs(project.root) as contents:
        source = RevisionSource(project.root, revision, contents, project.source, probe)
        before = Project(project.root, project.settings)
        before.source = cast(DiskSource, source)  # compiling asks it as a SourceTree alone
        before.locks = RevisionLocks(source, revision)
        here, there = project.boards(), source.boards(BOARDS)
        known = tuple(dict.fromkeys([*here, *there]))
        paths = [_board(name, known) for name in named] or sorted(known)
        now = {path: project.compile(path, provider=provider, only=only) for path in paths if path in here}
        then = {path: before.compile(path, provider=provider, only=only) for path in paths if path in there}
    made = frozenset(ident for compiled in then.values() for ident in idents(compiled.plan))
    found = []
    for path in paths:
        old, new = (_version(side.get(path)) for side in (then, now))
        found.append(difference(path, old, new, made))
    return Compared(
        revision,
        source.commit,
        catalog().prices_as_of,
        tuple(found),
        tuple(compiled for compiled in now.values() if compiled.has_errors),
        tuple(_note(compiled, revision) for compiled in then.values() if compiled.has_errors),
    )


def _version(compiled: Compiled | None) -> Version | None:
    return None if compiled is None else Version(compiled.films, compiled.plan, compiled.lock)


def _note(compiled: Compiled, revision: str) -> str:
    first = next(found for found in compiled.diagnostics if found.is_error)
    return f"{compiled.path} had errors at {revision}, so its takes there are not known: {first.span}: {first.message}"


def _board(name: str, known: Sequence[str]) -> str:
    for path in known:
        stem = path.rpartition("/")[2].rpartition(".")[0]
        if name in (path, stem):
            return path
    raise NoBoard(f"no board {name}, now or then (boards: {', '.join(known) or 'none'})")
