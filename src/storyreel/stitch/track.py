"""The film's sound as AAC, listened to while it is encoded: what comes out is measured without waiting for its end."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.ffmpeg import MediaFailed, ffmpeg
from storyreel.media.process import Runner
from storyreel.stitch.encoding import SOUND_BITRATE
from storyreel.stitch.loudness import Measured, measure

_RAW = ["-f", "s16le", "-ar", str(AUDIO_HZ), "-ac", "2", "-i", "pipe:0"]
_CODED = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", SOUND_BITRATE]
_LAST_WORDS_S = 5.0
"""For the encoder to say itself why nothing could be heard."""


async def encode(samples: Iterable[bytes], track: Path, runner: Runner | None = None) -> None:
    """Write 16-bit stereo samples as AAC in an mp4; raises MediaFailed."""
    form = ["-movie_timescale", str(AUDIO_HZ), "-bitexact", "-f", "mp4"]
    await ffmpeg([*_RAW, *_CODED, *form, str(track)], feed=samples, runner=runner)


async def encode_heard(samples: Iterable[bytes], track: Path, *, peaks: bool, runner: Runner | None = None) -> Measured:
    """The same, and what a player hears of it, as `measure` finds it; raises MediaFailed."""
    with tempfile.TemporaryDirectory(prefix="storyreel-") as folder:
        pipe = Path(folder, "sound.aac")
        os.mkfifo(pipe)
        form = f"[f=mp4:fflags=+bitexact:movie_timescale={AUDIO_HZ}]{_escaped(track)}|[f=adts]{_escaped(pipe)}"
        exact = ["-flags:a", "+bitexact+global_header", "-map", "0:a", "-f", "tee", form]
        encoding = asyncio.ensure_future(ffmpeg([*_RAW, *_CODED, *exact], feed=samples, runner=runner))
        hearing = asyncio.ensure_future(measure(pipe, peaks=peaks, runner=runner))
        both: list[asyncio.Future[object]] = [encoding, hearing]  # type: ignore[list-item]
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_EXCEPTION)
            # Where the encoder fails, what listens hears nothing and fails too, perhaps first.
            await asyncio.wait([encoding], timeout=_LAST_WORDS_S)
        finally:
            for each in both:
                each.cancel()
            await asyncio.gather(*both, return_exceptions=True)
        if not encoding.cancelled():
            encoding.result()
        if hearing.cancelled():
            raise MediaFailed("the film's sound could not be listened to")
        return hearing.result()


def _escaped(file: Path) -> str:
    """A name as ffmpeg reads it in a list of outputs."""
    return re.sub(r"([\\'|\[\]\s])", r"\\\1", str(file))
