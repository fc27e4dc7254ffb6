"""Films whose every frame says its number: eight bars, black or white, from the lowest bit at the left."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from storyreel.media.ffmpeg import ffmpeg_path

BITS = 8


def coded(file: Path, *, rate: str = "24", size: str = "320x180", frames: int = 110, before: str = "null",
          after: Sequence[str] = (), sound: str | None = None, inputs: Sequence[str] = ()) -> Path:  # fmt: skip
    """A film of numbered frames; `before` are filters behind the bars, `after` and `inputs` what ffmpeg is told."""
    bars = f"geq=lum='if(mod(floor(N/pow(2,floor(X*{BITS}/W))),2),225,26)':cb=128:cr=128"
    sounds = ["-f", "lavfi", "-i", sound] if sound else []
    args = ["-f", "lavfi", "-i", f"color=gray:s={size}:r={rate},format=yuv444p,{bars},{before}", *sounds]
    plain = [] if "-c:v" in after else ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30"]
    pixels = [] if "-pix_fmt" in after else ["-pix_fmt", "yuv420p"]
    run("-y", *inputs, *args, "-frames:v", str(frames), *plain, *pixels, *after, "-shortest", str(file))
    return file


def run(*arguments: str) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", *arguments], check=True)


def numbers(file: Path) -> list[int]:
    """The number in every frame, by a decoder that did not make them."""
    with av.open(str(file)) as opened:
        return [_number(frame.to_ndarray(format="gray")) for frame in opened.decode(video=0)]


def _number(picture: np.ndarray) -> int:
    rows = picture[picture.shape[0] * 2 // 5 : picture.shape[0] * 3 // 5]
    width = rows.shape[1]
    middles = [round(width * (bit + 0.5) / BITS) for bit in range(BITS)]
    reach = max(1, width // BITS // 6)
    return sum((float(rows[:, x - reach : x + reach].mean()) > 128) << bit for bit, x in enumerate(middles))
