"""How the pictures of a file stand in time and in colour: measured on its first frame, never believed from its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.media.failed import MediaFailed
from storyreel.media.ffmpeg import INPUT, ffmpeg_path
from storyreel.media.probe import probe
from storyreel.media.process import Processes, Runner

_TICK = re.compile(r"config in time_base: (\d+)/(\d+)")
_FRAME = re.compile(
    r"n: *0 pts: *(-?\d+) .*?fmt:(\S+) .*?sar:(\d+)/(\d+) s:(\d+)x(\d+) .*?"
    r"color_range:(\S+) color_space:(\S+) color_primaries:\S+ color_trc:(\S+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Footage:
    """A film file as ffmpeg decodes it. Its time 0 is its first picture, wherever its own clock begins."""

    begins: Fraction
    """Seconds on the file's own clock at which the first picture is shown."""
    seconds: Fraction
    """From the first picture to the end of the last."""
    width: int
    """Pixels as stored, after rotation."""
    height: int
    sar: Fraction
    """Width of a pixel in parts of its height."""
    pixels: str
    """ffmpeg's name of the pixel format."""
    levels: str
    """`tv`, `pc` or `unknown`."""
    matrix: str
    transfer: str

    def row(self) -> dict[str, str]:
        """As JSON says it."""
        return {name: str(getattr(self, name)) for name in self.__slots__}

    @classmethod
    def read(cls, row: dict[str, str]) -> Footage:
        """The inverse of `row`; raises KeyError, ValueError."""
        begins, seconds, sar = (Fraction(row[name]) for name in ("begins", "seconds", "sar"))
        names = (row["pixels"], row["levels"], row["matrix"], row["transfer"])
        return cls(begins, seconds, int(row["width"]), int(row["height"]), sar, *names)


async def footage_of(path: Path, *, runner: Runner | None = None) -> Footage:
    """Decode the first picture of a film; raises MediaFailed where there is none."""
    facts = probe(path)
    if facts is None or facts.kind != "video" or facts.seconds is None:
        raise MediaFailed(f"{Path(path).name} is no film that can be read")
    # Times are taken as the file writes them: what ffmpeg subtracts otherwise depends on its sound, too.
    look = ["-nostdin", "-hide_banner", "-nostats", "-v", "info", "-copyts", "-threads", "1", *INPUT(path)]
    # What encoders and generators write about themselves can be longer than all that is kept of a program's words.
    frame = "trim=end_frame=1,sidedata=mode=delete,showinfo=checksum=0"
    shown = ["-map", "0:v:0", "-map_metadata", "-1", "-an", "-frames:v", "1", "-vf", frame, "-f", "null", "-"]
    ended = await (runner or Processes()).run([ffmpeg_path(), *look, *shown], limit_s=60)
    tick, seen = _TICK.search(ended.stderr), _FRAME.search(ended.stderr)
    if ended.status != 0 or tick is None or seen is None:
        raise MediaFailed(f"the first picture of {Path(path).name} cannot be read", ended.stderr)
    pts, pixels, across, down, width, height, levels, matrix, transfer = seen.groups()
    begins = int(pts) * Fraction(int(tick[1]), int(tick[2]))
    sar = Fraction(int(across), int(down)) if int(across) and int(down) else Fraction(1)
    return Footage(begins, facts.seconds, int(width), int(height), sar, pixels, levels, matrix, transfer)
