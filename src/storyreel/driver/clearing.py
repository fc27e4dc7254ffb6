"""What a store holds that nobody needs: found by what locks and boards name, paid takes only when asked for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from storyreel.base.money import NOTHING, Usd
from storyreel.driver.git import NoRevision, blobs, listing, tips
from storyreel.driver.locks import LockRefused, lock_of, read_lock
from storyreel.driver.project import BOARDS, Project
from storyreel.driver.sellers import paid_provider
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Ident, Lock
from storyreel.render.inventory import asked_files, blob_file, blob_files, loose_files, shelf_files, table_files, users
from storyreel.render.journal import Journal
from storyreel.render.store import TakeRecord, record_of, table_of

DAY_S = 86_400.0
FREE_DAYS = 30.0
"""So long what is free stays after it was used last, where nothing else is said."""
_SETTLED_S = DAY_S
"""What was just written may be about to be named."""

Kind = Literal["take", "panel", "shelf", "bytes", "request", "damaged", "leftover"]


@dataclass(frozen=True, slots=True)
class Idle:
    """Something that may go."""

    kind: Kind
    name: str
    size: int
    """Bytes."""
    age_s: float
    reason: str
    paid: Usd = NOTHING


@dataclass(slots=True)
class Cleared:
    """What went, or would go."""

    gone: list[Idle] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Why paid takes stay, in sentences."""

    @property
    def size(self) -> int:
        return sum(idle.size for idle in self.gone)


@dataclass(slots=True)
class _Needed:
    """What must stay."""

    takes: set[Ident] = field(default_factory=set)
    """Shown, gone on from, held, or asked for by a board."""
    digests: set[str] = field(default_factory=set)
    """Their bytes, as locks name them."""
    bought: set[str] = field(default_factory=set)
    """Bytes of every other take that somebody paid for, as locks and the journal know."""
    keys: set[str] = field(default_factory=set)
    """Of jobs that are open."""
    unsure: list[str] = field(default_factory=list)
    """Why it is not known of every paid take whether somebody needs it."""


@dataclass(frozen=True, slots=True)
class _Ages:
    now: float
    free_s: float
    paid_s: float | None
    """None: nothing that was paid for goes."""

    def of(self, file: Path) -> float:
        try:
            return self.now - file.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def is_over(self, age_s: float, *, is_paid: bool) -> bool:
        return self.paid_s is not None and age_s >= self.paid_s if is_paid else age_s >= self.free_s


def cleared(project: Project, older_than: float | None, *, is_dry: bool, now: float | None = None) -> Cleared:
    """Remove what nobody needs. `older_than`: days; without it no paid take goes. Raises LockRefused, JournalRefused.

    The caller holds the project. What the lock of any branch or tag shows stays, and what locks of other projects name
    that share the store.
    """
    needed = _needed(project)
    days = FREE_DAYS if older_than is None else older_than
    paid_s = None if older_than is None or needed.unsure else older_than * DAY_S
    ages = _Ages(time.time() if now is None else now, days * DAY_S, paid_s)
    found = Cleared(kept=needed.unsure if older_than is not None else [])
    root = project.store.root
    staying, going = set(needed.digests), set[str]()
    for record in _records(root):
        idle = _take(record, root, needed, ages)
        if idle is None:
            staying.add(record.digest)
        else:
            going.add(record.digest)
            found.gone.append(idle)
            if not is_dry:
                project.store.drop(record.key, {record.take})
    bought = {d for d in needed.bought if not ages.is_over(ages.of(blob_file(root, d)), is_paid=True)}
    staying |= bought - going
    rest = [*_shelf(root, staying, ages), *_bytes(root, staying, going, ages), *_requests(root, needed, ages)]
    rest += _loose(root, ages)
    for idle, file in rest:
        if idle.kind != "bytes" or file.name not in going:
            found.gone.append(idle)
        if not is_dry:
            file.unlink(missing_ok=True)
    return found


def _needed(project: Project) -> _Needed:
    needed = _Needed()
    roots = [project.root]
    for root, file in users(project.store.root).items():
        if root != project.root and not (root / BOARDS).is_dir():
            where = f"{root} keeps takes in this store and is not to be seen from here"
            needed.unsure.append(f"{where}: nothing paid goes (delete {file} once that project is no more)")
        elif root != project.root:
            roots.append(root)
    for root in roots:
        for path in sorted((root / BOARDS).rglob("*.lock.yaml")):
            board = path.with_name(f"{path.name.removesuffix('.lock.yaml')}.yaml").relative_to(root).as_posix()
            _of_lock(read_lock(root, board), needed)
        _of_git(root, needed)
    for job in Journal.past(project.journal, 0.0):
        if job.is_open:
            needed.keys.add(job.key)
        elif job.digest is not None:
            needed.bought.add(job.digest)
    for board in project.boards():
        _of_board(project, board, needed)
    return needed


