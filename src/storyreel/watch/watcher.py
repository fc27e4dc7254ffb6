"""Who tells that something may have changed: the system's own events over watchfiles, and a twin."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

_STEP_MS = 15
"""So long after an event the system is listened to for more of the same burst."""
_BURST_MS = 60
_TURN_MS = 1000
_POLL_MS = 250
_DISTANT = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "vboxsf", "prl_fs", "fuse.sshfs", "fuse.vmhgfs-fuse"}
)
"""File systems that tell nothing of what other machines write."""


class Watcher(Protocol):
    """The seam."""

    def changes(self, folders: frozenset[Path]) -> AsyncGenerator[frozenset[Path], None]:
        """Paths that were touched directly in these folders; first, and once, nothing: from then on none is missed."""
        ...


class Notify:
    """The real watcher. Folders on other machines are looked at every quarter second, as is where the system refuses.

    `WATCHFILES_FORCE_POLLING` has the last word, as everywhere with watchfiles.
    """

    async def changes(self, folders: frozenset[Path]) -> AsyncGenerator[frozenset[Path], None]:
        notify = _listening(folders)
        over, thread = threading.Event(), ThreadPoolExecutor(1, "watch")
        loop = asyncio.get_running_loop()
        try:
            yield frozenset()
            while True:
                told = await loop.run_in_executor(thread, notify.watch, _BURST_MS, _STEP_MS, _TURN_MS, over)
                if isinstance(told, set):
                    yield frozenset(Path(path) for _, path in told)
        finally:
            over.set()
            thread.shutdown()  # one step at most: it is not closed while it is listened to
            notify.close()


def _listening(folders: Iterable[Path]) -> RustNotify:
    from watchfiles._rust_notify import RustNotify

    there = sorted(str(folder) for folder in folders if folder.is_dir())
    try:
        return RustNotify(there, False, _is_polled(there), _POLL_MS, False, True)
    except OSError:  # too many watches for the system, or a folder that went away this moment
        there = [folder for folder in there if Path(folder).is_dir()]
        return RustNotify(there, False, True, _POLL_MS, False, True)


class MemoryWatcher:
    """The twin: tells what it is told."""

    def __init__(self) -> None:
        self.folders: list[frozenset[Path]] = []
        """Those of each time that somebody began to listen."""
        self._told: asyncio.Queue[frozenset[Path]] = asyncio.Queue()

    def touch(self, *paths: Path) -> None:
        self._told.put_nowait(frozenset(paths))

    async def changes(self, folders: frozenset[Path]) -> AsyncGenerator[frozenset[Path], None]:
        self.folders.append(folders)
        yield frozenset()
        while True:
            yield await self._told.get()


def folders_of(root: Path, files: Iterable[str]) -> frozenset[Path]:
    """The folders of these project paths, as written and real, and all above them up to the root, so that it is seen
    when one of them goes or appears."""
    found = {root}
    for file in files:
        if "\0" in file or Path(file).is_absolute() or ".." in Path(file).parts:
            continue
        written = root / file
        real = Path(os.path.realpath(written))
        for place in (written, real):
            if place.is_relative_to(root):
                found.update(folder for folder in place.parents if folder.is_relative_to(root))
    return frozenset(found)


def _is_polled(folders: Collection[str]) -> bool:
    asked = os.environ.get("WATCHFILES_FORCE_POLLING", "")
    if asked:
        return asked.lower() not in ("false", "disable", "disabled", "0")
    mounts = sorted(_mounts(), key=lambda mount: len(mount[0]), reverse=True)
    return any(kind in _DISTANT for folder in folders for kind in _kind_of(folder, mounts))


def _kind_of(folder: str, mounts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for place, kind in mounts:
        if Path(folder).is_relative_to(place):
            yield kind
            return


def _mounts() -> list[tuple[str, str]]:
    """Where something is mounted, and of what kind; empty off Linux."""
    try:
        lines = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return []
    rows = [line.split(" ") for line in lines]
    return [(row[1].encode().decode("unicode_escape"), row[2]) for row in rows if len(row) > 2]
