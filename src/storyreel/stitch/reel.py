"""A cut and its takes in, a reel out: picture in pieces, sound in one, joined and put in place."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.failed import MediaFailed, room_to_write
from storyreel.media.probe import probe
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, CutScene, FileSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.plan.settle import settle
from storyreel.stitch.captions import Caption, captions_of
from storyreel.stitch.deliver import deliver
from storyreel.stitch.dialogue import Speech, schedule
from storyreel.stitch.encoding import Delivery, form_of, is_drawn
from storyreel.stitch.events import CaptionsWritten, Joined, SheetDrawn, StitchEvent
from storyreel.stitch.heard import heard_in
from storyreel.stitch.join import join, placed
from storyreel.stitch.made import Reel
from storyreel.stitch.originals import Originals, TakeId
from storyreel.stitch.picture import PictureRoom, encoder_name, keys_of, make_segments
from storyreel.stitch.poster import draw_poster
from storyreel.stitch.score import Stem, score_of
from storyreel.stitch.segments import segments_of
from storyreel.stitch.sheet import best_frame, draw_sheet
from storyreel.stitch.sound import make_bed
from storyreel.stitch.subtitles import srt, vtt
from storyreel.stitch.together import both
from storyreel.stitch.voices import Voices, voices_of

if TYPE_CHECKING:
    from storyreel.stitch.dress import Dresser
    from storyreel.stitch.layers import Layer
    from storyreel.stitch.overlays import Overlay

__all__ = ["Delivery", "conform_takes", "make_reel", "prepare_reel"]


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
    delivery: Delivery = Delivery(),  # noqa: B008 - a frozen value
    runner: Runner | None = None,
) -> Reel:
    """Write the film, its captions and its contact sheet into `folder`; each file is whole or as it was before.

    `digests` are those of the takes' bytes, where the caller knows them. What the shelf has is not made again.
    Raises MediaFailed.
    """
    out = folder / f"{cut.film}{delivery.suffix}"
    with _room(cut, takes, asset_path, shelf, on_event, jobs, digests, delivery, runner) as (originals, room):
        try:
            originals.begin(cut)
            await originals.measure(cut, jobs)
            files = await _make(settle(cut, originals.held_by), originals, asset_path, room, out, delivery)
        finally:
            await originals.end()
    return Reel(cut.film, out, cut.frames, cut.rate, cut.width, cut.height, files)


async def conform_takes(
    cut: Cut,
    takes: Mapping[TakeId, Path],
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    *,
    on_event: Callable[[StitchEvent], None],
    jobs: int = 1,
    digests: Mapping[TakeId, str] | None = None,
    delivery: Delivery = Delivery(),  # noqa: B008 - a frozen value
    runner: Runner | None = None,
) -> None:
    """Put on the shelf every piece of picture that rests on these takes alone, while others are still being made.

    To be called as soon as a take is stored, with all that are here by then; a piece that is there is left alone, and
    takes of other films are no matter. `make_reel` finds the pieces by their keys. Raises MediaFailed.
    """
    with _room(cut, takes, asset_path, shelf, on_event, jobs, digests, delivery, runner) as (originals, room):
        await originals.measure(cut, jobs)
        settled = settle(cut, originals.held_by)
        # What is said stands over panels, and is burned in where that is asked: when, is known with the last take.
        spoken = {scene.id for scene in cut.scenes if scene.lines and (cut.captions == "burn" or _has_panel(scene))}
        ready = [
            segment
            for segment in segments_of(settled, ())
            if segment.scene not in spoken
            and all(isinstance(s.source, TakeSource) and originals.has(s.source) for s in segment.strips)
            and not (len(segment.strips) == 2 and spoken)
        ]
        await make_segments(ready, room)


async def prepare_reel(
    cut: Cut,
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    *,
    on_event: Callable[[StitchEvent], None],
    delivery: Delivery = Delivery(),  # noqa: B008 - a frozen value
    runner: Runner | None = None,
) -> None:
    """Put on the shelf what waits for no take: voices, cards, moved stills, and the sound of a film of panels alone.

    `make_reel` then finds it there. Raises MediaFailed.
    """
    originals = Originals(form_of(cut, delivery), {}, {}, asset_path, shelf, on_event, runner)
    with room_to_write():
        try:
            originals.begin(cut)
            voices = await voices_of(cut, asset_path, shelf, on_event)
            if is_drawn(cut):
                speeches = schedule(cut, voices.lengths)
                await _bed(cut, speeches, voices, originals, asset_path, shelf, on_event, 1, runner)
            await originals.drawn()
        finally:
            await originals.end()


@contextmanager
def _room(
    cut: Cut,
    takes: Mapping[TakeId, Path],
    asset_path: Callable[[Asset], Path],
    shelf: Shelf,
    on_event: Callable[[StitchEvent], None],
    jobs: int,
    digests: Mapping[TakeId, str] | None,
    delivery: Delivery,
    runner: Runner | None,
) -> Iterator[tuple[Originals, PictureRoom]]:
    """The files that the film is made of and a place to make pictures of them, while the block lasts."""
    form = form_of(cut, delivery)
    known = digests or {ident: _digest(file) for ident, file in takes.items()}
    originals = Originals(form, takes, known, asset_path, shelf, on_event, runner)
    with room_to_write(), tempfile.TemporaryDirectory(prefix="storyreel-") as workshop:

        def dress(overlays: Sequence[Overlay], length: int) -> Sequence[Layer]:
            return dresser().dress(overlays, length) if overlays else ()

        @cache
        def dresser() -> Dresser:
            from storyreel.stitch.dress import Dresser  # Heavy with samples: pictures that are bare do not wait for it.

            return Dresser(form, Path(workshop), asset_path)

        yield (
            originals,
            PictureRoom(form, originals.identity, originals.of, dress, shelf, on_event, jobs=jobs, runner=runner),
        )


def _has_panel(scene: CutScene) -> bool:
    return any(isinstance(source, TakeSource) and source.look != "take" for source in scene.sources)


async def _make(
    cut: Cut,
    originals: Originals,
    asset_path: Callable[[Asset], Path],
    room: PictureRoom,
    out: Path,
    delivery: Delivery,
) -> tuple[Path, ...]:
    """Voices first, since what is said decides what is shown when; then picture beside sound; then their join.

    `Joined` is told when the reel is in place, and what lies beside it may still come.
    """
    voices = await voices_of(cut, asset_path, room.shelf, room.on_event)
    heard = await heard_in(cut, originals.sound_of, originals.file_of, room.shelf, runner=room.runner)
    speeches = schedule(cut, voices.lengths, heard)
    captions = captions_of(cut, speeches)
    segments = segments_of(cut, captions)
    originals.report_short(cut)
    keys = keys_of(segments, room)

    is_seen, is_heard, stands = asyncio.Event(), asyncio.Event(), asyncio.Event()
    files: list[Path] = []

    async def sound() -> Path:
        tell, jobs = room.on_event, room.jobs
        bed = await _bed(cut, speeches, voices, originals, asset_path, room.shelf, tell, jobs, room.runner)
        is_heard.set()
        return bed

    async def picture() -> None:
        files.extend(await make_segments(segments, room, keys))
        is_seen.set()

    async def reel() -> list[Path]:
        # Sound takes longest where little else is to do, so it begins.
        bed, _ = await both(sound(), picture())
        await _handed_over(files, [segment.frames for segment in segments], bed, room, out, delivery)
        room.on_event(Joined(len(files), cut.frames))
        captioned = await asyncio.to_thread(_write_captions, cut, captions, out.parent)
        if captioned:
            room.on_event(CaptionsWritten(len(captions)))
        stands.set()
        return captioned

    async def sheet() -> Path:
        # In the time that the sound still needs; a reel that lacks nothing does not wait for it.
        await is_seen.wait()
        if is_heard.is_set():
            await stands.wait()
        return await draw_sheet(cut, segments, files, keys, room)

    captioned, drawn = await both(reel(), sheet())
    written = [out, out.with_name(f"{cut.film}.contact-sheet.png")]
    await asyncio.to_thread(_put, drawn, written[-1])
    room.on_event(SheetDrawn(sum(len(scene.shots) or 1 for scene in cut.scenes)))
    if delivery.poster:
        written.append(out.with_name(f"{cut.film}.poster.png"))
        best = await best_frame(cut, segments, files, keys, room)
        await draw_poster(best, cut.rate, written[-1], runner=room.runner)
    return (*written, *captioned)


async def _handed_over(
    files: Sequence[Path], counts: Sequence[int], bed: Path, room: PictureRoom, out: Path, delivery: Delivery
) -> None:
    """The reel in its container: streams copied where it takes them, else encoded once more from the joined cut."""
    rate = room.form.rate
    if delivery.format == "mp4":
        await join(files, counts, bed, rate, out)
        return
    master = room.shelf.new_file(".mp4")
    try:
        await join(files, counts, bed, rate, master)
        await deliver(master, delivery, room.form.quality, rate, out, runner=room.runner)
    finally:
        master.unlink(missing_ok=True)


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
) -> Path:
    """The film's sound track."""
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
    return await make_bed(
        score, cut.loudness, original=original, shelf=shelf, encoder=encoder_name(), on_event=on_event,
        jobs=jobs, runner=runner, zero=lambda stem: originals.begins(stem.identity) if stem.kind == "picture" else None,
    )  # fmt: skip


def assets_of(cut: Cut) -> list[Asset]:
    """Every file of the project that sounds in the film."""
    found = [music.asset for music in cut.music]
    for scene in cut.scenes:
        found += [effect.asset for effect in scene.effects]
        found += [line.file for line in scene.lines if line.file is not None]
        found += [source.asset for source in scene.sources if isinstance(source, FileSource)]
    return found


def _put(file: Path, out: Path) -> None:
    """A copy of a file of the shelf."""
    with placed(out) as fresh:
        fresh.write_bytes(file.read_bytes())


def _write_captions(cut: Cut, captions: Sequence[Caption], folder: Path) -> list[Path]:
    written = []
    for suffix, write in ((".srt", srt), (".vtt", vtt)):
        out = folder / f"{cut.film}{suffix}"
        if cut.captions == "off":
            out.unlink(missing_ok=True)  # a film without captions has none from yesterday
            continue
        with placed(out) as fresh:
            fresh.write_text(write(captions, cut.rate), encoding="utf-8", newline="\n")
        written.append(out)
    return written


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
