"""Every stored file looked at: damage is named, what is free is dropped, what was paid for is fetched again."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from storyreel.driver.locks import LockRefused, read_lock
from storyreel.driver.project import BOARDS, Project
from storyreel.driver.refetching import refetched
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.lock import Ident, LockedTake
from storyreel.plan.requestfile import RequestBroken, parse_request
from storyreel.render.blobs import digest_of_file
from storyreel.render.inventory import asked_files, blob_file, blob_files, shelf_files, table_files
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.standing import flaw_of_journal
from storyreel.render.store import TakeRecord, record_of, table_of
from storyreel.render.tables import JournalRefused

Kind = Literal["take", "table", "lock", "journal"]
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that was paid for, or says what was, is not as it was written."""

    kind: Kind
    name: str
    message: str
    is_mended: bool = False
    scenes: tuple[str, ...] = ()
    """Where it is shown, as locks say."""


@dataclass(slots=True)
class Verified:
    """What came of it."""

    hashed: int = 0
    """Files whose bytes were read."""
    takes: int = 0
    """Rows of the table."""
    dropped: int = 0
    """Free results that were broken: they are made again when they are wanted."""
    absent: int = 0
    """Takes that locks name and whose bytes are not here: on another machine, it may be."""
    damages: list[Damage] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return all(damage.is_mended for damage in self.damages)


async def verified(project: Project, sample: float | None = None) -> Verified:
    """Look at everything, or at this percentage of the bytes. The caller holds the project."""
    found = Verified()
    locked, shown = _locks(project, found)
    jobs = _jobs(project, found)
    records = _table(project, found, locked, jobs)
    found.takes = len(records)
    _asked(project, found)
    damaged = await asyncio.to_thread(_damaged, project, records, sample, found)
    _shelf(project, damaged, found)
    for digest in sorted(damaged):
        owners = [record for record in records if record.digest == digest and record.provider != ANIMATIC]
        owners += [_as_record(take) for take in locked.values() if take.digest == digest]
        owners += [_of_job(job) for job in jobs.values() if job.digest == digest]
        if not owners:
            project.store.blobs.quarantine(digest)
            for record in records:
                if record.digest == digest:
                    project.store.drop(record.key, {record.take})
            found.dropped += 1
            continue
        found.damages.append(await _mended(project, owners[0], jobs, shown))
    found.absent = sum(not blob_file(project.store.root, take.digest).is_file() for take in locked.values())
    return found


def _locks(project: Project, found: Verified) -> tuple[dict[Ident, LockedTake], dict[Ident, list[str]]]:
    """Takes of every lock of the project, and the scenes that show them."""
    takes: dict[Ident, LockedTake] = {}
    shown: dict[Ident, list[str]] = {}
    for file in sorted((project.root / BOARDS).rglob("*.lock.yaml")):
        board = file.with_name(file.name.removesuffix(".lock.yaml") + ".yaml").relative_to(project.root).as_posix()
        try:
            lock = read_lock(project.root, board)
        except LockRefused as refused:
            name = file.relative_to(project.root).as_posix()
            found.damages.append(Damage("lock", name, str(refused)))
            continue
        takes |= lock.takes
        for rows in lock.films.values():
            for scene, row in rows.items():
                for ident in row.parts:
                    shown.setdefault(ident, []).append(scene)
    return takes, shown


def _jobs(project: Project, found: Verified) -> dict[Ident, PaidJob]:
    """What was bought here, by take: the last one of each."""
    flaw = flaw_of_journal(project.journal)
    if flaw is None:
        try:
            return {job.ident: job for job in Journal.past(project.journal, 0.0) if job.state == "stored"}
        except JournalRefused as refused:
            flaw = str(refused)
    found.damages.append(Damage("journal", project.journal.name, flaw))
    return {}


def _table(
    project: Project, found: Verified, locked: Mapping[Ident, LockedTake], jobs: Mapping[Ident, PaidJob]
) -> list[TakeRecord]:
    """Every take of the table; a broken file of it is written anew from the locks and the journal."""
    records = []
    for file in table_files(project.store.root):
        key, rows = file.stem, table_of(file.read_bytes())
        whole = None if rows is None else {n: record_of(key, int(n), row) for n, row in rows.items()}
        if whole is not None and all(whole.values()):
            records += [record for record in whole.values() if record is not None]
            continue
        known = _known(project, key, locked, jobs)
        project.store.replace(key, {str(r.take): _row(r) for r in known})
        records += known
        if known:
            message = "its entry in the table of takes was broken, and is written anew"
            found.damages.append(Damage("table", key, message, is_mended=True))
        else:
            found.dropped += 1  # Nobody paid for it, as far as locks and journal know.
    return records


