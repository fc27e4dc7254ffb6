"""The film's one sound track: stems are read, mixed, levelled and encoded once, and kept by key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.ffmpeg import ffmpeg
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.stitch.bed import BLOCK, blocks_of
from storyreel.stitch.encoding import REVISION, SOUND_BITRATE
from storyreel.stitch.events import BedMixed, BedReused, StitchEvent
from storyreel.stitch.loudness import MOST_GAIN_DB, Peaks, apply, gain_for, loudness_of
from storyreel.stitch.score import Score, Stem
from storyreel.stitch.stems import stem_file
from storyreel.stitch.together import together

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_ROUNDS = 3
_NEAR_ENOUGH = 0.1


def bed_key(score: Score, loudness: float | None, encoder: str) -> str:
    """The digest of all that can change a sample."""
    placed = [{**asdict(p), "stem": {**asdict(p.stem), "speed": str(p.stem.speed)}} for p in score.placed]
    value: dict[str, Any] = {"placed": placed, "speech": score.speech, "length": score.length}
    return digest_of_value({**value, "loudness": loudness, "encoder": encoder, "revision": REVISION})


async def make_bed(
    score: Score,
    loudness: float | None,
    *,
    original: Callable[[Stem], Path],
    shelf: Shelf,
    encoder: str,
    on_event: Callable[[StitchEvent], None],
    jobs: int = 2,
    runner: Runner | None = None,
) -> Path:
    """The sound of the film as AAC in an mp4 of exactly its length; raises MediaFailed."""
    key = bed_key(score, loudness, encoder)
    found = shelf.find(key)
    if found is not None:
        on_event(BedReused())
        return found
    slots = asyncio.Semaphore(jobs)

    async def read(stem: Stem) -> tuple[Stem, Path]:
        async with slots:
            return stem, await stem_file(stem, original, shelf, runner)

    wanted = dict.fromkeys(p.stem for p in score.placed if p.stem.kind not in ("tone", "tick"))
    files = dict(await together(map(read, wanted)))
    mix = shelf.new_file(".f32")
    track = shelf.new_file(".m4a")
    try:
        peaks = await asyncio.to_thread(_mix, blocks_of(score, files), mix)
        gain_db, gains = await _levels(mix, peaks, loudness, runner)
        await _encode(_levelled(mix, gains), track, runner)
        on_event(BedMixed(score.length / AUDIO_HZ, gain_db))
        return shelf.keep(key, track)
    finally:
        mix.unlink(missing_ok=True)
        track.unlink(missing_ok=True)


def _mix(blocks: Iterable[Floats], file: Path) -> Peaks:
    peaks = Peaks()
    with file.open("wb") as opened:
        for block in blocks:
            opened.write(block.tobytes())
            peaks.add(block)
    return peaks


async def _levels(mix: Path, peaks: Peaks, target: float | None, runner: Runner | None) -> tuple[float, Floats]:
    """The gain that reaches `target`, and the gains of each step under the ceiling.

    What the limiter takes away is measured and given back, a few times at most: a film of one bang stays quieter.
    """
    gain_db = gain_for(await loudness_of(_read(mix), runner=runner), target) if target is not None else 0.0
    gains = peaks.gains(gain_db)
    for _ in range(_ROUNDS if gain_db else 0):
        assert target is not None
        if gains.min() >= gains.max() * 0.999:
            break
        missing = target - await loudness_of(_levelled_floats(mix, gains), runner=runner)
        if abs(missing) < _NEAR_ENOUGH:
            break
        gain_db = min(MOST_GAIN_DB, gain_db + missing)
        gains = peaks.gains(gain_db)
    return gain_db, gains


def _read(mix: Path) -> Iterator[Floats]:
    import numpy as np

    with mix.open("rb") as opened:
        while data := opened.read(BLOCK * 8):
            yield np.frombuffer(data, "<f4").reshape(-1, 2)


def _levelled_floats(mix: Path, gains: Floats) -> Iterator[Floats]:
    first = 0
    for block in _read(mix):
        yield apply(gains, block, first)
        first += len(block)


def _levelled(mix: Path, gains: Floats) -> Iterator[bytes]:
    import numpy as np

    for block in _levelled_floats(mix, gains):
        yield np.rint(np.clip(block * 32768, -32768, 32767)).astype("<i2").tobytes()


async def _encode(samples: Iterable[bytes], track: Path, runner: Runner | None) -> None:
    raw = ["-f", "s16le", "-ar", str(AUDIO_HZ), "-ac", "2", "-i", "pipe:0"]
    coded = ["-c:a", "aac", "-aac_coder", "fast", "-b:a", SOUND_BITRATE]
    coded += ["-movie_timescale", str(AUDIO_HZ), "-bitexact", "-f", "mp4"]
    await ffmpeg([*raw, *coded, str(track)], feed=samples, runner=runner)
