"""The poster: the frame of the film that shows most, in full size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import Rate
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.media.process import Runner
from storyreel.stitch.join import placed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Place = tuple[Path, int]
"""A segment's file, and a frame in it."""


def best_of(frames: Sequence[bytes], width: int, height: int) -> int:
    """The index of the frame with most detail, neither black nor burnt out; `frames` are small raw RGB pictures."""
    import numpy as np

    def worth(pixels: bytes) -> float:
        rgb = np.frombuffer(pixels, np.uint8).reshape(height, width, 3).astype(np.float32)
        grey = rgb.mean(axis=2)
        lit = float(np.clip(min(grey.mean() - 16, 240 - grey.mean()) / 48, 0, 1))
        return _detail(grey) * (0.05 + lit)

    return max(range(len(frames)), key=lambda index: worth(frames[index]))


def _detail(grey: npt.NDArray[np.float32]) -> float:
    """How much neighbours differ, capped, so that the letters of a slate do not beat a face."""
    import numpy as np

    steps = [np.minimum(np.abs(np.diff(grey, axis=axis)), 40).mean() for axis in (0, 1)]
    return float(sum(steps))


async def draw_poster(place: Place, rate: Rate, out: Path, *, runner: Runner | None = None) -> None:
    """Write one frame of a segment as a PNG, or leave the file as it was; raises MediaFailed."""
    file, offset = place
    begin = max(0.0, float((offset - 1) / rate))
    graph = (
        f"trim=start={float((2 * offset - 1) / (2 * rate)):.6f},scale=in_color_matrix=bt709:in_range=tv,format=rgb24"
    )
    args = ["-copyts", "-noaccurate_seek", "-ss", f"{begin:.6f}", *INPUT(file), "-vf", graph, "-frames:v", "1"]
    with placed(out) as fresh:
        await ffmpeg([*args, "-c:v", "png", "-f", "image2", "-update", "1", str(fresh)], runner=runner)
        if not fresh.exists():
            raise MediaFailed("the frame for the poster could not be read")
