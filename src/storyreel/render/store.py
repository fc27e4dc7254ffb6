"""The take store: bytes by digest, takes by what was asked. A name that is visible is whole."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from storyreel.base.money import Usd
from storyreel.render.blobs import Blobs, DamagedBlob, write_whole
from storyreel.render.points import Reached, nothing


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

    def part(self, key: str, take: int) -> Path:
        """Where a take lies while it arrives, the same in every run; it may not exist. To be handed to `keep`."""
        ...

    def keep(
        self, key: str, take: int, file: Path, provider: str, job: str | None = None, paid: Usd | None = None
    ) -> TakeRecord:
        """Take a finished file into the store; it is durable when this returns."""
        ...


class DiskStore:
    """The store in a folder. Layout: `cas/ab/<digest>`, `takes/ab/<key>.json`, `shelf/ab/<key>`, `tmp/`."""

    def __init__(self, root: Path, reached: Reached = nothing) -> None:
        self.root = root
        self.blobs = Blobs(root, reached)
        self._reached = reached
        self._recording = threading.Lock()

    def has(self, key: str, take: int) -> bool:
        return self.find(key, take) is not None

    def numbers(self, key: str) -> tuple[int, ...]:
        """Takes that the table has of a request."""
        return tuple(sorted(int(number) for number in self._read(key) if number.isdigit()))

    def find(self, key: str, take: int) -> TakeRecord | None:
        known = self._read(key).get(str(take))
        if known is None:
            return None
        job, paid = known.get("job"), known.get("paid")
        record = TakeRecord(
            key,
            take,
            str(known["digest"]),
            int(str(known["size"])),
            str(known["provider"]),
            None if job is None else str(job),
            None if paid is None else Usd(str(paid)),
        )
        return record if self.blobs.holds(record.digest, record.size) else None

    def path(self, record: TakeRecord) -> Path:
        return self.blobs.path(record.digest)

    def new_file(self, suffix: str) -> Path:
        return self.blobs.new_file(suffix)

    def part(self, key: str, take: int) -> Path:
        return self.blobs.part(f"{key}-{take}")

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
        # Takes of one key share a file, and are kept from several threads.
        with self._recording:
            takes = self._read(key) | {str(take): row}
            write_whole(self._takes(key), json.dumps(takes, indent=1, sort_keys=True).encode(), self.blobs.temporary)
        self._reached("take: recorded")
        return record

    def forget(self, record: TakeRecord) -> None:
        """Move a damaged file aside, so that the take counts as not made."""
        self.blobs.quarantine(record.digest)

    def _takes(self, key: str) -> Path:
        return self.root / "takes" / key[:2] / f"{key}.json"

    def _read(self, key: str) -> dict[str, Mapping[str, object]]:
        try:
            takes = json.loads(self._takes(key).read_bytes())
        except FileNotFoundError:
            return {}
        except ValueError:
            return {}  # A broken entry of the table is a miss; the bytes it named stay in the store.
        return takes if isinstance(takes, dict) else {}


class DiskShelf:
    """The store's shelf of free results (segments, voices, sheets): a broken entry is a miss, never an error."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def find(self, key: str) -> Path | None:
        try:
            digest = self._entry(key).read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        try:
            return self._blobs.path(digest)
        except DamagedBlob:
            self._blobs.quarantine(digest)
            return None

    def new_file(self, suffix: str) -> Path:
        return self._blobs.new_file(suffix)

    def keep(self, key: str, file: Path) -> Path:
        digest, _ = self._blobs.keep(file)
        write_whole(self._entry(key), digest.encode(), self._blobs.temporary)
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

    def part(self, key: str, take: int) -> Path:
        return self._folder / f"{key[:40]}-{take}.mp4"

    def keep(
        self, key: str, take: int, file: Path, provider: str, job: str | None = None, paid: Usd | None = None
    ) -> TakeRecord:
        from storyreel.base.digest import digest_of

        data = file.read_bytes()
        record = TakeRecord(key, take, digest_of(data), len(data), provider, job, paid)
        self._takes[key, take] = record
        self._files[record.digest] = file
        return record
