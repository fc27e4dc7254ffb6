"""Sounds as the bed reads them: 16-bit stereo at 48 kHz in files on the shelf, or made of numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.digest import digest_of, digest_of_value
from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg, read_sound
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.stitch.encoding import REVISION
from storyreel.stitch.meter import SILENCE, Meter
from storyreel.stitch.score import Stem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.int16]

_TONE_SECONDS = 4
_TONE_LEVEL = 10 ** (-50 / 20)
_CEILING = 10 ** (-1 / 20)
_MOST_GAIN_DB = 24.0
_BLOCK = 4 * AUDIO_HZ
_READ_WHOLE = 16 << 20
"""Bytes up to which a WAV is read at once."""


async def stem_file(
    stem: Stem,
    original: Callable[[Stem], Path],
    shelf: Shelf,
    runner: Runner | None = None,
    *,
    zero: Fraction | None = None,
) -> Path:
    """The samples of a stem that comes from a file, as raw little-endian bytes; raises MediaFailed.

    `zero` is the second on the file's own clock that counts as its beginning.
    """
    named = [stem.identity, stem.start, stem.length, str(stem.speed), stem.level, stem.most]
    key = digest_of_value({"stem": named, "revision": REVISION})
    found = shelf.find(key)
    if found is not None:
        return found
    file = shelf.new_file(".pcm")
    try:
        if stem.length is None:
            await _copy(original(stem), file, stem.most, runner)
        else:
            samples = await stretch(stem, stem.length, original(stem), zero, runner)
            _write(samples, file)
        if stem.level is not None:
            await asyncio.to_thread(_level, file, stem.level)
        return shelf.keep(key, file)
    finally:
        file.unlink(missing_ok=True)


async def stretch(stem: Stem, count: int, file: Path, zero: Fraction | None, runner: Runner | None) -> Samples:
    """Exactly `count` samples of a stem, silence after the end of its original; raises MediaFailed."""
    import numpy as np

    start, length = (Fraction(at, AUDIO_HZ) * stem.speed for at in (stem.start, count))
    samples = await read_sound(file, start=start, length=length, zero=zero, runner=runner)
    if stem.speed != 1 and len(samples):
        samples = await _paced(samples, stem.speed, runner)
    exact = np.zeros((count, 2), np.int16)
    exact[: len(samples)] = samples[:count]
    return exact


async def _copy(source: Path, out: Path, most: int | None, runner: Runner | None) -> None:
    """A sound from its beginning, however long, written by the process itself but for short files that need none."""
    if await asyncio.to_thread(_is_short_wav, source):
        _write((await read_sound(source, runner=runner))[:most], out)
        return
    end = "" if most is None else f",atrim=end_sample={most}"
    graph = f"aresample={AUDIO_HZ}:async=1:first_pts=0,aformat=sample_fmts=s16:channel_layouts=stereo{end}"
    coded = ["-map", "0:a:0", "-af", graph, "-c:a", "pcm_s16le", "-f", "s16le", str(out)]
    try:
        await ffmpeg([*INPUT(source), *coded], runner=runner)
    except MediaFailed as problem:
        if "matches no streams" in problem.detail:
            raise MediaFailed(f"there is no sound in {source.name}", problem.detail) from problem
        raise


def _is_short_wav(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(4) == b"RIFF" and file.stat().st_size <= _READ_WHOLE


async def _paced(samples: Samples, speed: Fraction, runner: Runner | None) -> Samples:
    """Faster or slower at the same pitch."""
    import numpy as np

    steps, left = [], float(speed)
    while left < 0.5:
        steps.append("atempo=0.5")
        left *= 2
    steps.append(f"atempo={left:.6f}")
    raw = ["-f", "s16le", "-ar", str(AUDIO_HZ), "-ac", "2"]
    arguments = [*raw, "-i", "pipe:0", "-af", ",".join(steps), "-f", "s16le", "pipe:1"]
    data = await ffmpeg(arguments, feed=[samples.tobytes()], runner=runner)
    return np.frombuffer(data, "<i2").reshape(-1, 2)


def _level(file: Path, level: float) -> None:
    """Bring a file's samples to `level` LUFS where they lie, as far as their peak allows."""
    import numpy as np

    samples = np.memmap(file, np.dtype("<i2"), "r+") if file.stat().st_size else np.zeros(0, np.int16)
    blocks = [slice(at, at + 2 * _BLOCK) for at in range(0, len(samples), 2 * _BLOCK)]
    meter, peak = Meter(), 0
    for block in blocks:
        found = samples[block].astype(np.float32)
        peak = max(peak, int(np.abs(found).max()))
        meter.add(found.reshape(-1, 2) / np.float32(32768))
    loudness = meter.loudness()
    if not peak or loudness <= SILENCE:
        return
    gain = min(10.0 ** (min(level - loudness, _MOST_GAIN_DB) / 20), 32767 * _CEILING / peak)
    for block in blocks:
        samples[block] = np.rint(samples[block] * gain).astype(np.int16)


def tone(place: str) -> Samples:
    """Room tone that can be looped: quiet noise whose colour belongs to the place."""
    import numpy as np

    seed = int(digest_of(place.encode())[:12], 16)
    random = np.random.Generator(np.random.PCG64(seed))
    count = _TONE_SECONDS * AUDIO_HZ
    hz = np.fft.rfftfreq(count, 1 / AUDIO_HZ)
    # Noise is made of whole turns over its length, so its end meets its beginning without a seam.
    tilt, top = 0.7 + 0.5 * random.random(), 700 + 2200 * random.random()
    shape = (np.maximum(hz, 40) / 40) ** -tilt / (1 + (hz / top) ** 4) * (hz > 25)
    turns = random.uniform(0, 2 * np.pi, (2, len(hz)))
    turns[1] = turns[0] + (turns[1] - turns[0]) * 0.3
    noise = np.fft.irfft(shape * np.exp(1j * turns), count, axis=1).T
    noise *= _TONE_LEVEL / np.sqrt(np.mean(noise**2))
    return np.rint(noise * 32768).astype(np.int16)


def _write(samples: Samples, file: Path) -> None:
    # Not numpy's own way to write: it does not say that a disk is full.
    with file.open("wb") as opened:
        opened.write(samples.data)


def tick() -> Samples:
    """A soft knock of 50 ms."""
    import numpy as np

    t = np.arange(AUDIO_HZ // 20) / AUDIO_HZ
    knock = np.sin(2 * np.pi * 1100 * t) * np.exp(-t * 160) + 0.5 * np.sin(2 * np.pi * 420 * t) * np.exp(-t * 110)
    knock *= np.minimum(1, t * 2000) * 10 ** (-30 / 20)
    return np.repeat(np.rint(knock * 32768).astype(np.int16)[:, None], 2, axis=1)
