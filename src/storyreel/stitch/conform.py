"""A stretch of an original as ffmpeg reads it: brought to the film's rate, size and colours on exact frames. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

from storyreel.base.timebase import Range, rate_text
from storyreel.media.ffmpeg import INPUT
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


@dataclass(frozen=True, slots=True)
class Conformed:
    """Arguments that open an original, and the filters that make of it exactly the wanted frames from time 0."""

    arguments: tuple[str, ...]
    filters: str


def conform(
    original: Original, frames: Range, form: Format, *, fit: Literal["crop", "pad", "blur"], speed: Fraction
) -> Conformed:
    """Decode only what is needed; where the original ends too early, its last frame stands for the rest.

    A frame of the film shows the picture whose time is nearest to the frame's beginning, whatever the original's rate.
    """
    padded = frames.end > original.available
    # Where frames are missing nothing is skipped: the last one there is must be met on the way.
    lead = 0 if padded else max(0, frames.start - int(_RUN_UP * form.rate))
    arguments: tuple[str, ...] = tuple(INPUT(original.file))
    begin = "0"
    if lead:
        # Half a frame early: the seek keeps what begins at or after its moment, and rounds.
        skipped = (lead - Fraction(1, 2)) / form.rate * speed
        arguments = ("-ss", f"{float(skipped):.6f}", *arguments)
        begin = f"{Fraction(1, 2) / form.rate}/TB"
    steps = [
        f"setpts=PTS*{1 / speed}-{begin}",
        f"fps=fps={rate_text(form.rate)}:start_time=0:round=near",
        *(["tpad=stop=-1:stop_mode=clone"] if padded else []),
        f"trim=start_frame={frames.start - lead}:end_frame={frames.end - lead}",
        "setpts=PTS-STARTPTS",
        fitted(form, fit),
    ]
    return Conformed(("-threads", "1", *arguments), ",".join(steps))


def fitted(form: Format, fit: Literal["crop", "pad", "blur"]) -> str:
    """Filters from any size, pixel shape and colours to the film's."""
    size = f"{form.width}:{form.height}"
    # Untagged colours are those of HD: generators write HD and seldom say so.
    colours = "in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv"
    square = "scale=iw*sar:ih,setsar=1"
    tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    tail = f"setsar=1,format=yuv420p,{tags}"
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
