"""A cut and its takes in, a reel out: picture in pieces, sound in one, joined and put in place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from hashlib import file_digest
from pathlib import Path

from storyreel.media.ffmpeg import MediaFailed
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, FileSource
from storyreel.plan.request import Asset
from storyreel.stitch.captions import Caption, captions_of, columns, srt, vtt
from storyreel.stitch.dialogue import Speech, schedule
from storyreel.stitch.dress import Dresser
from storyreel.stitch.encoding import Format, quality_of
from storyreel.stitch.events import CaptionsWritten, Joined, StitchEvent
from storyreel.stitch.join import join, placed
from storyreel.stitch.made import Reel
from storyreel.stitch.originals import Originals, TakeId
from storyreel.stitch.picture import PictureRoom, encoder_name, keys_of, make_segments
from storyreel.stitch.score import Stem, score_of
from storyreel.stitch.segments import segments_of
from storyreel.stitch.sheet import draw_sheet
from storyreel.stitch.sound import make_bed
from storyreel.stitch.together import together
from storyreel.stitch.voices import Voices, voices_of

__all__ = ["make_reel", "prepare_reel"]


async def make_reel(
    cut: Cut,
    takes: Mapping[TakeId, Path],
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    folder: Path,
    *,
    on_event: Callable[[StitchEvent], None],
    jobs: int = 2,
    digests: Mapping[TakeId, str] | None = None,
    runner: Runner | None = None,
) -> Reel:
    """Write the film, its captions and its contact sheet into `folder`; each file is whole or as it was before.

    `digests` are those of the takes' bytes, where the caller knows them. What the shelf has is not made again.
    Raises MediaFailed.
    """
    form = Format(cut.width, cut.height, cut.rate, quality_of(cut))
    known = digests or {ident: _digest(file) for ident, file in takes.items()}
    originals = Originals(form, takes, known, asset_path, shelf, on_event, runner)
    out = folder / f"{cut.film}.mp4"
    with tempfile.TemporaryDirectory(prefix="storyreel-") as workshop:
        dresser = Dresser(form, Path(workshop), asset_path)
        room = PictureRoom(
            form, originals.identity, originals.of, dresser.dress, shelf, on_event, jobs=jobs, runner=runner
        )
        try:
            originals.begin(cut)
            await _make(cut, originals, asset_path, room, out)
        finally:
            await originals.end()
    return Reel(cut.film, out, cut.frames, cut.rate, cut.width, cut.height)


async def prepare_reel(
    cut: Cut,
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    *,
    on_event: Callable[[StitchEvent], None],
    runner: Runner | None = None,
) -> None:
    """Put on the shelf what waits for no take: voices, cards, moved stills, and the sound of a film of panels alone.

    `make_reel` then finds it there. Raises MediaFailed.
    """
    form = Format(cut.width, cut.height, cut.rate, quality_of(cut))
    originals = Originals(form, {}, {}, asset_path, shelf, on_event, runner)
    try:
        originals.begin(cut)
        voices = await voices_of(cut, asset_path, shelf, on_event)
        if form.quality == "draft":
            speeches = schedule(cut, voices.lengths)
            await _bed(cut, speeches, voices, originals, asset_path, shelf, on_event, 1, runner)
        await originals.drawn()
    finally:
        await originals.end()


async def _make(
    cut: Cut, originals: Originals, asset_path: Callable[[Asset], Path], room: PictureRoom, out: Path
) -> None:
    """Voices first, since what is said decides what is shown when; then picture beside sound; then their join."""
    voices = await voices_of(cut, asset_path, room.shelf, room.on_event)
    speeches = schedule(cut, voices.lengths)
    captions = captions_of(speeches, columns(cut.width, cut.height))
    segments = segments_of(cut, captions)
    originals.report_short(segments)
    files, bed = await together(
        [
            make_segments(segments, room),
            _bed(cut, speeches, voices, originals, asset_path, room.shelf, room.on_event, room.jobs, room.runner),
        ]
    )
    counts = [segment.frames for segment in segments]
    keys, beside = keys_of(segments, room), out.with_name(f"{cut.film}.contact-sheet.png")
    sheet = draw_sheet(cut, segments, files, keys, room, beside)
    await together([join(files, counts, bed[0], cut.rate, out, runner=room.runner), sheet])
    room.on_event(Joined(len(files), cut.frames))
    _write_captions(cut, captions, out.parent, room.on_event)


async def _bed(
    cut: Cut,
    speeches: Sequence[Speech],
    voices: Voices,
    originals: Originals,
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    on_event: Callable[[StitchEvent], None],
    jobs: int,
    runner: Runner | None,
) -> list[Path]:
    """The film's sound track, alone in a list as files are."""
    assets = {asset.digest: asset for asset in assets_of(cut)}

    def original(stem: Stem) -> Path:
        if stem.identity in voices.files:
            return voices.files[stem.identity]
        if stem.identity in assets:
            return asset_path(assets[stem.identity])
        found = originals.file_of(stem.identity)
        assert found is not None, stem
        return found

    def seconds_of(asset: Asset) -> Fraction:
        facts = probe(asset_path(asset))
        if facts is None or facts.seconds is None:
            raise MediaFailed(f"{asset.path} holds no sound that can be read")
        return facts.seconds

    score = score_of(cut, speeches, voices=voices.stems, sound_of=originals.sound_of, seconds_of=seconds_of)
    track = await make_bed(
        score, cut.loudness, original=original, shelf=shelf, encoder=encoder_name(), on_event=on_event,
        jobs=jobs, runner=runner,
    )  # fmt: skip
    return [track]


def assets_of(cut: Cut) -> list[Asset]:
    """Every file of the project that sounds in the film."""
    found = [music.asset for music in cut.music]
    for scene in cut.scenes:
        found += [effect.asset for effect in scene.effects]
        found += [line.file for line in scene.lines if line.file is not None]
        found += [source.asset for source in scene.sources if isinstance(source, FileSource)]
    return found


def _write_captions(
    cut: Cut, captions: Sequence[Caption], folder: Path, on_event: Callable[[StitchEvent], None]
) -> None:
    for suffix, write in ((".srt", srt), (".vtt", vtt)):
        out = folder / f"{cut.film}{suffix}"
        if cut.captions == "off":
            out.unlink(missing_ok=True)  # a film without captions has none from yesterday
            continue
        with placed(out) as fresh:
            fresh.write_text(write(captions), encoding="utf-8", newline="\n")
    if cut.captions != "off":
        on_event(CaptionsWritten(len(captions)))


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