def _known(
    project: Project, key: str, locked: Mapping[Ident, LockedTake], jobs: Mapping[Ident, PaidJob]
) -> list[TakeRecord]:
    """The takes of a key as the locks and the journal have them, where their bytes are here."""
    found = {ident: _of_job(job) for ident, job in jobs.items() if ident[0] == key}
    found |= {ident: _as_record(take) for ident, take in locked.items() if ident[0] == key}
    sized = ((record, project.store.blobs.size(record.digest)) for record in found.values())
    return [
        TakeRecord(r.key, r.take, r.digest, size, r.provider, r.job, r.paid) for r, size in sized if size is not None
    ]


def _of_job(job: PaidJob) -> TakeRecord:
    remote = None if job.operation is None else job.operation.id
    return TakeRecord(job.key, job.take, job.digest or "", 0, job.provider, remote, job.cost)


def _as_record(take: LockedTake) -> TakeRecord:
    return TakeRecord(take.key, take.take, take.digest, 0, take.provider, take.job, take.paid)


def _row(record: TakeRecord) -> Mapping[str, object]:
    row: dict[str, object] = {"digest": record.digest, "size": record.size, "provider": record.provider}
    row |= {} if record.job is None else {"job": record.job}
    return row | ({} if record.paid is None else {"paid": str(record.paid)})


def _asked(project: Project, found: Verified) -> None:
    for file in asked_files(project.store.root):
        try:
            parse_request(file.read_text(encoding="utf-8"), file.stem)
        except (RequestBroken, UnicodeDecodeError):
            file.unlink()
            found.dropped += 1


def _damaged(project: Project, records: Sequence[TakeRecord], sample: float | None, found: Verified) -> frozenset[str]:
    """Digests whose bytes are others, and of takes of the table that are gone."""
    root = project.store.root
    damaged = {record.digest for record in records if not blob_file(root, record.digest).is_file()}
    damaged |= {record.digest for record in records if not project.store.blobs.holds(record.digest, record.size)}
    for file in _sampled(blob_files(root), sample):
        found.hashed += 1
        if digest_of_file(file) != file.name:
            damaged.add(file.name)
    return frozenset(damaged)


def _sampled(files: Iterable[Path], sample: float | None) -> Collection[Path]:
    every = list(files)
    if sample is None:
        return every
    return random.sample(every, min(len(every), max(1, round(len(every) * sample / 100)))) if every else []


def _shelf(project: Project, damaged: frozenset[str], found: Verified) -> None:
    """An entry that leads nowhere is dropped: what it stood for is made again."""
    for file in shelf_files(project.store.root):
        digest = file.read_text(encoding="utf-8", errors="replace").strip()
        is_whole = _DIGEST.fullmatch(digest) is not None and digest not in damaged
        if not is_whole or not blob_file(project.store.root, digest).is_file():
            file.unlink()
            found.dropped += 1


async def _mended(
    project: Project, record: TakeRecord, jobs: Mapping[Ident, PaidJob], shown: Mapping[Ident, Sequence[str]]
) -> Damage:
    """Fetched again where its provider still has it; else put aside, so that it counts as missing."""
    ident = (record.key, record.take)
    was_here = blob_file(project.store.root, record.digest).is_file()
    state = "damaged" if was_here else "gone"
    problem = await refetched(project, record.digest, jobs.get(ident))
    scenes = tuple(dict.fromkeys(shown.get(ident, ())))
    name = f"take {record.take} of {record.key[:12]}"
    if problem is None:
        message = f"it was {state}, and was fetched again from {record.provider} for nothing"
        return Damage("take", name, message, is_mended=True, scenes=scenes)
    project.store.blobs.quarantine(record.digest)
    aside = "; the damaged file lies in the quarantine of the store" if was_here else ""
    return Damage("take", name, f"its bytes are {state}, and {problem}{aside}", scenes=scenes)
