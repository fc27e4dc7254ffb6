"""A stretch of an original as ffmpeg reads it: brought to the film's rate, size and colours on exact frames. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from storyreel.base.timebase import Range, rate_text
from storyreel.media.ffmpeg import INPUT
from storyreel.media.footage import Footage
from storyreel.stitch.encoding import Format

_RUN_UP = Fraction(1, 2)
"""Seconds decoded before the first wanted frame, so that the one shown at that moment is known."""


@dataclass(frozen=True, slots=True)
class Original:
    """A file that pictures come from, before anything was done to it."""

    file: Path
    identity: str
    """Digest of its bytes, or of all that it was drawn from."""
    available: int
    """Frames that it holds at the film's rate, after speed."""
    footage: Footage | None = None
    """What it was found to be; None for what was drawn here, which is as the film is."""
    is_kept: bool = False
    """True for the very frames that are wanted and no others, conformed and dressed before."""


@dataclass(frozen=True, slots=True)
class Conformed:
    """Arguments that open an original, and the filters that make of it exactly the wanted frames from time 0.

    Time stands in them as the file writes it, so that ffmpeg must be told `-copyts`.
    """

    arguments: tuple[str, ...]
    filters: str


def conform(
    original: Original, frames: Range, form: Format, *, fit: Literal["crop", "pad", "blur"], speed: Fraction
) -> Conformed:
    """Decode only what is needed; where the original ends too early, its last frame stands for the rest.

    A frame of the film shows the picture that stands in the middle of the frame's time, whatever the original's rate;
    frame 0 is the original's first picture, whenever its own clock begins.
    """
    if original.is_kept:
        return Conformed(("-threads", "1", *INPUT(original.file)), f"settb=1/({form.rate}),setpts=N,setsar=1,{_TAGS}")
    padded = frames.end > original.available
    begins = original.footage.begins if original.footage is not None else Fraction(0)
    # Where frames are missing nothing is skipped: the last one there is must be met on the way.
    lead = 0 if padded else max(0, frames.start - int(_RUN_UP * form.rate))
    arguments: tuple[str, ...] = tuple(INPUT(original.file))
    if lead:
        skipped = begins + lead / form.rate * speed
        arguments = ("-noaccurate_seek", "-seek_timestamp", "1", "-ss", f"{float(skipped):.6f}", *arguments)
    steps = [
        f"setpts=round((PTS-({begins})/TB)*({1 / speed}))",
        f"fps=fps={rate_text(form.rate)}:start_time={float(lead / form.rate):.9f}:round=near",
        *(["tpad=stop=-1:stop_mode=clone"] if padded else []),
        f"trim=start_frame={frames.start - lead}:end_frame={frames.end - lead}",
        "setpts=PTS-STARTPTS",
        fitted(form, fit, original.footage),
    ]
    return Conformed(("-threads", "1", *arguments), ",".join(steps))


_MATRICES = {"bt709": "bt709", "smpte170m": "smpte170m", "bt470bg": "bt470", "fcc": "fcc", "bt2020nc": "bt2020"}
_HIGH_RANGE = ("smpte2084", "arib-std-b67")
_TAGS = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"


def fitted(form: Format, fit: Literal["crop", "pad", "blur"], footage: Footage | None = None) -> str:
    """Filters from any size, pixel shape, depth and colours to the film's."""
    tail = f"setsar=1,format=yuv420p,{_TAGS}"
    if footage is not None and _is_ready(footage, form):
        return f"setsar=1,{_TAGS}"
    size = f"{form.width}:{form.height}"
    square = "scale=iw*sar:ih,setsar=1" if footage is None or footage.sar != 1 else "setsar=1"
    matrix = _MATRICES.get(footage.matrix, "bt709") if footage is not None else "bt709"
    if footage is not None and footage.transfer in _HIGH_RANGE:
        light = "zscale=t=linear:npl=203,format=gbrpf32le,tonemap=hable:desat=0"
        square, matrix = f"{square},{light},zscale=p=bt709:t=bt709:m=bt709:r=tv,format=yuv420p", "bt709"
    # Untagged colours are those of HD: generators write HD and seldom say so. What is tagged is believed.
    colours = f"in_color_matrix={matrix}:out_color_matrix=bt709:out_range=tv"
    if fit == "pad":
        inside = f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:{colours}"
        return f"{square},{inside},pad={size}:(ow-iw)/2:(oh-ih)/2:black,{tail}"
    cover = f"scale={size}:force_original_aspect_ratio=increase:{colours},crop={size},setsar=1"
    if fit == "crop":
        return f"{square},{cover},{tail}"
    # The ground is blurred small and blown up: the same softness for a hundredth of the work.
    small = f"scale={max(2, form.width // 16 * 2)}:{max(2, form.height // 16 * 2)}"
    ground = f"{cover},{small},gblur=sigma=6,scale={size}:flags=bicubic,eq=brightness=-0.06"
    inside = f"scale={size}:force_original_aspect_ratio=decrease:force_divisible_by=2:{colours},setsar=1"
    return f"{square},split[fg][bg];[bg]{ground}[soft];[fg]{inside}[sharp];[soft][sharp]overlay=(W-w)/2:(H-h)/2,{tail}"


def _is_ready(footage: Footage, form: Format) -> bool:
    """True where every pixel may stay as it is."""
    if (footage.width, footage.height) != (form.width, form.height) or footage.sar != 1:
        return False
    levels, matrix = footage.levels in ("tv", "unknown"), footage.matrix in ("bt709", "unknown")
    return footage.pixels == "yuv420p" and levels and matrix and footage.transfer not in _HIGH_RANGE
