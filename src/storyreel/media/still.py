"""One frame of a film as a PNG, the very frame that a cut at that rate shows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from storyreel.base.timebase import Rate, rate_text
from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import INPUT, ffmpeg


async def still_at_frame(film: Path, number: int, rate: Rate, out: Path) -> None:
    """The frame `number` (from 0) of a film at `rate`; its last where it is shorter. Raises MediaFailed.

    Every frame up to it is decoded, since what an index says may be off by one.
    """
    await _picked(film, f"fps=fps={rate_text(rate)}:start_time=0:round=near,select=gte(n\\,{number})", out)


async def still_at(film: Path, second: Fraction, out: Path) -> None:
    """The frame that is seen at a second of a film; its last where it is shorter. Raises MediaFailed."""
    await _picked(film, f"select=gte(t\\,{float(second - Fraction(1, 1000)):.6f})", out)


async def _picked(film: Path, pick: str, out: Path) -> None:
    end = _into(out)
    await ffmpeg([*INPUT(film), "-map", "0:v:0", "-vf", pick, "-frames:v", "1", *end])
    if not _is_there(out):
        await ffmpeg(["-sseof", "-1", *INPUT(film), "-map", "0:v:0", *end])
    if not _is_there(out):
        raise MediaFailed(f"there is no frame in {film.name}")


def _into(out: Path) -> list[str]:
    """The arguments that write one PNG; what lay there is gone, so that it is not taken for the answer."""
    out.unlink(missing_ok=True)
    return ["-c:v", "png", "-f", "image2", "-update", "1", f"file:{out.absolute()}"]


def _is_there(out: Path) -> bool:
    return out.is_file() and out.stat().st_size > 0
