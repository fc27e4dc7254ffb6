"""The journal's file: its tables, how an older one becomes a newer one, and what a full disk leaves to write in."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from storyreel.render.job import OPEN
from storyreel.render.points import Reached

HEADROOM_BYTES = 8 * 1024 * 1024
"""Recording an accepted id takes up to 30 KiB of log; this is room for as many as can be under way at once."""

_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_TABLES = (
    """create table job (
  number integer primary key,
  key text not null, take integer not null,
  provider text not null, endpoint text not null, scene text not null, seconds integer not null,
  state text not null, claim text not null unique, run text not null,
  url text not null, encoding text not null, body text not null, body_digest text not null, assets text not null,
  operation text, remote text,
  reserved integer not null, billed integer,
  reason text, message text, posts integer not null,
  intent_at real not null, posted_at real not null, accepted_at real, ready_at real, ended_at real, expires_at real,
  submit_s real, queue_s real, generate_s real, download_s real, digest text)""",
    f"create unique index one_open_job on job (key, take) where state in ({_OPEN})",
    f"create view open_job as select * from job where state in ({_OPEN})",  # noqa: S608  # the closed list of states
    "create unique index one_owner on job (provider, remote) where remote is not null",
    "create index jobs_by_body on job (provider, body_digest)",
    "create index spending_by_run on job (run, billed, reserved)",
    "create index jobs_by_take on job (key, take)",
    "create index jobs_by_time on job (intent_at)",
    "create table event (number integer primary key, job integer not null, at real not null, what text not null)",
    "create index events_by_job on event (job)",
    """create table upload (digest text not null, provider text not null, url text not null, expires_at real,
  primary key (digest, provider))""",
    "create table warm (number integer primary key, filler blob)",
)


class JournalRefused(Exception):
    """The journal cannot be used; `str()` says why."""


Step = Callable[[sqlite3.Connection], None]


def _create(db: sqlite3.Connection) -> None:
    for table in _TABLES:
        db.execute(table)


STEPS: tuple[Step, ...] = (_create,)
"""The step at index n makes version n + 1 of version n; it never changes once it was released."""


def migrate(db: sqlite3.Connection, file: Path, reached: Reached, steps: Sequence[Step] = STEPS) -> None:
    """Bring the file to the newest version, all steps in one transaction, a copy of the old one beside it first.

    Raises JournalRefused where a newer storyreel wrote it.
    """
    before = check_version(db, file, len(steps))
    if before == len(steps):
        return
    if before > 0:
        copy = file.with_name(f"{file.stem}.v{before}{file.suffix}")
        copy.unlink(missing_ok=True)
        db.execute("vacuum into ?", (str(copy),))
        copy.chmod(0o600)
    db.execute("begin immediate")
    try:
        # Another process may have been faster.
        for step in steps[_version(db) :]:
            step(db)
        db.execute(f"pragma user_version = {len(steps)}")
        reached("migration: before commit")
    except BaseException:
        db.execute("rollback")
        raise
    db.execute("commit")
    reached("migration: after commit")


def check_version(db: sqlite3.Connection, file: Path, known: int = len(STEPS)) -> int:
    """The file's version; raises JournalRefused where a newer storyreel wrote it, or where it is no journal."""
    try:
        version = _version(db)
    except sqlite3.DatabaseError:
        raise JournalRefused(f"{file.name} is no journal of storyreel; move it aside to begin a new one") from None
    if version > known:
        raise JournalRefused(f"{file.name} was written by a newer storyreel; use that one, or move the file aside")
    return version


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


class Headroom:
    """A file of real bytes beside the journal, given up when the disk is full so that an accepted id still fits."""

    def __init__(self, journal: Path, size: int) -> None:
        self._file = journal.with_name(f"{journal.stem}.reserve")
        self._size = size

    def keep(self) -> None:
        """Have it there, whole; raises OSError where the disk has no room for it."""
        if self._file.is_file() and self._file.stat().st_size == self._size:
            return
        self._file.touch(0o600)
        try:
            self._file.write_bytes(b"\xa5" * self._size)
        except OSError:
            self._file.unlink(missing_ok=True)
            raise

    def give_up(self) -> bool:
        """True where it was there."""
        try:
            self._file.unlink()
        except OSError:
            return False
        return True
