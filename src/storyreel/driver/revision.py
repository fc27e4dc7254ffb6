"""The project's files as a git revision has them, read out of git's own store; nothing is checked out."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from storyreel.board.source import (
    MAX_TEXT,
    MediaFacts,
    SourceMissing,
    SourceRefused,
    SourceTree,
    folder_path,
    noted,
    too_large,
)
from storyreel.driver.git import Blobs, Entry, commit_of, listing, own_path
from storyreel.driver.locks import MOST_BYTES, LockRefused, lock_file, lock_of
from storyreel.plan.lock import Lock

_LINK = "120000"
_FILES = ("100644", "100755")
_MOST_LINKS = 8
_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_MOST_POINTER = 1024


@dataclass(frozen=True, slots=True)
class RevisionLocks:
    """`driver.locks.Locks` as they were at a revision."""

    source: RevisionSource
    revision: str

    def of(self, board: str) -> Lock | None:
        path = lock_file(Path(), board).as_posix()
        try:
            return lock_of(self.source.read(path, MOST_BYTES), f"{path} at {self.revision}")
        except SourceMissing:
            return None
        except SourceRefused as refused:
            raise LockRefused(f"{path} at {self.revision} {refused}") from None


class RevisionSource:
    """The files of a project as they were at a revision.

    Pictures and sounds that git does not hold (because it ignores them) are taken from `here`, as they lie now: they
    have no history. Texts never are. Files kept by git LFS are known by the digest in their pointer.
    """

    def __init__(
        self,
        root: Path,
        revision: str,
        blobs: Blobs,
        here: SourceTree,
        probe: Callable[[Path], MediaFacts | None],
    ) -> None:
        """List what the revision holds below `root`; raises NoRevision."""
        self._root, self._blobs, self._here, self._probe = root, blobs, here, probe
        self.commit = commit_of(root, revision)
        self._entries = listing(root, self.commit)
        self._asked: set[str] = set()
        self._digests: dict[str, str] = {}
        self._facts: dict[str, MediaFacts | None] = {}

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes:
        entry = self._found(noted(path, self._asked))
        if entry.size > limit:
            raise SourceRefused(too_large(entry.size, limit))
        return self._bytes(entry)

    def digest(self, path: str) -> str:
        entry = self._held(path)
        if entry is None:
            return self._here.digest(path)
        if entry.oid not in self._digests:
            self._digests[entry.oid] = self._pointed(entry) or self._hashed(entry)
        return self._digests[entry.oid]

    def facts(self, path: str) -> MediaFacts | None:
        entry = self._held(path)
        if entry is None:
            return self._here.facts(path)
        if entry.oid not in self._facts:
            self._facts[entry.oid] = self._probed(path, entry)
        return self._facts[entry.oid]

    def listing(self, folder: str) -> tuple[str, ...]:
        try:
            clean = folder_path(folder)
        except SourceRefused:
            return ()  # a hint that cannot be given is not a failure
        return tuple(sorted(path for path in self._entries if dirname(path) == clean))

    def reads(self) -> frozenset[str]:
        return frozenset(self._asked)

    def boards(self, folder: str) -> tuple[str, ...]:
        """Paths of every board: a YAML file below `folder` that says `storyreel:` at the beginning of a line."""
        found = []
        for path, entry in sorted(self._entries.items()):
            is_yaml = path.startswith(f"{folder}/") and path.endswith((".yaml", ".yml"))
            if not is_yaml or path.endswith(".lock.yaml") or entry.mode not in _FILES or entry.size > MAX_TEXT:
                continue
            lines = self._bytes(entry)[: 64 * 1024].splitlines()
            if any(line.startswith((b"storyreel:", b"\xef\xbb\xbfstoryreel:")) for line in lines):
                found.append(path)
        return tuple(found)

    def _held(self, path: str) -> Entry | None:
        """The entry; None where git never had the file and the project has it now."""
        clean = noted(path, self._asked)
        try:
            return self._found(clean)
        except SourceMissing:
            self._here.digest(clean)  # raises where it is missing here, too
            return None

    def _found(self, clean: str) -> Entry:
        for _ in range(_MOST_LINKS):
            entry = self._entries.get(clean)
            if entry is None and any(path.startswith(f"{clean}/") for path in self._entries):
                raise SourceRefused("is a folder")
            if entry is None:
                raise SourceMissing(clean)
            if entry.mode in _FILES:
                return entry
            if entry.mode != _LINK:
                break
            clean = normpath(join(dirname(clean), self._bytes(entry).decode(errors="replace")))
            if clean.startswith(("/", "../")) or clean == "..":
                raise SourceRefused("is a link that leads out of the project")
        raise SourceRefused("is no plain file")

    def _bytes(self, entry: Entry) -> bytes:
        return b"".join(self._blobs.pieces(entry.oid))

    def _hashed(self, entry: Entry) -> str:
        digest = hashlib.sha256()
        for piece in self._blobs.pieces(entry.oid):
            digest.update(piece)
        return digest.hexdigest()

    def _pointed(self, entry: Entry) -> str | None:
        """What a pointer of git LFS is the digest of; None for any other file."""
        if entry.size > _MOST_POINTER:
            return None
        data = self._bytes(entry)
        named = [line.removeprefix(b"oid sha256:") for line in data.splitlines() if line.startswith(b"oid sha256:")]
        return named[0].decode() if data.startswith(_POINTER) and named and len(named[0]) == 64 else None

    def _probed(self, path: str, entry: Entry) -> MediaFacts | None:
        """By content: of git's own file, of the one that git LFS keeps, or of ours where that is the same."""
        pointed = self._pointed(entry)
        if pointed is not None:
            kept = own_path(self._root, f"lfs/objects/{pointed[:2]}/{pointed[2:4]}/{pointed}")
            if kept.is_file():
                return self._probe(kept)
            try:
                return self._here.facts(path) if self._here.digest(path) == pointed else None
            except (SourceMissing, SourceRefused):
                return None  # Neither git nor the project has the film behind the pointer.
        with tempfile.NamedTemporaryFile(prefix="storyreel-") as room:
            for piece in self._blobs.pieces(entry.oid):
                room.write(piece)
            room.flush()
            return self._probe(Path(room.name))
