"""Bytes by their digest on disk: written whole or not at all, read-only, hashed on first use."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from storyreel.base.digest import digest_of
from storyreel.render.points import Reached, nothing


class DamagedBlob(Exception):
    """A stored file no longer hashes to its name, or is gone; `str()` names the digest."""


class Blobs:
    """The folder `cas/` under `root`, and `tmp/` beside it on the same file system."""

    def __init__(self, root: Path, reached: Reached = nothing) -> None:
        self.root = root
        self._reached = reached
        self.temporary = root / "tmp"
        self._sound: set[str] = set()

    def holds(self, digest: str, size: int) -> bool:
        """True where a file of that length stands under the digest; cheap, nothing is hashed."""
        try:
            return self._name(digest).stat().st_size == size
        except OSError:
            return False

    def size(self, digest: str) -> int | None:
        """Bytes of what stands under the digest; None where nothing does. Nothing is hashed."""
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            return None
        try:
            return self._name(digest).stat().st_size
        except OSError:
            return None

    def path(self, digest: str) -> Path:
        """The file, hashed on first use in this process; raises DamagedBlob."""
        name = self._name(digest)
        if digest not in self._sound:
            if not re.fullmatch(r"[0-9a-f]{64}", digest) or not name.is_file() or digest_of_file(name) != digest:
                raise DamagedBlob(f"stored file {digest[:12]} is damaged or gone")
            self._sound.add(digest)
        return name

    def new_file(self, suffix: str) -> Path:
        """A fresh empty file to write into."""
        handle, name = _begun(self.temporary, suffix)
        os.close(handle)
        return Path(name)

    def sweep(self) -> None:
        """Remove what processes that were killed have left half written; downloads that can be continued stay."""
        for file in self.temporary.glob("*-*"):
            process = file.name.partition("-")[0]
            if process.isdecimal() and process.isascii() and not _is_alive(int(process)):
                file.unlink(missing_ok=True)

    def part(self, name: str) -> Path:
        """Where a file lies while it arrives, the same in every run, so that it can be continued; it may not exist."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        return self.temporary / f"{digest_of(name.encode())[:32]}.mp4"

    def keep(self, file: Path, *, is_lasting: bool = True) -> tuple[str, int]:
        """Move a finished file in: fsync, read-only, rename, fsync of the folder. Returns its digest and bytes.

        What need not last may be gone or broken after a power cut, which is seen when it is hashed on its first use.
        """
        digest, size = digest_of_file(file), file.stat().st_size
        name = self._name(digest)
        name.parent.mkdir(parents=True, exist_ok=True)
        self._reached("blob: before sync")
        if is_lasting:
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
        elif digest in self._sound and self.holds(digest, size):
            file.unlink()  # The same bytes may be a take's: what lasts is not replaced.
            return digest, size
        file.chmod(0o444)
        self._reached("blob: before rename")
        file.replace(name)
        self._reached("blob: after rename")
        if is_lasting:
            sync_folder(name.parent)
        self._sound.add(digest)
        return digest, size

    def quarantine(self, digest: str) -> None:
        """Move a damaged file aside for people to look at; never deletes."""
        name = self._name(digest)
        aside = self.root / "quarantine"
        if name.is_file():
            aside.mkdir(parents=True, exist_ok=True)
            name.replace(aside / name.name)
        self._sound.discard(digest)

    def _name(self, digest: str) -> Path:
        return self.root / "cas" / digest[:2] / digest


def digest_of_file(file: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(target: Path, data: bytes, temporary: Path, *, is_lasting: bool = True) -> None:
    """Replace a small file so that a reader sees the old or the new bytes; also after a power cut, if it is to last."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = _begun(temporary)
    with os.fdopen(handle, "wb") as opened:
        opened.write(data)
        opened.flush()
        if is_lasting:
            os.fsync(opened.fileno())
    Path(name).replace(target)
    if is_lasting:
        sync_folder(target.parent)


def _begun(temporary: Path, suffix: str = "") -> tuple[int, str]:
    """A fresh file that says in its name which process writes it."""
    temporary.mkdir(parents=True, exist_ok=True)
    return tempfile.mkstemp(suffix, f"{os.getpid()}-", temporary)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OverflowError:
        return False  # A number that no process has.
    except PermissionError:
        return True
    return True
