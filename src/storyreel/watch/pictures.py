"""Small pictures of a film: a strip with a frame a second, a silent loop for the wall, the shape of its sound."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg, read_sound
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf

TALL = 112
"""Pixels of a strip's height."""
MOST_TILES = 120
WAVE_HZ = 50
"""Peaks a second."""

_REVISION = 1
_SOUND_HZ = 8_000
_LOOP_TALL = 216


@dataclass(frozen=True, slots=True)
class Strip:
    """Frames side by side in one JPEG, the n-th from the middle of the n-th second."""

    file: Path
    key: str
    tiles: int
    width: int
    """Pixels of one frame."""
    height: int


async def strip(
    film: Path, identity: str, start: Fraction, seconds: Fraction, shape: Fraction, shelf: Shelf, runner: Runner | None
) -> Strip:
    """A strip of `seconds` of a film from `start` on; `identity` stands for what is seen there. Raises MediaFailed."""
    tiles = max(1, min(MOST_TILES, int(seconds + Fraction(1, 2))))
    step = seconds / tiles if tiles == MOST_TILES else Fraction(1)
    wide = max(2, round(TALL * shape / 2) * 2)
    key = digest_of_value({"strip": identity, "seconds": str(seconds), "size": [wide, TALL], "revision": _REVISION})
    found = shelf.find(key)
    if found is None:
        middle = start + min(step, seconds) / 2
        graph = (
            f"select='isnan(prev_selected_t)+gte(t-prev_selected_t,{float(step) - 0.001:.6f})',"
            f"scale={wide}:{TALL}:force_original_aspect_ratio=increase:flags=area:out_range=pc,"
            f"crop={wide}:{TALL},setsar=1,format=yuvj420p,tile={tiles}x1"
        )
        length = ["-t", f"{float(seconds):.6f}"]
        args = ["-threads", "1", "-ss", f"{float(middle):.6f}", *length, *INPUT(film), "-an", "-vf", graph]
        found = await _made(shelf, key, ".jpg", [*args, "-frames:v", "1", "-q:v", "5", "-f", "mjpeg"], runner)
    return Strip(found, key, tiles, wide, TALL)


async def loop(film: Path, digest: str, shelf: Shelf, runner: Runner | None) -> tuple[Path, str]:
    """The film small and silent, for a wall of many, and its key. Raises MediaFailed."""
    key = digest_of_value({"loop": digest, "tall": _LOOP_TALL, "revision": _REVISION})
    found = shelf.find(key)
    if found is None:
        coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "30", "-pix_fmt", "yuv420p", "-threads", "1"]
        graph = f"fps=12,scale=-2:{_LOOP_TALL}:flags=area,setsar=1"
        args = [*INPUT(film), "-an", "-vf", graph, *coded, "-movflags", "+faststart", "-f", "mp4"]
        found = await _made(shelf, key, ".mp4", args, runner)
    return found, key


async def wave(film: Path, digest: str, shelf: Shelf, runner: Runner | None) -> tuple[Path, str] | None:
    """Loudest sample of each fiftieth of a second, a byte each, and its key; None for a film without sound."""
    key = digest_of_value({"wave": digest, "hz": WAVE_HZ, "revision": _REVISION})
    found = shelf.find(key)
    if found is None:
        import numpy as np

        try:
            sound = await read_sound(film, hz=_SOUND_HZ, runner=runner)
        except MediaFailed as problem:
            if "no sound" in problem.message:
                return None
            raise
        loud = np.abs(sound.astype(np.int32)).max(axis=1)
        block = _SOUND_HZ // WAVE_HZ
        loud = np.pad(loud, (0, -len(loud) % block)).reshape(-1, block).max(axis=1)
        # By the square root, so that speech is seen beside an explosion.
        peaks = np.sqrt(np.minimum(loud, 32767) / 32767) * 255
        file = shelf.new_file(".wave")
        file.write_bytes(peaks.astype(np.uint8).tobytes())
        found = shelf.keep(key, file)
    return found, key


async def _made(shelf: Shelf, key: str, suffix: str, args: list[str], runner: Runner | None) -> Path:
    file = shelf.new_file(suffix)
    try:
        await ffmpeg([*args, str(file)], runner=runner)
        if not file.exists() or not file.stat().st_size:
            raise MediaFailed("no frame of it could be read")
        return shelf.keep(key, file)
    finally:
        file.unlink(missing_ok=True)