def _of_git(root: Path, needed: _Needed) -> None:
    """What the locks of other branches and of tags show: a checkout of them is to cost nothing."""
    try:
        commits = tips(root)
    except NoRevision:
        return  # Not in git, or no git here: the locks of the project are all that there are.
    seen: set[str] = set()
    with blobs(root) as contents:
        for commit in commits:
            try:
                entries = listing(root, commit, BOARDS)
                for path, entry in entries.items():
                    if path.endswith(".lock.yaml") and entry.oid not in seen:
                        seen.add(entry.oid)
                        _of_lock(lock_of(b"".join(contents.pieces(entry.oid)), f"{path} of {commit[:10]}"), needed)
            except (NoRevision, LockRefused) as refused:
                needed.unsure.append(f"{refused}: nothing paid goes while a branch or tag has it so")


def _of_lock(lock: Lock, needed: _Needed) -> None:
    shown = {ident for rows in lock.films.values() for row in rows.values() for ident in row.idents}
    shown |= {take.ident for take in lock.takes.values() if take.is_held}
    needed.takes |= shown
    for take in lock.takes.values():
        (needed.digests if take.ident in shown else needed.bought).add(take.digest)


def _of_board(project: Project, board: str, needed: _Needed) -> None:
    """Panels that the board draws now, and bought takes that it would ask for again if they went."""
    for provider in (ANIMATIC, paid_provider(project.settings)):
        compiled = project.compile(board, provider=provider)
        if compiled.plan is None:
            if provider != ANIMATIC:
                needed.unsure.append(f"{board} has errors: nothing paid goes until they are mended")
            continue
        rejected = compiled.lock.takes.keys()
        asked = {(part.key, part.take) for part in compiled.plan.parts() if part.take is not None}
        chosen = {(part.key, part.take) for part in compiled.plan.parts() if part.take is not None and part.is_chosen}
        needed.takes |= {ident for ident in asked if ident in chosen or ident not in rejected}


def _records(root: Path) -> Iterator[TakeRecord]:
    for file in table_files(root):
        for number, row in (table_of(file.read_bytes()) or {}).items():
            record = record_of(file.stem, int(number), row)
            if record is not None:
                yield record


def _take(record: TakeRecord, root: Path, needed: _Needed, ages: _Ages) -> Idle | None:
    """None where it stays."""
    if (record.key, record.take) in needed.takes or record.key in needed.keys or record.digest in needed.digests:
        return None
    is_paid = record.provider != ANIMATIC
    file = blob_file(root, record.digest)
    age = ages.of(file)
    if not ages.is_over(age, is_paid=is_paid):
        return None
    name = f"take {record.take} of {record.key[:12]}"
    size = file.stat().st_size if file.is_file() else 0
    if not is_paid:
        return Idle("panel", name, size, age, "no board draws it")
    return Idle("take", name, size, age, "no film shows it, and it is not held", record.paid or NOTHING)


def _shelf(root: Path, staying: set[str], ages: _Ages) -> Iterator[tuple[Idle, Path]]:
    for file in shelf_files(root):
        age = ages.of(file)
        if ages.is_over(age, is_paid=False):
            yield Idle("shelf", file.name[:12], 0, age, "free, and not used for so long"), file
        else:
            staying.add(file.read_text(encoding="utf-8", errors="replace").strip())


def _bytes(root: Path, staying: set[str], going: set[str], ages: _Ages) -> Iterator[tuple[Idle, Path]]:
    """What nothing names any more; what was just written may be about to be named."""
    for file in blob_files(root):
        age = ages.of(file)
        if file.name not in staying and (file.name in going or age >= max(ages.free_s, _SETTLED_S)):
            yield Idle("bytes", file.name[:12], file.stat().st_size, age, "nothing names it"), file


def _requests(root: Path, needed: _Needed, ages: _Ages) -> Iterator[tuple[Idle, Path]]:
    """Words that were kept for takes that are not here."""
    known = {key for key, _ in needed.takes} | needed.keys | {record.key for record in _records(root)}
    for file in asked_files(root):
        age = ages.of(file)
        if file.stem not in known and ages.is_over(age, is_paid=False):
            yield Idle("request", file.stem[:12], file.stat().st_size, age, "it has no take"), file


def _loose(root: Path, ages: _Ages) -> Iterator[tuple[Idle, Path]]:
    for file in loose_files(root):
        age = ages.of(file)
        if file.parent.name == "quarantine" and age >= max(ages.free_s, _SETTLED_S):
            yield Idle("damaged", file.name[:12], file.stat().st_size, age, "put aside as damaged"), file
        elif file.parent.name == "tmp" and age >= _SETTLED_S:
            yield Idle("leftover", file.name, file.stat().st_size, age, "left behind while it arrived"), file
