"""The one way in which pictures and sounds fail."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

DISK_FULL = "the disk is full: make room and run again, what is done stays done"
FILE_TOO_LARGE = "a file may not grow that large here (`ulimit -f`): what is done stays done"


class MediaFailed(Exception):
    """A picture or sound could not be read or made. `message` is one sentence; `detail` is what the program said."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


@contextmanager
def room_to_write() -> Iterator[None]:
    """Turns what the system says of a full disk into MediaFailed; any other OSError passes."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise MediaFailed(DISK_FULL, str(problem)) from problem
        if problem.errno == errno.EFBIG:
            raise MediaFailed(FILE_TOO_LARGE, str(problem)) from problem
        raise
