"""The take store: bytes by digest, takes by what was asked. A name that is visible is whole."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import InvalidOperation
from pathlib import Path
from typing import Protocol

from storyreel.base.digest import digest_of_value
from storyreel.base.money import Usd
from storyreel.render.blobs import Blobs, DamagedBlob, write_whole
from storyreel.render.points import Reached, nothing

_CHECK = "check"
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """One stored answer: what was asked (`key`, `take` from 1) and what came back."""

    key: str
    take: int
    digest: str
    size: int
    """Bytes."""
    provider: str
    job: str | None = None
    """What the provider calls the job; None for what was drawn here."""
    paid: Usd | None = None
    """US dollars; None for what was drawn here."""


class Store(Protocol):
    """Where takes are kept for good."""

    def find(self, key: str, take: int) -> TakeRecord | None:
        """The take, where its bytes are here and of the right length."""
        ...

    def path(self, record: TakeRecord) -> Path:
        """Its file, hashed once a process; raises DamagedBlob."""
        ...

    def new_file(self, suffix: str) -> Path:
        """A fresh name on the store's own file system, to be handed to `keep`."""
        ...

    def part(self, claim: str) -> Path:
        """Where a take lies while it arrives, the same in every run of its job; it may not exist. Goes to `keep` then.

        Another project that shares the store may be buying the same take: its job is another one.
        """
        ...

    def keep(
        self, key: str, take: int, file: Path, provider: str, job: str | None = None, paid: Usd | None = None
    ) -> TakeRecord:
        """Take a finished file into the store; it is durable when this returns."""
        ...


class DiskStore:
    """The store in a folder, which several projects may share.

    Layout: `cas/ab/<digest>`, `takes/ab/<key>.json`, `asked/ab/<key>.json`, `shelf/ab/<key>`, `users/`, `tmp/`.
    """

    def __init__(self, root: Path, reached: Reached = nothing) -> None:
        self.root = root
        self.blobs = Blobs(root, reached)
        self._reached = reached
        self._recording = threading.Lock()

    def has(self, key: str, take: int) -> bool:
        return self.find(key, take) is not None

    def numbers(self, key: str) -> tuple[int, ...]:
        """Takes that the table has of a request."""
        return tuple(sorted(int(number) for number in self._read(key)))

    def find(self, key: str, take: int) -> TakeRecord | None:
        row = self._read(key).get(str(take))
        record = None if row is None else record_of(key, take, row)
        return record if record is not None and self.blobs.holds(record.digest, record.size) else None

    def path(self, record: TakeRecord) -> Path:
        return self.blobs.path(record.digest)

    def new_file(self, suffix: str) -> Path:
        return self.blobs.new_file(suffix)

    def part(self, claim: str) -> Path:
        return self.blobs.part(claim)

    def keep(
        self, key: str, take: int, file: Path, provider: str, job: str | None = None, paid: Usd | None = None
    ) -> TakeRecord:
        digest, size = self.blobs.keep(file)
        record = TakeRecord(key, take, digest, size, provider, job, paid)
        row: dict[str, object] = {"digest": digest, "size": size, "provider": provider}
        if job is not None:
            row["job"] = job
        if paid is not None:
            row["paid"] = str(paid)
        self._reached("take: before record")
        # Takes of one key share a file, and are kept from several threads, and from several projects.
        with self._recording, _alone(self.root / "takes.lock"):
            write_whole(self._takes(key), table_text(self._read(key) | {str(take): row}), self.blobs.temporary)
        self._reached("take: recorded")
        return record

    def forget(self, record: TakeRecord) -> None:
        """Move a damaged file aside, so that the take counts as not made."""
        self.blobs.quarantine(record.digest)

    def replace(self, key: str, rows: Rows) -> None:
        """Write the table's file of a key anew; no rows: there is none then."""
        with self._recording, _alone(self.root / "takes.lock"):
            if rows:
                write_whole(self._takes(key), table_text(rows), self.blobs.temporary)
            else:
                self._takes(key).unlink(missing_ok=True)

    def drop(self, key: str, takes: Collection[int]) -> None:
        """Leave takes of a key out of the table; their bytes stay."""
        self.replace(key, {number: row for number, row in self._read(key).items() if int(number) not in takes})

    def remember(self, key: str, asked: str) -> None:
        """Keep what is asked for under a key, as text; the first one stays."""
        file = self._asked(key)
        if not file.exists():
            write_whole(file, asked.encode(), self.blobs.temporary)

    def asked(self, key: str) -> str | None:
        """What was asked for under a key; None where nobody kept it."""
        try:
            return self._asked(key).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def used_by(self, project: Path) -> None:
        """Note that a project keeps takes here, if the store is not its own: what its locks name is never cleared."""
        if self.root.resolve().is_relative_to(project):
            return
        file = self.root / "users" / digest_of_value(str(project))[:16]
        if not file.exists():
            write_whole(file, str(project).encode(), self.blobs.temporary)

    def _asked(self, key: str) -> Path:
        return self.root / "asked" / key[:2] / f"{key}.json"

    def _takes(self, key: str) -> Path:
        return self.root / "takes" / key[:2] / f"{key}.json"

    def _read(self, key: str) -> Rows:
        try:
            return table_of(self._takes(key).read_bytes()) or {}
        except FileNotFoundError:
            return {}


