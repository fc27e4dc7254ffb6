"""ffmpeg: arguments in, bytes out; files are named absolutely and read by no protocol but file and pipe."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import AUDIO_HZ, round_half_up
from storyreel.media.failed import DISK_FULL, FILE_TOO_LARGE, MediaFailed
from storyreel.media.process import Finished, Processes, Runner
from storyreel.media.wav import WavBroken, wav_sound

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["INPUT", "Finished", "MediaFailed", "Processes", "Runner", "ffmpeg", "ffmpeg_path", "read_sound"]

_PROTOCOLS = ("-protocol_whitelist", "file,pipe")
_FORMATS = "mov,matroska,mp3,wav,w64,flac,ogg,aac,gif,avi,nut,mpegts,png_pipe,jpeg_pipe,webp_pipe"
_MAX_PIXELS = 40_000_000


def ffmpeg_path() -> str:
    """The program: STORYREEL_FFMPEG, else the one that imageio-ffmpeg carries; raises MediaFailed.

    It is found without importing imageio-ffmpeg, which obeys IMAGEIO_FFMPEG_EXE.
    """
    chosen = os.environ.get("STORYREEL_FFMPEG")
    return _chosen(chosen) if chosen else _carried()


def _chosen(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MediaFailed("STORYREEL_FFMPEG names no program that can be run", name)
    return str(Path(found).absolute())


@lru_cache(maxsize=1)
def _carried() -> str:
    package = find_spec("imageio_ffmpeg")
    for folder in (package and package.submodule_search_locations) or ():
        for found in sorted(Path(folder, "binaries").glob("ffmpeg-*")):
            if os.access(found, os.X_OK):
                return str(found.absolute())
    raise MediaFailed("there is no ffmpeg: install imageio-ffmpeg again or set STORYREEL_FFMPEG to one")


def INPUT(path: Path) -> list[str]:  # noqa: N802 - stands in argument lists beside constants
    """The arguments that open a media file: absolute, never a URL or playlist, whatever the file says it is."""
    limits = ("-format_whitelist", _FORMATS, "-max_pixels", str(_MAX_PIXELS))
    return [*_PROTOCOLS, *limits, "-i", f"file:{Path(path).absolute()}"]


async def ffmpeg(
    args: Sequence[str], *, feed: Iterable[bytes] | None = None, runner: Runner | None = None, limit_s: float = 600
) -> bytes:
    """Run ffmpeg quietly and give back its standard output; raises MediaFailed.

    Every input needs `INPUT`, since the whitelist that stands here holds for the first input alone.
    """
    argv = [ffmpeg_path(), "-nostdin", "-hide_banner", "-v", "error", "-y", *_PROTOCOLS, *args]
    ended = await (runner or Processes()).run(argv, feed=feed, limit_s=limit_s)
    if ended.status != 0:
        raise _failure(ended)
    return ended.stdout


def _failure(ended: Finished) -> MediaFailed:
    if "No space left on device" in ended.stderr or "Disk quota exceeded" in ended.stderr:
        return MediaFailed(DISK_FULL, ended.stderr)
    if ended.status == -signal.SIGXFSZ or "File too large" in ended.stderr:
        return MediaFailed(FILE_TOO_LARGE, ended.stderr)
    if "[dec:" in ended.stderr and "Invalid data found" in ended.stderr:
        return MediaFailed("its file is damaged: not all of it can be decoded", ended.stderr)
    if ended.status < 0:
        return MediaFailed(f"ffmpeg was killed by signal {-ended.status}", ended.stderr)
    lines = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
    return MediaFailed(f"ffmpeg failed: {lines[-1]}" if lines else "ffmpeg failed and did not say why", ended.stderr)


async def read_sound(
    path: Path,
    *,
    hz: int = AUDIO_HZ,
    start: Fraction | None = None,
    length: Fraction | None = None,
    zero: Fraction | None = None,
    runner: Runner | None = None,
) -> npt.NDArray[np.int16]:
    """The first sound of a file as int16 samples of shape (n, 2), from `start` for at most `length` seconds.

    Cut on exact samples. Sound that begins after the picture is padded in front, so both keep their distance: `zero`
    is the second on the file's own clock that counts as its beginning. Raises MediaFailed, also where the file holds
    no sound.
    """
    import numpy as np

    first = round_half_up((start or Fraction(0)) * hz)
    end = None if length is None else max(first, round_half_up(((start or Fraction(0)) + length) * hz))
    if end == first:
        return np.zeros((0, 2), np.int16)
    ready = await asyncio.to_thread(_ready_sound, Path(path), hz, first, end)
    if ready is not None:
        return ready
    # aformat stands before atrim so that the samples counted are those of the result.
    trim = f"atrim=start_sample={first}" + ("" if end is None else f":end_sample={end}")
    graph = f"aresample={hz}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo,{trim}"
    clock: list[str] = []
    if zero is not None:
        clock, graph = ["-copyts"], f"asetpts=round(PTS-({zero})/TB),{graph}"
    args = [*clock, *INPUT(path), "-map", "0:a:0", "-af", graph, "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]
    try:
        data = await ffmpeg(args, runner=runner)
    except MediaFailed as problem:
        if "matches no streams" in problem.detail:
            raise MediaFailed(f"there is no sound in {Path(path).name}", problem.detail) from problem
        raise
    return np.frombuffer(data, "<i2").astype(np.int16, copy=False).reshape(-1, 2)


def _ready_sound(path: Path, hz: int, first: int, end: int | None) -> npt.NDArray[np.int16] | None:
    """The samples of a WAV that already has our form, read as they lie; None for any other file."""
    import numpy as np

    try:
        with path.open("rb") as file:
            sound = wav_sound(file, os.fstat(file.fileno()).st_size)
            if sound is None or (sound.hz, sound.bits, sound.is_float) != (hz, 16, False) or sound.channels > 2:
                return None
            last = sound.frames if end is None else min(end, sound.frames)
            file.seek(sound.offset + first * 2 * sound.channels)
            data = file.read(max(0, last - first) * 2 * sound.channels)
    except (OSError, struct.error, WavBroken):
        return None  # ffmpeg says what is wrong with it
    samples = np.frombuffer(data, "<i2").reshape(-1, sound.channels)
    if sound.channels == 2:
        return samples.astype(np.int16)
    half_power = np.rint(samples * np.sqrt(0.5)).astype(np.int16)
    return np.repeat(half_power, 2, axis=1)
