"""The film's sound in four WAV files, each as long as the film; together they are the mix before its level is set."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.failed import MediaFailed
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, FileSource, Source, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.bed import blocks_of
from storyreel.stitch.export.cues import Spoken
from storyreel.stitch.export.media import ExportRefused, Media
from storyreel.stitch.join import placed
from storyreel.stitch.score import Score, Stem, StemKind, score_of
from storyreel.stitch.stems import stem_file

STEMS: Mapping[str, tuple[StemKind, ...]] = {
    "picture": ("picture",),
    "dialogue": ("voice",),
    "effects": ("effect", "tone", "tick"),
    "music": ("music",),
}

_FRAME = 8
_MOST_BYTES = (1 << 32) - 1024


async def write_stems(
    cut: Cut, media: Media, spoken: Spoken, folder: Path, shelf: Shelf, runner: Runner | None = None
) -> dict[str, Path]:
    """Write `picture.wav`, `dialogue.wav`, `effects.wav` and `music.wav`, 32-bit float stereo at 48 kHz.

    Kinds that a film does not have are left out. Raises ExportRefused for a film of more than three hours, MediaFailed.
    """
    score = _score(cut, media, spoken)
    if score.length * _FRAME > _MOST_BYTES:
        raise ExportRefused("a stem of more than three hours does not fit into a WAV file")
    wanted = dict.fromkeys(p.stem for p in score.placed if p.stem.kind not in ("tone", "tick"))
    original = _original(media, spoken)
    files = {stem: await stem_file(stem, original, shelf, runner) for stem in wanted}
    written = {}
    for name, kinds in STEMS.items():
        own = tuple(p for p in score.placed if p.stem.kind in kinds)
        if own:
            written[name] = folder / f"{name}.wav"
            _write(replace(score, placed=own), files, written[name])
    return written


def _score(cut: Cut, media: Media, spoken: Spoken) -> Score:
    def sound_of(source: Source) -> str | None:
        if isinstance(source, FileSource):
            return source.asset.digest if source.has_audio and source.asset.digest in media.files else None
        if not isinstance(source, TakeSource) or source.look != "take":
            return None
        facts = media.takes.get((source.key, source.take))
        if facts is None or facts.path is None:
            return None
        found = probe(facts.path)
        return facts.digest if found is not None and found.has_audio else None

    def seconds_of(asset: Asset) -> Fraction:
        found = probe(media.files[asset.digest])
        if found is None or found.seconds is None:
            raise MediaFailed(f"{asset.path} holds no sound that can be read")
        return found.seconds

    return score_of(cut, spoken.speeches, voices=spoken.stems, sound_of=sound_of, seconds_of=seconds_of)


def _original(media: Media, spoken: Spoken) -> Callable[[Stem], Path]:
    takes = {facts.digest: facts.path for facts in media.takes.values() if facts.path is not None}
    known = {**takes, **media.files, **spoken.files}
    return lambda stem: known[stem.identity]


def _write(score: Score, files: Mapping[Stem, Path], target: Path) -> None:
    size = score.length * _FRAME
    form = struct.pack("<HHIIHHH", 3, 2, AUDIO_HZ, AUDIO_HZ * _FRAME, _FRAME, 32, 0)
    head = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    head += b"fact" + struct.pack("<II", 4, score.length) + b"data" + struct.pack("<I", size)
    with placed(target) as fresh, fresh.open("wb") as opened:
        opened.write(b"RIFF" + struct.pack("<I", len(head) + size) + head)
        for block in blocks_of(score, files):
            opened.write(block.astype("<f4").tobytes())
