"""Sounds as the bed reads them: 16-bit stereo at 48 kHz in files on the shelf, or made of numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.digest import digest_of, digest_of_value
from storyreel.base.timebase import AUDIO_HZ, round_half_up
from storyreel.media.ffmpeg import ffmpeg, read_sound
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.stitch.encoding import REVISION
from storyreel.stitch.loudness import SILENCE, loudness_of
from storyreel.stitch.score import Stem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.int16]

_TONE_SECONDS = 4
_TONE_LEVEL = 10 ** (-50 / 20)
_CEILING = 10 ** (-1 / 20)
_MOST_GAIN_DB = 24.0


async def stem_file(stem: Stem, original: Callable[[Stem], Path], shelf: Shelf, runner: Runner | None = None) -> Path:
    """The samples of a stem that comes from a file, as raw little-endian bytes; raises MediaFailed."""
    named = [stem.identity, stem.start, stem.length, str(stem.speed), stem.level]
    key = digest_of_value({"stem": named, "revision": REVISION})
    found = shelf.find(key)
    if found is not None:
        return found
    samples = await _read(stem, original(stem), runner)
    if stem.level is not None:
        samples = await _levelled(samples, stem.level, runner)
    file = shelf.new_file(".pcm")
    try:
        file.write_bytes(samples.tobytes())
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return shelf.keep(key, file)


async def _read(stem: Stem, file: Path, runner: Runner | None) -> Samples:
    import numpy as np

    start = Fraction(stem.start, AUDIO_HZ) * stem.speed
    length = None if stem.length is None else Fraction(stem.length, AUDIO_HZ) * stem.speed
    samples = await read_sound(file, start=start, length=length, runner=runner)
    if stem.speed != 1 and len(samples):
        samples = await _paced(samples, stem.speed, runner)
    if stem.length is None or len(samples) == stem.length:
        return samples
    exact = np.zeros((stem.length, 2), np.int16)
    exact[: len(samples)] = samples[: stem.length]
    return exact


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


async def _levelled(samples: Samples, level: float, runner: Runner | None) -> Samples:
    """Brought to `level` LUFS, as far as its peak allows."""
    import numpy as np

    peak = int(np.abs(samples.astype(np.int32)).max(initial=0))
    loudness = await loudness_of([samples.astype(np.float32) / np.float32(32768)], runner=runner)
    if not peak or loudness <= SILENCE:
        return samples
    gain: float = min(10.0 ** (min(level - loudness, _MOST_GAIN_DB) / 20), 32767 * _CEILING / peak)
    louder: Samples = np.rint(samples * gain).astype(np.int16)
    return louder


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


def tick() -> Samples:
    """A soft knock of 50 ms."""
    import numpy as np

    t = np.arange(AUDIO_HZ // 20) / AUDIO_HZ
    knock = np.sin(2 * np.pi * 1100 * t) * np.exp(-t * 160) + 0.5 * np.sin(2 * np.pi * 420 * t) * np.exp(-t * 110)
    knock *= np.minimum(1, t * 2000) * 10 ** (-30 / 20)
    return np.repeat(np.rint(knock * 32768).astype(np.int16)[:, None], 2, axis=1)


def seconds_in(file: Path) -> Fraction:
    """Seconds of a stem's file."""
    return Fraction(round_half_up(Fraction(file.stat().st_size, 4)), AUDIO_HZ)
