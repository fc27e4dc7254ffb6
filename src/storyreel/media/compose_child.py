"""The child that draws: a JSON list of compositions on standard input, their files on disk, status 0."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from storyreel.base.timebase import rate_text
from storyreel.media.compose import RAW, Composition, composition_from
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.media.frames import frame_function
from storyreel.media.moviepy import guarded_moviepy
from storyreel.media.process import clean_environment, die_with_parent

# As a filter it names what the frames are; as options of the output it would convert what has no name.
_COLORS = "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709"


def main() -> None:
    """Draw all compositions of a task, one after the other."""
    moviepy = guarded_moviepy()
    for plain in json.load(sys.stdin):
        item = composition_from(plain)
        _write(item, _frames(moviepy, item))


def _frames(moviepy: ModuleType, item: Composition) -> Iterator[Any]:
    # moviepy counts time in floats of seconds and rounds the count of frames down. With a clip of one frame a second
    # both are exact; the true rate is told to the encoder.
    clip = moviepy.VideoClip(frame_function=frame_function(item), duration=item.frames)
    try:
        yield from clip.iter_frames(fps=1)
    finally:
        clip.close()


def _write(item: Composition, frames: Iterator[Any]) -> None:
    if item.encode == RAW:
        with item.out.open("wb") as file:
            for frame in frames:
                file.write(frame.data)
        return
    width, height = item.size
    pixels = "rgba" if item.ground is None else "yuv420p"
    argv = [ffmpeg_path(), "-nostdin", "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file,pipe"]
    argv += ["-f", "rawvideo", "-pixel_format", pixels, "-video_size", f"{width}x{height}"]
    argv += ["-framerate", rate_text(item.rate), "-i", "pipe:0"]
    argv += ([] if item.ground is None else ["-vf", _COLORS]) + [*item.encode, f"file:{item.out}"]
    with subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        env=clean_environment(),
        cwd=os.sep,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - this process has no threads
    ) as encoder:
        assert encoder.stdin is not None
        try:
            for frame in frames:
                encoder.stdin.write(frame.data)
            encoder.stdin.close()
        except BrokenPipeError:
            with contextlib.suppress(BrokenPipeError):  # it has said why on our standard error
                encoder.stdin.close()
    if encoder.returncode != 0:
        sys.exit(f"ffmpeg ended with status {encoder.returncode}")


if __name__ == "__main__":
    main()
