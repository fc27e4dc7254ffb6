"""A whole take: its shots one after the other into one silent film."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import rate_text
from storyreel.media.ffmpeg import INPUT, MediaFailed, Runner, ffmpeg
from storyreel.media.image import open_image
from storyreel.media.panel.frame import Frame
from storyreel.media.panel.job import FilmFrame, PanelJob
from storyreel.media.panel.scene import Backdrop
from storyreel.media.panel.shot import paint_shot

if TYPE_CHECKING:
    from PIL import Image

_MARK = "panels until "
"""Begins the note in a take's file that says with which frames its shots end."""


async def paint_take(job: PanelJob, out: Path, runner: Runner | None = None) -> None:
    """Paint a take into a new file `out`, an mp4 of exactly `job.frames` frames. Raises MediaFailed.

    Painting goes on in a thread. A failed or cancelled take leaves no file.
    """
    try:
        start, end = await _opened(job.start, runner), await _opened(job.end, runner)
        await ffmpeg(_arguments(job, out), feed=_frames(job, start, end), runner=runner)
    except BaseException:
        await asyncio.to_thread(out.unlink, missing_ok=True)
        raise


def _frames(job: PanelJob, start: Image.Image | None, end: Image.Image | None) -> Iterator[bytes]:
    frame = Frame(job.width, job.height)
    for number, shot in enumerate(job.shots):
        backdrop = None if start is None else Backdrop(start, is_opening=number == 0)
        closing = end if number == len(job.shots) - 1 else None
        for painted in paint_shot(shot, job.place, float(job.rate), frame, backdrop, closing):
            yield from painted.data()


def _arguments(job: PanelJob, out: Path) -> list[str]:
    rate = rate_text(job.rate)
    scale = job.rate.numerator
    while scale < 10_000:
        scale *= 10
    ends = list(accumulate(shot.frames for shot in job.shots))
    begins = [0, *ends[:-1]]
    return [
        "-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", f"{job.width}x{job.height}", "-framerate", rate,
        "-i", "pipe:0", "-an", "-c:v", "libx264", "-preset", "ultrafast", "-qp", "17", "-pix_fmt", "yuv420p",
        "-threads", "1", "-g", "48", "-force_key_frames", "expr:" + "+".join(f"eq(n,{frame})" for frame in begins),
        # As a filter it names what the frames are; as options of the output it would convert what has no name.
        "-vf", "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
        "-frames:v", str(job.frames), "-video_track_timescale", str(scale), "-movie_timescale", str(scale),
        "-metadata", f"comment={_MARK}{','.join(map(str, ends))}", "-bitexact", "-movflags", "+faststart",
        "-f", "mp4", f"file:{out.absolute()}",
    ]  # fmt: skip


async def _bare(film: Path, number: int, runner: Runner | None) -> int:
    """The frame to begin on where a frame of panels is asked for: the last of its shot, which has no type over it."""
    notes = await ffmpeg([*INPUT(film), "-f", "ffmetadata", "pipe:1"], runner=runner)
    found = re.search(rf"^comment={_MARK}([\d,]+)$", notes.decode(errors="replace"), re.MULTILINE)
    ends = [int(end) for end in found[1].split(",") if end] if found else []
    return next((end - 1 for end in ends if end > number), number)


async def _opened(source: Path | FilmFrame | None, runner: Runner | None) -> Image.Image | None:
    if source is None:
        return None
    if isinstance(source, Path):
        return open_image(source)
    return await _frame_of(source, runner)


async def _frame_of(source: FilmFrame, runner: Runner | None) -> Image.Image:
    """A frame of a film. Every frame up to it is decoded, since what an index says may be off by one."""
    from io import BytesIO

    from PIL import Image

    if source.number is not None:
        number = await _bare(source.film, source.number, runner)
        pick = ["-vf", f"select=gte(n\\,{number})", "-frames:v", "1"]
    elif source.at is not None:
        pick = ["-vf", f"select=gte(t\\,{float(source.at - Fraction(1, 1000)):.6f})", "-frames:v", "1"]
    else:
        pick = ["-update", "1"]
    data = await ffmpeg(
        [*INPUT(source.film), "-map", "0:v:0", *pick, "-c:v", "png", "-f", "image2pipe", "pipe:1"], runner=runner
    )
    begin = data.rfind(b"\x89PNG\r\n\x1a\n")
    if begin < 0:
        raise MediaFailed(f"there is no such frame in {source.film.name}")
    with Image.open(BytesIO(data[begin:]), formats=["PNG"]) as found:
        plain: Image.Image = found.convert("RGB")
        return plain
