"""The one encoder setting that every segment shares, so that a join copies streams and never encodes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from storyreel.base.timebase import Rate, rate_text

REVISION = 2
"""Raised whenever the same cut would give other pixels or samples; part of every key of this package."""

SOUND_BITRATE = "192k"


@dataclass(frozen=True, slots=True)
class Format:
    """What every frame of a film has in common."""

    width: int
    height: int
    rate: Rate

    @property
    def short_side(self) -> int:
        return min(self.width, self.height)


def timescale(rate: Rate) -> int:
    """Ticks a second on which every frame of `rate` begins exactly: 24000 for 24 and for 24000/1001."""
    scale = rate.numerator
    while scale < 10_000:
        scale *= 10
    return scale


def ticks_of(rate: Rate) -> int:
    """Ticks of `timescale` in one frame."""
    return int(Fraction(timescale(rate)) / rate)


def group_of(rate: Rate) -> int:
    """Frames from one key frame to the next: two seconds."""
    return max(1, round(2 * rate))


def picture_arguments(rate: Rate) -> list[str]:
    """x264 as every segment has it: closed groups, colours of HD, one thread for equal results."""
    scale = str(timescale(rate))
    return [
        "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-g", str(group_of(rate)), "-x264-params", "open-gop=0:stitchable=1", "-threads", "1", "-r", rate_text(rate),
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-movie_timescale", scale, "-video_track_timescale", scale, "-bitexact", "-f", "mp4",
    ]  # fmt: skip
