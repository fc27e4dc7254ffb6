"""Segments and sound to a reel: streams are copied, timestamps set to the grid, the file put in place at once."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from storyreel.base.timebase import Rate
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.media.process import Runner
from storyreel.stitch.encoding import ticks_of, timescale
from storyreel.stitch.picture import frames_in


async def join(
    segments: Sequence[Path],
    frames: Sequence[int],
    bed: Path,
    rate: Rate,
    out: Path,
    *,
    container: Literal["mp4", "mov"] = "mp4",
    runner: Runner | None = None,
) -> None:
    """Write `out`, or leave it as it was; `frames` has the count of each segment. Raises MediaFailed."""
    with placed(out) as fresh:
        await ffmpeg(
            arguments_of(bed, rate, fresh, container), feed=[listing(segments, frames, rate).encode()], runner=runner
        )
        found = frames_in(fresh)
        if found != sum(frames):
            raise MediaFailed(f"the joined reel has {found} frames where {sum(frames)} were cut")


def listing(segments: Sequence[Path], frames: Sequence[int], rate: Rate) -> str:
    """The concat script: every file with its exact length, so that none is rounded by its container."""
    rows = ["ffconcat version 1.0"]
    for file, count in zip(segments, frames, strict=True):
        quoted = str(file.absolute()).replace("'", "'\\''")
        rows += [f"file 'file:{quoted}'", f"duration {float(count / rate):.6f}"]
    return "\n".join(rows) + "\n"


def arguments_of(bed: Path, rate: Rate, out: Path, container: Literal["mp4", "mov"] = "mp4") -> list[str]:
    """What ffmpeg is told: the script comes on standard input."""
    scale, ticks = str(timescale(rate)), ticks_of(rate)
    # The script counts in microseconds; a thousand of them would add up to a tick, so frames are set to the grid.
    grid = ":".join(f"{x.lower()}=round({x}*TB*{scale}/{ticks})*{ticks}/{scale}/TB" for x in ("PTS", "DTS"))
    return [
        *("-f", "concat", "-safe", "0", "-protocol_whitelist", "file,pipe", "-i", "pipe:0", *INPUT(bed)),
        *("-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bsf:v", f"setts={grid}"),
        *("-movie_timescale", scale, "-video_track_timescale", scale, "-movflags", "+faststart"),
        *("-map_metadata", "-1", "-bitexact", "-f", container, str(out)),
    ]


@contextmanager
def placed(out: Path) -> Iterator[Path]:
    """A name beside `out` that takes its place, whole and durable, when the block ends well; else it is gone."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.{os.getpid()}.new")
    for left in out.parent.glob(f".{glob.escape(out.name)}.*.new"):
        left.unlink(missing_ok=True)  # by a run that was killed: one alone writes here at a time
    try:
        yield fresh
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