Rows = dict[str, Mapping[str, object]]
"""Takes of one key by number, as the table has them."""


def table_text(rows: Rows) -> bytes:
    """A file of the table, with the digest of itself."""
    return json.dumps(rows | {_CHECK: digest_of_value(rows)}, indent=1, sort_keys=True).encode()


def table_of(data: bytes) -> Rows | None:
    """Rows of a file of the table; None where it is broken: a miss, the bytes that it named stay in the store."""
    try:
        rows = json.loads(data)
    except ValueError:
        return None
    if not isinstance(rows, dict):
        return None
    check = rows.pop(_CHECK, None)  # Earlier files have none.
    if (check is not None and check != digest_of_value(rows)) or not all(n.isdecimal() for n in rows):
        return None
    return rows


def record_of(key: str, take: int, row: Mapping[str, object]) -> TakeRecord | None:
    """A row of the table; None where it is not whole."""
    try:
        job, paid = row.get("job"), row.get("paid")
        return TakeRecord(
            key,
            take,
            str(row["digest"]),
            int(str(row["size"])),
            str(row["provider"]),
            None if job is None else str(job),
            None if paid is None else Usd(str(paid)),
        )
    except (KeyError, ValueError, AttributeError, InvalidOperation):
        return None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time, for as long as the block runs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class DiskShelf:
    """The store's shelf of free results (segments, voices, sheets): a broken entry is a miss, never an error.

    Nothing waits for the disk: what a power cut breaks is made again.
    """

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def find(self, key: str) -> Path | None:
        entry = self._entry(key)
        try:
            digest = entry.read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        try:
            file = self._blobs.path(digest)
        except DamagedBlob:
            self._blobs.quarantine(digest)
            return None
        # What is in use stays when the store is cleared of what is not; a store of others may be read-only.
        with suppress(OSError):
            if time.time() - entry.stat().st_mtime > _DAY_S:
                os.utime(entry)
        return file

    def new_file(self, suffix: str) -> Path:
        return self._blobs.new_file(suffix)

    def keep(self, key: str, file: Path) -> Path:
        digest, _ = self._blobs.keep(file, is_lasting=False)
        write_whole(self._entry(key), digest.encode(), self._blobs.temporary, is_lasting=False)
        return self._blobs.path(digest)

    def _entry(self, key: str) -> Path:
        return self._blobs.root / "shelf" / key[:2] / key


class MemoryStore:
    """The twin for tests: records in a dictionary, files in a folder that the test owns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._takes: dict[tuple[str, int], TakeRecord] = {}
        self._files: dict[str, Path] = {}

    def has(self, key: str, take: int) -> bool:
        return (key, take) in self._takes

    def find(self, key: str, take: int) -> TakeRecord | None:
        return self._takes.get((key, take))

    def path(self, record: TakeRecord) -> Path:
        return self._files[record.digest]

    def new_file(self, suffix: str) -> Path:
        handle, name = tempfile.mkstemp(suffix, dir=self._folder)
        os.close(handle)
        return Path(name)

    def part(self, claim: str) -> Path:
        return self._folder / f"{claim}.mp4"

    def keep(
        self, key: str, take: int, file: Path, provider: str, job: str | None = None, paid: Usd | None = None
    ) -> TakeRecord:
        from storyreel.base.digest import digest_of

        data = file.read_bytes()
        record = TakeRecord(key, take, digest_of(data), len(data), provider, job, paid)
        self._takes[key, take] = record
        self._files[record.digest] = file
        return record
