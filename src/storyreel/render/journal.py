"""The journal: every paid request before its first byte leaves, and everything that became of it.

One SQLite file in WAL mode with full syncing. The intent, its price and the ceiling are one transaction, so that runs
side by side share the ceiling. States of a job:

    submitting -> accepted -> ready -> stored
        |            |-> failed
        |-> failed (nothing was accepted)
        |-> unknown -> accepted | submitting (the same claim) | parked
    parked -> accepted (adopted) | submitting (resubmitted) | forgotten
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storyreel.base.digest import canonical_json, digest_of
from storyreel.base.money import Usd
from storyreel.providers.spec import Operation, Uploaded
from storyreel.render.job import OPEN, Intent, PaidJob, State, job_of

SCHEMA = 1
WARM_ROWS, WARM_BYTES = 8, 64 * 1024
UPLOAD_MARGIN_S = 3600.0
"""An upload that ends sooner than this is not built on."""

_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_TABLES = (
    """create table job (
  number integer primary key,
  key text not null, take integer not null,
  provider text not null, endpoint text not null, scene text not null,
  state text not null, claim text not null unique, run text not null,
  url text not null, encoding text not null, body text not null, body_digest text not null,
  operation text, remote text,
  reserved text not null, billed text,
  reason text, message text, posts integer not null,
  intent_at real not null, posted_at real not null, accepted_at real, ready_at real, ended_at real, expires_at real,
  submit_s real, queue_s real, generate_s real, download_s real, digest text)""",
    f"create unique index one_open_job on job (key, take) where state in ({_OPEN})",
    f"create view open_job as select * from job where state in ({_OPEN})",  # noqa: S608  # the closed list of states
    "create unique index one_owner on job (provider, remote) where remote is not null",
    "create index jobs_by_body on job (provider, body_digest)",
    "create table event (number integer primary key, job integer not null, at real not null, what text not null)",
    """create table upload (digest text not null, provider text not null, url text not null, expires_at real,
  primary key (digest, provider))""",
    "create table warm (number integer primary key, filler blob)",
)


class JournalRefused(Exception):
    """The journal cannot be used; `str()` says why."""


class CeilingReached(Exception):
    """The intent would pass the ceiling; nothing was written."""

    def __init__(self, taken: Usd, asked: Usd, ceiling: Usd) -> None:
        super().__init__(f"{taken} USD are spent or reserved; {asked} more would pass the ceiling of {ceiling}")


class AlreadyOpen(Exception):
    """Another job already stands for the take."""


class AlreadyOwned(Exception):
    """Another job of the journal already has this job of the provider."""


class Journal:
    """Every method is one transaction, durable when it returns. `now` is wall time in seconds since the epoch."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists():
            file.touch(0o600)
        self.file = file
        self._db = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._db.execute(f"pragma {pragma}")
        self._migrate()

    def close(self) -> None:
        self._db.close()

    def warm(self) -> None:
        """Grow the log ahead of the first intent, so that recording an accepted job needs no new disk space."""
        with self._writing() as db:
            db.execute("delete from warm")
            db.executemany("insert into warm (filler) values (?)", [(b"\0" * WARM_BYTES,)] * WARM_ROWS)
        self._db.execute("pragma wal_checkpoint(restart)")

    def reserve(self, intent: Intent, ceiling: Usd | None, now: float) -> PaidJob:
        """Write an intent before its first byte leaves; raises CeilingReached, AlreadyOpen.

        The ceiling bounds what this run has spent and everything that is open, whoever began it.
        """
        body = canonical_json(intent.body)
        with self._writing() as db:
            if ceiling is not None:
                taken = self._taken(db, intent.run)
                if taken + intent.price > ceiling:
                    raise CeilingReached(taken, intent.price, ceiling)
            try:
                cursor = db.execute(
                    "insert into job (key, take, provider, endpoint, scene, state, claim, run, url, encoding,"
                    " body, body_digest, reserved, posts, intent_at, posted_at)"
                    " values (?, ?, ?, ?, ?, 'submitting', ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)",
                    (
                        intent.key, intent.take, intent.provider, intent.endpoint, intent.scene, intent.claim,
                        intent.run, intent.url, intent.encoding, body, digest_of(body.encode()), str(intent.price),
                        now, now,
                    ),
                )  # fmt: skip
            except sqlite3.IntegrityError:
                raise AlreadyOpen(f"a job for take {intent.take} of {intent.key[:12]} is open") from None
            number = int(cursor.lastrowid or 0)
            self._event(db, number, now, f"intent at {intent.provider}, {intent.price} USD")
        return self.job(number)

    def attempt(self, number: int, now: float) -> PaidJob:
        """Count one more departure of the same body under the same claim, before it leaves."""
        return self._move(number, "submitting", now, "sent again", "posts = posts + 1, posted_at = ?", now)

    def accepted(self, number: int, operation: Operation, now: float, submit_s: float | None = None) -> PaidJob:
        """The provider has it: keep the ticket before anything else happens. Raises AlreadyOwned."""
        try:
            return self._move(
                number, "accepted", now, "accepted",
                "operation = ?, remote = ?, accepted_at = ?, submit_s = coalesce(?, submit_s), message = null",
                canonical_json(operation.token), operation.id, now, submit_s,
            )  # fmt: skip
        except sqlite3.IntegrityError:
            raise AlreadyOwned(f"{operation.provider}'s job {operation.id} belongs to another take") from None

    def begun(self, number: int, queue_s: float) -> None:
        """Its turn came at the provider, so many seconds after it was accepted."""
        with self._writing() as db:
            db.execute("update job set queue_s = ? where number = ? and queue_s is null", (queue_s, number))

    def ready(self, number: int, expires_at: float | None, now: float, generate_s: float | None = None) -> PaidJob:
        """The take can be fetched."""
        return self._move(
            number, "ready", now, "ready", "ready_at = ?, expires_at = ?, generate_s = coalesce(?, generate_s)",
            now, expires_at, generate_s,
        )  # fmt: skip

    def stored(
        self, number: int, digest: str | None, billed: Usd | None, now: float, download_s: float | None = None
    ) -> PaidJob:
        """The bytes are in the store; what it cost is settled, as reserved where the provider does not say."""
        return self._move(
            number, "stored", now, "stored",
            "ended_at = ?, digest = ?, billed = coalesce(?, reserved), download_s = coalesce(?, download_s)",
            now, digest, None if billed is None else str(billed), download_s,
        )  # fmt: skip

    def failed(self, number: int, reason: str, message: str, now: float, *, is_billed: bool = False) -> PaidJob:
        """There will be no take; what was reserved is free again unless the provider charges for it."""
        return self._move(
            number, "failed", now, f"failed: {reason}",
            "ended_at = ?, reason = ?, message = ?, billed = case when ? then reserved else '0' end",
            now, reason, message, is_billed,
        )  # fmt: skip

    def unknown(self, number: int, message: str, now: float) -> PaidJob:
        """Nobody can say yet whether the provider has it."""
        return self._move(number, "unknown", now, "unknown", "message = ?", message)

    def parked(self, number: int, message: str, now: float) -> PaidJob:
        """A person must decide."""
        return self._move(number, "parked", now, "parked", "message = ?", message)

    def forgotten(self, number: int, now: float) -> PaidJob:
        """A person decided that there is nothing to wait for; nothing is counted as paid."""
        return self._move(number, "forgotten", now, "forgotten", "ended_at = ?, billed = '0', remote = null", now)

    def job(self, number: int) -> PaidJob:
        return job_of(self._db.execute("select * from job where number = ?", (number,)).fetchone())

    def open_job(self, key: str, take: int) -> PaidJob | None:
        """The job that stands for this take and has not ended."""
        found = self._db.execute("select * from open_job where key = ? and take = ?", (key, take)).fetchone()
        return None if found is None else job_of(found)

    def jobs(self, *, open_only: bool = False, since: float = 0.0) -> tuple[PaidJob, ...]:
        """In the order of their intents."""
        everything = "select * from job where intent_at >= ? order by number"
        still_open = "select * from open_job where intent_at >= ? order by number"
        return tuple(job_of(row) for row in self._db.execute(still_open if open_only else everything, (since,)))

    def owned(self, provider: str) -> frozenset[str]:
        """Ids of the provider's jobs that some take already has."""
        rows = self._db.execute("select remote from job where provider = ? and remote is not null", (provider,))
        return frozenset(row["remote"] for row in rows)

    def is_sending(self, number: int) -> bool:
        """True while another job with the same body is on its way there: what is found may be its answer."""
        row = self._db.execute(
            "select 1 from job one join job two on one.provider = two.provider and one.body_digest = two.body_digest"
            " and two.state = 'submitting' and two.number <> one.number where one.number = ?",
            (number,),
        )
        return row.fetchone() is not None

    def taken(self, run: str) -> Usd:
        """US dollars that count against a run's ceiling: what it spent, and everything that is open."""
        return self._taken(self._db, run)

    def paid(self, run: str) -> Usd:
        """US dollars that the jobs which this run finished have cost."""
        rows = self._db.execute("select billed from job where run = ? and billed is not null", (run,))
        return sum((Usd(row["billed"]) for row in rows), Usd(0))

    def takes_over(self, number: int, run: str) -> None:
        """An open job of an earlier run is finished by this one."""
        with self._writing() as db:
            db.execute("update job set run = ? where number = ?", (run, number))

    def uploaded(self, digest: str, provider: str, now: float) -> str | None:
        """Where a file lies at a provider, while it lies there for long enough."""
        row = self._db.execute(
            "select url, expires_at from upload where digest = ? and provider = ?", (digest, provider)
        )
        found = row.fetchone()
        if found is None or (found["expires_at"] is not None and found["expires_at"] < now + UPLOAD_MARGIN_S):
            return None
        return str(found["url"])

    def keep_upload(self, digest: str, provider: str, upload: Uploaded) -> None:
        with self._writing() as db:
            db.execute(
                "insert or replace into upload (digest, provider, url, expires_at) values (?, ?, ?, ?)",
                (digest, provider, upload.url, upload.expires_at),
            )

    def events(self, number: int) -> tuple[tuple[float, str], ...]:
        """Wall time and words of everything that happened to a job."""
        rows = self._db.execute("select at, what from event where job = ? order by number", (number,))
        return tuple((row["at"], row["what"]) for row in rows)

    def _taken(self, db: sqlite3.Connection, run: str) -> Usd:
        rows = db.execute(
            "select reserved, billed from job where run = ?"
            " union all select reserved, billed from open_job where run <> ?",
            (run, run),
        )
        return sum((Usd(row["reserved"] if row["billed"] is None else row["billed"]) for row in rows), Usd(0))

    def _move(self, number: int, state: State, now: float, what: str, changes: str, *values: Any) -> PaidJob:
        with self._writing() as db:
            # `changes` are words of this file, never of a caller.
            db.execute(f"update job set state = ?, {changes} where number = ?", (state, *values, number))  # noqa: S608
            self._event(db, number, now, what)
        return self.job(number)

    def _event(self, db: sqlite3.Connection, number: int, now: float, what: str) -> None:
        db.execute("insert into event (job, at, what) values (?, ?, ?)", (number, now, what))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _migrate(self) -> None:
        version = int(self._db.execute("pragma user_version").fetchone()[0])
        if version > SCHEMA:
            raise JournalRefused(
                f"{self.file.name} was written by a newer storyreel; use that one, or move the file aside"
            )
        if version == 0:
            with self._writing() as db:
                if int(db.execute("pragma user_version").fetchone()[0]) == 0:
                    self._create(db, _TABLES)

    def _create(self, db: sqlite3.Connection, tables: Iterable[str]) -> None:
        for table in tables:
            db.execute(table)
        db.execute(f"pragma user_version = {SCHEMA}")
