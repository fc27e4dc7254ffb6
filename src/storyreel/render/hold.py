"""One process at a time works in a project: an operating-system lock that dies with its holder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class HeldByAnother(Exception):
    """Another process has the project; `str()` names it."""


@contextmanager
def hold(folder: Path, doing: str) -> Iterator[None]:
    """Hold the project while the block runs; raises HeldByAnother at once where somebody else does."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "hold", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldByAnother(_holder(handle)) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "doing": doing}).encode(), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    try:
        found = json.loads(os.pread(handle, 4096, 0))
        return f"process {int(found['pid'])} (storyreel {found['doing']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
