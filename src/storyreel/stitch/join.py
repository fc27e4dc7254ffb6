"""Segments and sound to a reel: streams are laid side by side as they are, the file put in place at once."""

from __future__ import annotations

import asyncio
import filecmp
import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storyreel.base.timebase import Rate
from storyreel.media.laid import lay
from storyreel.stitch.encoding import ticks_of, timescale


async def join(segments: Sequence[Path], frames: Sequence[int], bed: Path, rate: Rate, out: Path) -> None:
    """Write `out` as an mp4, or leave it as it was; `frames` has the count of each segment. Raises MediaFailed."""
    # The file is opened here and closed here: a thread whose join was cancelled can neither make nor fill it.
    with placed(out) as fresh, _new(fresh) as opened:
        await asyncio.to_thread(lay, segments, frames, bed, ticks_of(rate), timescale(rate), opened)


def _new(file: Path) -> BinaryIO:
    return file.open("wb")


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A name beside `out` that takes its place, whole and durable, when the block ends well; else it is gone.

    Where `out` has the same bytes it is left alone, so that who remembers it finds it as it was.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.{os.getpid()}.new")
    for left in out.parent.glob(f".{glob.escape(out.name)}.*.new"):
        left.unlink(missing_ok=True)  # by a run that was killed: one alone writes here at a time
    try:
        yield fresh
        if out.is_file() and filecmp.cmp(fresh, out, shallow=False):
            return
        with fresh.open("rb+") as opened:
            os.fsync(opened.fileno())
        fresh.replace(out)
        folder = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        fresh.unlink(missing_ok=True)
