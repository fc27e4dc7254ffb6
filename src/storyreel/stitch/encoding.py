"""The one encoder setting that every segment shares, so that a join copies streams and never encodes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from storyreel.base.timebase import Rate, rate_text
from storyreel.plan.cut import Cut, FileSource, TakeSource

Quality = Literal["draft", "final"]

REVISION = 6
"""Raised whenever the same cut would give other pixels or samples; part of every key of this package."""

SOUND_BITRATE = "192k"


@dataclass(frozen=True, slots=True)
class Format:
    """What every frame of a film has in common."""

    width: int
    height: int
    rate: Rate
    quality: Quality = "final"

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


def quality_of(cut: Cut) -> Quality:
    """A film of drawn panels alone is a draft: it is encoded three times as fast, into twice the bytes."""
    sources = [source for scene in cut.scenes for source in scene.sources]
    is_drawn = not any(isinstance(source, FileSource) for source in sources)
    return "draft" if is_drawn and all(s.look == "panel" for s in sources if isinstance(s, TakeSource)) else "final"


_ENCODERS: dict[Quality, list[str]] = {
    "draft": ["-preset", "ultrafast", "-crf", "23", "-x264-params", "open-gop=0:stitchable=1"],
    "final": ["-preset", "veryfast", "-crf", "20", "-x264-params", "open-gop=0:stitchable=1"],
}


def picture_arguments(form: Format) -> list[str]:
    """x264 as every segment of a film has it: closed groups, colours of HD, one thread for equal results."""
    scale = str(timescale(form.rate))
    return [
        "-an", "-c:v", "libx264", *_ENCODERS[form.quality], "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-g", str(group_of(form.rate)), "-threads", "1", "-r", rate_text(form.rate),
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-movie_timescale", scale, "-video_track_timescale", scale, "-bitexact", "-f", "mp4",
    ]  # fmt: skip
