"""A picture moved by a camera: each frame is cut from it at fractions of a pixel, so that slow moves do not shake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.ffmpeg import ffmpeg
from storyreel.media.image import open_image
from storyreel.media.panel.camera import read_camera
from storyreel.media.panel.move import SUBJECT, Pose, poses
from storyreel.media.process import Runner

if TYPE_CHECKING:
    from PIL import Image

_SPARE = 1.25
"""How much larger than the frame the picture is held, so that a push in stays sharp."""

Window = tuple[float, float, float]
"""Centre across and down, and width, of what a frame shows: in parts of the picture as it covers the frame."""


async def paint_moved(
    picture: Path, camera: str | None, size: tuple[int, int], rate: str, frames: int, out: Path,
    *, runner: Runner | None = None,
) -> None:  # fmt: skip
    """Film `frames` of a still picture as `camera:` asks, as an mp4 of good quality; raises MediaFailed."""
    windows = windows_of(poses(read_camera(camera), frames, _as_float(rate)))
    width, height = size
    raw = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}", "-framerate", rate]
    colours = "scale=in_range=pc:out_color_matrix=bt709:out_range=tv,format=yuv420p"
    tags = ["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-threads", "1", "-g", "48", *tags, "-f", "mp4"]
    arguments = [*raw, "-i", "pipe:0", "-vf", colours, *coded, "-bitexact", str(out)]
    await ffmpeg(arguments, feed=frames_of(open_image(picture), windows, size), runner=runner)


def windows_of(path: Sequence[Pose]) -> list[Window]:
    """What each frame shows; the whole move is drawn in until no frame looks over the picture's edge."""
    shifts = [pose.shift(SUBJECT) for pose in path]
    zooms = [pose.scale(SUBJECT) for pose in path]
    least = max((1 + 2 * max(map(abs, shift))) / zoom for shift, zoom in zip(shifts, zooms, strict=True))
    held = [(shift, zoom * least) for shift, zoom in zip(shifts, zooms, strict=True)]
    return [(0.5 + x / zoom, 0.5 + y / zoom, 1 / zoom) for (x, y), zoom in held]


def frames_of(picture: Image.Image, windows: Sequence[Window], size: tuple[int, int]) -> Iterator[bytes]:
    """Raw RGB frames."""
    from PIL import Image, ImageOps

    width, height = size
    sharp = max(1.0, min(picture.width / width, picture.height / height))
    held = min(_SPARE / min(window[2] for window in windows), sharp)
    cover = ImageOps.fit(picture.convert("RGB"), (round(width * held), round(height * held)), Image.Resampling.LANCZOS)
    for x, y, extent in windows:
        across, down = extent * cover.width, extent * cover.height
        left, top = min(max(0.0, x * cover.width - across / 2), cover.width - across), y * cover.height - down / 2
        top = min(max(0.0, top), cover.height - down)
        yield cover.resize(size, Image.Resampling.BICUBIC, box=(left, top, left + across, top + down)).tobytes()


def _as_float(rate: str) -> float:
    upper, _, lower = rate.partition("/")
    return int(upper) / int(lower or 1)
