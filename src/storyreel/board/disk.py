"""The project's files on disk, and nothing else on it."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.digest import digest_of
from storyreel.board.source import (
    MAX_TEXT,
    MediaFacts,
    SourceMissing,
    SourceRefused,
    folder_path,
    noted,
    project_path,
    too_large,
)

_SETTLED_NS = 100_000_000
_OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(slots=True)
class _Measured:
    """What was found out about a file while it looked like this."""

    stamp: tuple[int, ...]
    digest: str | None = None
    facts: tuple[MediaFacts | None] | None = None


class DiskSource:
    """The project on disk. Nothing outside `root` is opened, whatever a path or a link says.

    Digests and facts are kept for as long as a file keeps its size, times and inode; `renewed` hands them on.
    """

    def __init__(
        self, root: Path, probe: Callable[[Path], MediaFacts | None], now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._root = Path(os.path.realpath(root))
        self._probe = probe
        self._now_ns = now_ns
        self._asked: set[str] = set()
        self._seen: dict[str, str | None] = {}
        self._measured: dict[str, _Measured] = {}

    def renewed(self) -> DiskSource:
        """The same files with an empty list of reads, for the next build of a watch."""
        again = DiskSource(self._root, self._probe, self._now_ns)
        again._measured = self._measured
        return again

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes:
        with self._opened(path) as (file, status, _):
            if status.st_size > limit:
                raise SourceRefused(too_large(status.st_size, limit))
            with open(file, "rb", closefd=False) as stream:
                data = stream.read(limit + 1)
        if len(data) > limit:
            raise SourceRefused(too_large(len(data), limit))
        self._seen.setdefault(project_path(path), digest_of(data))
        return data

    def digest(self, path: str) -> str:
        with self._opened(path) as (file, status, real):
            known = self._known(real, status)
            if known.digest is None:
                with open(file, "rb", closefd=False) as stream:
                    known.digest = hashlib.file_digest(stream, "sha256").hexdigest()
            self._seen.setdefault(project_path(path), known.digest)
            return known.digest

    def contents(self) -> Mapping[str, str | None]:
        """Every path asked for so far with the digest of what was first read there; None where nothing could be."""
        return {path: self._seen[path] if path in self._seen else self.content(path) for path in sorted(self._asked)}

    def content(self, path: str) -> str | None:
        """The digest of a file as it is now, None where it cannot be read; it does not count as asked for."""
        again = self.renewed()
        try:
            return again.digest(path)
        except (SourceMissing, SourceRefused):
            return None

    def facts(self, path: str) -> MediaFacts | None:
        with self._opened(path) as (_, status, real):
            known = self._known(real, status)
            if known.facts is None:
                known.facts = (self._probe(self._root / real),)
            return known.facts[0]

    def listing(self, folder: str) -> tuple[str, ...]:
        try:
            clean = folder_path(folder)
            real = self._inside(clean)
            with os.scandir(self._root / real) as entries:
                names = [entry.name for entry in entries if entry.is_file()]
        except (SourceRefused, OSError):
            return ()  # a hint that cannot be given is not a failure
        return tuple(sorted(f"{clean}/{name}" if clean else name for name in names))

    def reads(self) -> frozenset[str]:
        return frozenset(self._asked)

    def resolve(self, path: str) -> Path:
        """The file itself, for programs that open it by name; raises as `read`."""
        clean = noted(path, self._asked)
        try:
            return self._root / self._inside(clean)
        except OSError as failure:
            raise _refusal(clean, failure) from None

    @contextmanager
    def _opened(self, path: str) -> Iterator[tuple[int, os.stat_result, str]]:
        """An open plain file, its status, and its path relative to the root without links."""
        clean = noted(path, self._asked)
        try:
            real = self._inside(clean)
            file = self._open(real)
        except OSError as failure:
            self._seen.setdefault(clean, None)
            raise _refusal(clean, failure) from None
        try:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode):
                raise SourceRefused("is a folder" if stat.S_ISDIR(status.st_mode) else "is no plain file")
            yield file, status, real
        finally:
            os.close(file)

    def _inside(self, clean: str) -> str:
        real = os.path.realpath(self._root / clean, strict=True)
        if not Path(real).is_relative_to(self._root):
            raise SourceRefused("is a link that leads out of the project")
        return os.path.relpath(real, self._root)

    def _open(self, real: str) -> int:
        """Open step by step and follow no link: one that was put there since `_inside` looked is refused."""
        *folders, name = real.split("/")
        folder = os.open(self._root, _OPEN | os.O_DIRECTORY)
        try:
            for step in folders:
                inner = os.open(step, _OPEN | os.O_DIRECTORY, dir_fd=folder)
                os.close(folder)
                folder = inner
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISLNK(mode):
                raise SourceRefused("is a folder" if stat.S_ISDIR(mode) else "is no plain file")
            return os.open(name, _OPEN, dir_fd=folder)
        finally:
            os.close(folder)

    def _known(self, real: str, status: os.stat_result) -> _Measured:
        stamp = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        known = self._measured.get(real)
        if known is None or known.stamp != stamp:
            known = _Measured(stamp)
            # A file still being written can change again within one tick of its clock, so it is not remembered yet.
            if self._now_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > _SETTLED_NS:
                self._measured[real] = known
        return known


def _refusal(path: str, failure: OSError) -> SourceMissing | SourceRefused:
    if failure.errno in (errno.ENOENT, errno.ENOTDIR):
        return SourceMissing(path)
    if failure.errno == errno.ELOOP:
        return SourceRefused("is a link that leads nowhere or out of the project")
    return SourceRefused(f"cannot be read: {(failure.strerror or 'unknown reason').lower()}")
