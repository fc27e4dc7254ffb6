"""A journal that is only read: for plans and statistics. It is never created and never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.base.money import NOTHING, Usd
from storyreel.render.job import PaidJob, job_of, usd
from storyreel.render.tables import JournalRefused, check_version

Ident = tuple[str, int]
"""A request key and a take number."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a journal."""

    open: Mapping[Ident, PaidJob] = field(default_factory=dict)
    """Jobs that have not ended."""
    failed: Mapping[Ident, PaidJob] = field(default_factory=dict)
    """The last job of a take, where that one failed."""


def read_standing(file: Path) -> Standing:
    """Nothing stands where there is no file; raises JournalRefused."""
    with _reading(file) as db:
        if db is None:
            return Standing()
        standing = [job_of(row) for row in db.execute("select * from open_job")]
        last = "select * from job where number in (select max(number) from job group by key, take) and state = 'failed'"
        failed = [job_of(row) for row in db.execute(last)]
    return Standing({job.ident: job for job in standing}, {job.ident: job for job in failed})


def past_jobs(file: Path, since: float) -> tuple[PaidJob, ...]:
    """Every job begun since a wall time, in the order of the intents; raises JournalRefused."""
    with _reading(file) as db:
        if db is None:
            return ()
        rows = db.execute("select * from job where intent_at >= ? order by number", (since,))
        return tuple(job_of(row) for row in rows)


def paid_in(file: Path, run: str) -> Usd:
    """US dollars that the jobs which a run finished have cost; raises JournalRefused."""
    with _reading(file) as db:
        if db is None:
            return NOTHING
        return usd(int(db.execute("select coalesce(sum(billed), 0) from job where run = ?", (run,)).fetchone()[0]))


def flaw_of_journal(file: Path) -> str | None:
    """What is wrong with the file as a database, in a sentence; None where nothing is, or there is none."""
    try:
        with _reading(file) as db:
            said = "ok" if db is None else str(db.execute("pragma quick_check(1)").fetchone()[0])
    except JournalRefused as refused:
        return str(refused)
    return None if said == "ok" else f"{file.name} is damaged: {' '.join(said.split())}"


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection | None]:
    if not file.is_file():
        yield None
        return
    # Without a log nothing is being written: a reader that says so needs no index file beside the journal.
    log = file.with_name(f"{file.name}-wal")
    rest = "&immutable=1" if not log.exists() or log.stat().st_size == 0 else ""
    try:
        db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{rest}", uri=True, isolation_level=None)
    except sqlite3.Error as refused:
        raise JournalRefused(f"{file.name} cannot be opened: {refused}") from None
    try:
        db.row_factory = sqlite3.Row
        yield db if check_version(db, file) else None
    except (sqlite3.Error, ValueError, TypeError) as refused:  # A broken row may be no JSON, or no number.
        raise JournalRefused(f"{file.name} cannot be read: {refused}") from None
    finally:
        db.close()
