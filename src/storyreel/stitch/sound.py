"""The film's one sound track: stems are read, mixed, levelled and encoded once, and kept by key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.stitch.bed import BLOCK, blocks_of
from storyreel.stitch.encoding import REVISION
from storyreel.stitch.events import BedMixed, BedReused, StitchEvent
from storyreel.stitch.loudness import CEILING_DB, FULL_SCALE_DB, MOST_GAIN_DB, Peaks, apply, gain_for
from storyreel.stitch.meter import Meter
from storyreel.stitch.score import Score, Stem
from storyreel.stitch.stems import stem_file
from storyreel.stitch.together import together
from storyreel.stitch.track import encode, encode_heard

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

_MADE_HERE = ("tone", "tick")
"""Kinds of stems that are numbers; a film of nothing else is as loud as it is."""
_ROUNDS = 12
_CLOSE = 0.05
_ENCODES = 4
_NEAR_ENOUGH = 0.25
"""LU between a finished track and its target."""
_HOT_DB = -4.0
"""True peaks before encoding below which none can pass the highest after it."""
_HIGHEST_DB = -1.1
_MOST_PUSH_DB = 12.0
"""What the limiter may be made to take away: a film of one bang stays quieter, and its silence silent."""


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
    zero: Callable[[Stem], Fraction | None] = lambda _: None,
) -> Path:
    """The sound of the film as AAC in an mp4 of exactly its length; raises MediaFailed.

    `zero` knows the second at which the pictures of a stem's file begin.
    """
    key = bed_key(score, loudness, encoder)
    found = shelf.find(key)
    if found is not None:
        on_event(BedReused())
        return found
    slots = asyncio.Semaphore(jobs)

    async def read(stem: Stem) -> tuple[Stem, Path]:
        async with slots:
            return stem, await stem_file(stem, original, shelf, runner, zero=zero(stem))

    wanted = dict.fromkeys(p.stem for p in score.placed if p.stem.kind not in _MADE_HERE)
    files = dict(await together(map(read, wanted)))
    mix, track = shelf.new_file(".f32"), shelf.new_file(".m4a")
    try:
        heard = await asyncio.to_thread(_mix, blocks_of(score, files), mix)
        gain_db = await _finish(mix, heard, loudness if wanted else None, track, runner)
        on_event(BedMixed(score.length / AUDIO_HZ, gain_db))
        return shelf.keep(key, track)
    finally:
        mix.unlink(missing_ok=True)
        track.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is known of a mix once it went by."""

    meter: Meter
    peaks: Peaks


def _mix(blocks: Iterable[Floats], file: Path) -> _Heard:
    heard = _Heard(Meter(), Peaks())
    # What measures leaves the interpreter alone for most of its time: one block is heard while the next is mixed.
    with ThreadPoolExecutor(2) as beside, file.open("wb") as opened:
        pending: list[Future[None]] = []
        for block in blocks:
            opened.write(block.data)  # numpy's own way to write does not say that a disk is full
            for each in pending:
                each.result()
            pending = [beside.submit(heard.meter.add, block), beside.submit(heard.peaks.add, block)]
        for each in pending:
            each.result()
    return heard


async def _finish(mix: Path, heard: _Heard, target: float | None, track: Path, runner: Runner | None) -> float:
    """Level and encode; what the encoder changed is measured and made good. Gives the gain in decibels."""
    gain_db = gain_for(heard.meter.loudness(), target)
    if target is None or not gain_db:
        ceiling_db = FULL_SCALE_DB if target is None else CEILING_DB
        await encode(_levelled(mix, heard.peaks.gains(0.0, ceiling_db)), track, runner)
        return 0.0
    aim, ceiling_db = target, CEILING_DB
    for _ in range(_ENCODES):
        gain_db, gains = _levels(heard, aim, ceiling_db)
        is_hot = heard.peaks.top_db() + gain_db > _HOT_DB
        found = await encode_heard(_levelled(mix, gains), track, peaks=is_hot, runner=runner)
        over = (found.true_peak_db or -120.0) - _HIGHEST_DB
        missing = target - found.lufs
        can_do_more = abs(aim - heard.meter.loudness(gains)) <= _NEAR_ENOUGH
        if over <= 0 and (abs(missing) <= _NEAR_ENOUGH or not can_do_more):
            break
        aim += missing if can_do_more else 0.0
        ceiling_db -= over + 0.1 if over > 0 else 0.0
    return gain_db


def _levels(heard: _Heard, target: float, ceiling_db: float) -> tuple[float, Floats]:
    """The gain that reaches `target`, and the gains of each step under the ceiling.

    What the limiter takes away is given back, up to a limit.
    """
    gain_db = gain_for(heard.meter.loudness(), target)
    most = min(MOST_GAIN_DB, gain_db + _MOST_PUSH_DB)
    gains = heard.peaks.gains(gain_db, ceiling_db)
    before: tuple[float, float] | None = None
    for _ in range(_ROUNDS):
        now = heard.meter.loudness(gains)
        if abs(target - now) < _CLOSE:
            break
        slope = 1.0 if before is None or gain_db == before[0] else (now - before[1]) / (gain_db - before[0])
        before = (gain_db, now)
        gain_db = min(most, gain_db + (target - now) / min(1.0, max(0.15, slope)))
        gains = heard.peaks.gains(gain_db, ceiling_db)
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
