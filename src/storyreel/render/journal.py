"""The journal: every paid request before its first byte leaves, and everything that became of it.

One SQLite file in WAL mode with full syncing. The intent, its price and the ceiling are one transaction, so that runs
side by side share the ceiling. States of a job (`job.FROM` is the law):

    submitting -> accepted -> ready -> stored
        |            |-> failed
        |-> unsent (nothing was accepted) -> submitting | failed
        |-> failed (nothing was accepted)
        |-> unknown -> accepted | submitting (the same claim) | parked
    parked -> accepted (adopted) | submitting (resubmitted) | forgotten
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from storyreel.base.digest import canonical_json, digest_of
from storyreel.base.money import Usd, usd_label
from storyreel.providers.spec import Operation, Uploaded
from storyreel.render.job import FROM, Intent, PaidJob, State, job_of, micro, usd
from storyreel.render.orphans import Orphan, Orphans
from storyreel.render.points import Reached, nothing
from storyreel.render.standing import Standing, past_jobs, read_standing
from storyreel.render.tables import HEADROOM_BYTES, Headroom, JournalRefused, migrate

WARM_ROWS, WARM_BYTES = 8, 64 * 1024
UPLOAD_MARGIN_S = 3600.0
"""An upload that ends sooner than this is not built on."""

How = Literal["accepted", "adopted"]


class CeilingReached(Exception):
    """The intent would pass the ceiling; nothing was written."""

    def __init__(self, taken: Usd, asked: Usd, ceiling: Usd) -> None:
        super().__init__(
            f"{usd_label(taken)} are spent or reserved; {usd_label(asked)} more would pass the ceiling of"
            f" {usd_label(ceiling)}"
        )


class AlreadyOpen(Exception):
    """Another job already stands for the take."""


class AlreadyOwned(Exception):
    """Another job of the journal already has this job of the provider."""


class Moved(Exception):
    """The job is in a state from which it cannot go there; nothing was written."""


class IdOrphaned(JournalRefused):
    """An accepted id found no room in the journal; `str()` says where it is now."""


class Journal:
    """Every method is one transaction, durable when it returns. `now` is wall time in seconds since the epoch.

    `headroom` bytes are kept free for the ids of accepted jobs. A write raises OSError (ENOSPC) where the disk is full,
    JournalRefused where the file cannot be written, and Moved where the job's state does not allow it.
    """

    def __init__(self, file: Path, reached: Reached = nothing, *, headroom: int = HEADROOM_BYTES) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        self._reached = reached
        self._orphans = Orphans(file)
        self._headroom = Headroom(file, headroom)
        try:
            # SQLite gives its log and its index the mode of the file.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            file.chmod(0o600)
            self._db = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as refused:
            raise JournalRefused(f"{file.name} cannot be opened: {refused}") from None
        self._db.row_factory = sqlite3.Row
        try:
            migrate(self._db, file, reached)
            for pragma in ("journal_mode=WAL", "synchronous=FULL"):
                self._db.execute(f"pragma {pragma}")
        except sqlite3.Error as refused:
            self._db.close()
            raise JournalRefused(f"{file.name} cannot be opened: {refused}") from None
        except BaseException:
            self._db.close()
            raise
        self._take_in_orphans()

    @staticmethod
    def read(file: Path) -> Standing:
        """What stands in a journal, without creating or writing it; raises JournalRefused."""
        return read_standing(file)

    @staticmethod
    def past(file: Path, since: float) -> tuple[PaidJob, ...]:
        """Every job begun since a wall time, without creating or writing the file; raises JournalRefused."""
        return past_jobs(file, since)

    def close(self) -> None:
        self._db.close()

    def warm(self) -> None:
        """Make room ahead of the first intent, so that recording an accepted job needs no new disk space."""
        self._headroom.keep()
        with self._writing("warming") as db:
            db.execute("delete from warm")
            db.executemany("insert into warm (filler) values (?)", [(b"\0" * WARM_BYTES,)] * WARM_ROWS)
        self._db.execute("pragma wal_checkpoint(restart)")

    def reserve(self, intent: Intent, ceiling: Usd | None, now: float) -> PaidJob:
        """Write an intent before its first byte leaves; raises CeilingReached, AlreadyOpen.

        The ceiling bounds what this run has spent and everything that is open, whoever began it.
        """
        body = canonical_json(intent.body)
        values: dict[str, Any] = {
            "key": intent.key, "take": intent.take, "provider": intent.provider, "endpoint": intent.endpoint,
            "scene": intent.scene, "seconds": intent.seconds, "state": "submitting", "claim": intent.claim,
            "run": intent.run, "url": intent.url, "encoding": intent.encoding, "body": body,
            "body_digest": digest_of(body.encode()), "assets": canonical_json(intent.assets),
            "reserved": micro(intent.price), "posts": 1, "intent_at": now, "posted_at": now,
        }  # fmt: skip
        self._headroom.keep()
        with self._writing("intent") as db:
            if ceiling is not None:
                taken = self.taken(intent.run)
                if taken + intent.price > ceiling:
                    raise CeilingReached(taken, intent.price, ceiling)
            names = ", ".join(values)
            marks = ", ".join("?" * len(values))
            try:
                # The names are words of this file.
                cursor = db.execute(f"insert into job ({names}) values ({marks})", tuple(values.values()))  # noqa: S608
            except sqlite3.IntegrityError:
                raise AlreadyOpen(f"a job for take {intent.take} of {intent.key[:12]} is open") from None
            number = int(cursor.lastrowid or 0)
            self._event(db, number, now, f"intent at {intent.provider}, {intent.price} USD")
            return self.job(number)

    def attempt(self, number: int, now: float) -> PaidJob:
        """Count one more departure of the same body under the same claim, before it leaves."""
        changes = "posts = posts + 1, posted_at = ?"
        return self._move(number, "submitting", now, "sent again", changes, now, point="sending again")

    def unsent(self, number: int, message: str, now: float) -> PaidJob:
        """Nothing was accepted, for certain; the same claim may leave again."""
        changes = "posts = posts - 1, message = ?"
        return self._move(number, "unsent", now, f"not sent: {message}", changes, message, point="unsent")

    def accepted(
        self, number: int, operation: Operation, now: float, submit_s: float | None = None, how: How = "accepted"
    ) -> PaidJob:
        """The provider has it: keep the ticket before anything else happens. Raises AlreadyOwned.

        Raises IdOrphaned where the journal cannot take it: the id then stands beside it, until the next opening.
        """
        try:
            return self._accept(number, operation, now, submit_s, how)
        except (OSError, JournalRefused) as failed:
            raise self._orphaned(number, operation, now, failed) from None

    def ready(
        self,
        number: int,
        expires_at: float | None,
        now: float,
        generate_s: float | None = None,
        queue_s: float | None = None,
    ) -> PaidJob:
        """The take can be fetched. `queue_s`: it waited so long for its turn, before it was made in `generate_s`."""
        return self._move(
            number, "ready", now, "ready",
            "ready_at = coalesce(ready_at, ?), expires_at = ?, generate_s = coalesce(generate_s, ?),"
            " queue_s = coalesce(queue_s, ?)",
            now, expires_at, generate_s, queue_s, point="ready",
        )  # fmt: skip

    def stored(
        self, number: int, digest: str | None, billed: Usd | None, now: float, download_s: float | None = None
    ) -> PaidJob:
        """The bytes are in the store; what it cost is settled, as reserved where the provider does not say."""
        return self._move(
            number, "stored", now, "stored",
            "ended_at = ?, digest = ?, billed = coalesce(?, reserved), download_s = coalesce(?, download_s),"
            " message = null",
            now, digest, None if billed is None else micro(billed), download_s, point="stored",
        )  # fmt: skip

    def failed(self, number: int, reason: str, message: str, now: float, *, is_billed: bool = False) -> PaidJob:
        """There will be no take; what was reserved is free again unless the provider charges for it."""
        return self._move(
            number, "failed", now, f"failed: {reason}",
            "ended_at = ?, reason = ?, message = ?, billed = case when ? then reserved else 0 end",
            now, reason, message, is_billed, point="failed",
        )  # fmt: skip

    def unknown(self, number: int, message: str, now: float, *, is_unsent: bool = False) -> PaidJob:
        """Nobody can say yet whether the provider has it. `is_unsent`: the last departure certainly came to nothing."""
        changes = "message = ?, posts = posts - ?"
        return self._move(number, "unknown", now, f"unknown: {message}", changes, message, is_unsent, point="unknown")

    def parked(self, number: int, message: str, now: float) -> PaidJob:
        """A person must decide."""
        return self._move(number, "parked", now, f"parked: {message}", "message = ?", message, point="parked")

    def forgotten(self, number: int, now: float) -> PaidJob:
        """A person decided that there is nothing to wait for; what a provider has accepted still counts as paid."""
        return self._move(
            number, "forgotten", now, "forgotten",
            "ended_at = ?, billed = case when remote is null then 0 else reserved end, remote = null",
            now, point="forgotten",
        )  # fmt: skip

    def takes_over(self, number: int, run: str) -> None:
        """An open job of an earlier run is finished by this one."""
        with self._writing("taken over") as db:
            db.execute("update job set run = ? where number = ? and run <> ?", (run, number, run))

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
        return self._twins(number, "two.state = 'submitting'") > 0

    def twins(self, number: int) -> int:
        """Other open jobs with the same body that have no ticket yet."""
        return self._twins(number, "two.state in ('submitting', 'unknown', 'parked')")

    def taken(self, run: str) -> Usd:
        """US dollars that count against a run's ceiling: what it spent, and everything that is open."""
        row = self._db.execute(
            "select (select coalesce(sum(coalesce(billed, reserved)), 0) from job where run = ?)"
            " + (select coalesce(sum(reserved), 0) from open_job where run <> ?)",
            (run, run),
        ).fetchone()
        return usd(int(row[0]))

    def paid(self, run: str) -> Usd:
        """US dollars that the jobs which this run finished have cost."""
        return usd(
            int(self._db.execute("select coalesce(sum(billed), 0) from job where run = ?", (run,)).fetchone()[0])
        )

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
        """Remember an address; one that has none is not worth remembering."""
        if upload.url is None:
            return
        with self._writing("upload") as db:
            db.execute(
                "insert or replace into upload (digest, provider, url, expires_at) values (?, ?, ?, ?)",
                (digest, provider, upload.url, upload.expires_at),
            )

    def events(self, number: int) -> tuple[tuple[float, str], ...]:
        """Wall time and words of everything that happened to a job."""
        rows = self._db.execute("select at, what from event where job = ? order by number", (number,))
        return tuple((row["at"], row["what"]) for row in rows)

    def _accept(self, number: int, operation: Operation, now: float, submit_s: float | None, how: How) -> PaidJob:
        try:
            return self._move(
                number, "accepted", now, how,
                "operation = ?, remote = ?, accepted_at = ?, submit_s = coalesce(?, submit_s), message = null",
                canonical_json(operation.token), operation.id, now, submit_s, point=how,
            )  # fmt: skip
        except sqlite3.IntegrityError:
            raise AlreadyOwned(f"{operation.provider}'s job {operation.id} belongs to another take") from None

    def _twins(self, number: int, which: str) -> int:
        row = self._db.execute(
            "select count(*) from job one join job two on one.provider = two.provider"  # noqa: S608  # words of this file
            f" and one.body_digest = two.body_digest and two.number <> one.number and {which} where one.number = ?",
            (number,),
        )
        return int(row.fetchone()[0])

    def _move(
        self, number: int, state: State, now: float, what: str, changes: str, *values: Any, point: str
    ) -> PaidJob:
        remedies = iter((self._fold, self._headroom.give_up, self._fold))
        while True:
            try:
                return self._write_move(number, state, now, what, changes, values, point)
            except OSError as failed:
                if failed.errno != errno.ENOSPC or not any(remedy() for remedy in remedies):
                    raise

    def _fold(self) -> bool:
        """Fold the log into the tables, so that its space can be written again; False where it cannot be."""
        try:
            return not self._db.execute("pragma wal_checkpoint(restart)").fetchone()[0]
        except sqlite3.OperationalError:
            return False

    def _write_move(
        self, number: int, state: State, now: float, what: str, changes: str, values: tuple[Any, ...], point: str
    ) -> PaidJob:
        allowed = FROM[state]
        marks = ", ".join("?" * len(allowed))
        with self._writing(point) as db:
            # `changes` are words of this file, never of a caller.
            update = f"update job set state = ?, {changes} where number = ? and state in ({marks})"  # noqa: S608
            if db.execute(update, (state, *values, number, *allowed)).rowcount != 1:
                raise Moved(f"job {number} is {self.job(number).state}; it cannot become {state}")
            self._event(db, number, now, what)
            return self.job(number)

    def _event(self, db: sqlite3.Connection, number: int, now: float, what: str) -> None:
        db.execute("insert into event (job, at, what) values (?, ?, ?)", (number, now, what))

    @contextmanager
    def _writing(self, point: str) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._reached(f"{point}: before commit")
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise
        except sqlite3.OperationalError as failed:
            if failed.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.file)) from None
            raise JournalRefused(f"{self.file.name} cannot be written: {failed}") from None
        self._reached(f"{point}: after commit")

    def _orphaned(self, number: int, operation: Operation, now: float, failed: Exception) -> IdOrphaned:
        claim = str(self._db.execute("select claim from job where number = ?", (number,)).fetchone()["claim"])
        is_kept = self._orphans.add(Orphan(claim, operation.provider, operation.token, now))
        self._reached("orphan: written")
        where = f"it stands in {self._orphans.file.name} and is taken in by the next run" if is_kept else "note it down"
        return IdOrphaned(f"the journal could not take {operation.provider}'s job {operation.id} ({failed}); {where}")

    def _take_in_orphans(self) -> None:
        for orphan in self._orphans.read():
            row = self._db.execute("select number from job where claim = ?", (orphan.claim,)).fetchone()
            if row is None:
                continue  # Of a journal that is gone: the line names nothing here.
            ticket = Operation(orphan.provider, orphan.token)
            try:
                self._accept(row["number"], ticket, orphan.accepted_at, None, "adopted")
            except (Moved, AlreadyOwned):
                continue  # It was taken in before, and the run ended before the file was cleared.
        self._orphans.clear()
