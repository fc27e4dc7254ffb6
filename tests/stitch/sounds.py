"""Sounds for tests: a cut's score, its mix, its finished track; files made of numbers."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import Cut, Source, TakeSource
from storyreel.stitch.bed import blocks_of
from storyreel.stitch.dialogue import schedule
from storyreel.stitch.events import StitchEvent
from storyreel.stitch.meter import Meter
from storyreel.stitch.score import Score, Stem, score_of
from storyreel.stitch.sound import make_bed

Takes = Callable[[str], Path]
S = AUDIO_HZ


def scored(cut: Cut, voices: dict[tuple[int, int], Stem] | None = None, seconds: Fraction | int = 1) -> Score:
    lengths = dict.fromkeys(voices or {}, S)
    return score_of(
        cut, schedule(cut, lengths), voices=voices or {}, sound_of=sound_of, seconds_of=lambda asset: Fraction(seconds)
    )


def sound_of(source: Source) -> str | None:
    return source.key if isinstance(source, TakeSource) and source.look == "take" else None


def mixed(score: Score, files: dict[str, Path]) -> Any:
    stems = {p.stem: files[p.stem.identity] for p in score.placed if p.stem.identity in files}
    return np.concatenate(list(blocks_of(score, stems)))


def wav(file: Path, samples: Any, hz: int = S) -> Path:
    """A WAV of 16 bits; samples of one channel or two, 1.0 being full scale."""
    with wave.open(str(file), "wb") as opened:
        opened.setnchannels(1 if np.ndim(samples) == 1 else 2)
        opened.setsampwidth(2)
        opened.setframerate(hz)
        opened.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file


def raw(file: Path, samples: Any) -> Path:
    file.write_bytes(np.repeat(np.asarray(samples, np.int16)[:, None], 2, axis=1).tobytes())
    return file


def lufs(*blocks: Any) -> float:
    meter = Meter()
    for block in blocks:
        meter.add(np.asarray(block, np.float32))
    return meter.loudness()


def bed(cut: Cut, takes: Takes, shelf: MemoryShelf, events: list[StitchEvent] | None = None) -> Path:
    tell = ignore if events is None else events.append

    def original(stem: Stem) -> Path:
        return takes(stem.identity)

    return asyncio.run(make_bed(scored(cut), cut.loudness, original=original, shelf=shelf, encoder="x", on_event=tell))


def ignore(event: object) -> None: ...
