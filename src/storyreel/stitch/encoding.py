"""The one encoder setting that every segment shares, so that a join copies streams and never encodes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from storyreel.base.timebase import Rate, rate_text
from storyreel.plan.cut import Cut, FileSource, TakeSource

Quality = Literal["draft", "final"]
Container = Literal["mp4", "mov", "webm", "gif", "prores"]

REVISION = 10
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


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is handed over. `quality` None: a draft of a film of panels alone, else final."""

    format: Container = "mp4"
    quality: Quality | None = None
    poster: bool = False
    """One frame of the film as a PNG beside it."""
    gif_side: int = 480
    """Pixels of a GIF's longer side, at most."""
    gif_fps: int = 12
    """Frames a second of a GIF, at most."""

    @property
    def suffix(self) -> str:
        """Of the file's name: `.mp4`, `.mov`, `.webm` or `.gif`."""
        return ".mov" if self.format == "prores" else f".{self.format}"


def form_of(cut: Cut, delivery: Delivery) -> Format:
    """What every frame of the film is encoded as, whatever it is handed over in."""
    return Format(cut.width, cut.height, cut.rate, delivery.quality or ("draft" if is_drawn(cut) else "final"))


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


def is_drawn(cut: Cut) -> bool:
    """True for a film of panels alone: it is encoded three times as fast, into twice the bytes."""
    sources = [source for scene in cut.scenes for source in scene.sources]
    has_files = any(isinstance(source, FileSource) for source in sources)
    return not has_files and all(s.look == "panel" for s in sources if isinstance(s, TakeSource))


# Half a step less of motion search: two thirds of the time, the same likeness by SSIM, 4 to 19 % more bytes (measured
# on grain, drawings and fractals beside `veryfast` as it is).
_ENCODERS: dict[Quality, list[str]] = {
    "draft": ["-preset", "ultrafast", "-crf", "23", "-x264-params", "open-gop=0:stitchable=1"],
    "final": ["-preset", "veryfast", "-crf", "20", "-x264-params", "open-gop=0:stitchable=1:subme=1"],
}
_PANELS = [
    "-preset", "ultrafast", "-crf", "20",
    "-x264-params", "open-gop=0:stitchable=1:cabac=1:8x8dct=1:weightp=1:weightb=1:bframes=3:b-adapt=0",
]  # fmt: skip
"""Of panels among takes: a third of the time of `final`, and the very headers that it writes."""


def coding(form: Format, *, is_panel: bool) -> str:
    """The name of the setting that a segment is encoded with; `is_panel`: nothing but panels is seen in it."""
    return "panel" if is_panel and form.quality == "final" else form.quality


def picture_arguments(form: Format, *, is_panel: bool = False) -> list[str]:
    """x264 as every segment of a film has it: closed groups, colours of HD, one thread for equal results."""
    scale = str(timescale(form.rate))
    setting = _PANELS if coding(form, is_panel=is_panel) == "panel" else _ENCODERS[form.quality]
    return [
        "-an", "-c:v", "libx264", *setting, "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-g", str(group_of(form.rate)), "-threads", "1", "-r", rate_text(form.rate),
        "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-movie_timescale", scale, "-video_track_timescale", scale, "-bitexact", "-f", "mp4",
    ]  # fmt: skip
