"""Real files with names for people, laid beside an export so that an editor can relink: copies, never links."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote

from storyreel.base.timebase import Range, rate_text
from storyreel.media.ffmpeg import INPUT, ffmpeg
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import CardSource, Cut, FileSource, Source, StillSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Format
from storyreel.stitch.export.media import Media, Medium, Use, file_stem
from storyreel.stitch.join import placed
from storyreel.stitch.originals import Originals
from storyreel.stitch.picture import frames_in

_SUFFIXES = {b"\x1aE\xdf\xa3": ".webm", b"RIFF": ".avi"}


@dataclass(frozen=True, slots=True)
class Beside:
    """Where files are laid, and how what is written there is named in the export."""

    folder: Path
    base: Path | None = None
    """Folder of the export: names are relative to it; None makes them absolute."""

    def url(self, file: Path) -> str:
        """The address of a file as a timeline writes it."""
        if self.base is None:
            return file.absolute().as_uri()
        return quote(Path(os.path.relpath(file.absolute(), self.base.absolute())).as_posix())


async def lay_files(
    cut: Cut, media: Media, beside: Beside, *, handles: int | None, shelf: Shelf, runner: Runner | None = None
) -> Media:
    """Copy takes, clips, stills, cards and sounds; with `handles` (frames of the film) takes and clips are cut to what
    is used and as much before and behind it as there is. Raises MediaFailed.
    """
    cards = await _cards(cut, media, shelf, runner)
    laid: dict[Use, Medium] = {}
    known: dict[tuple[Path, Range | None], Medium] = {}
    for use, source, file in _uses(cut, media, cards):
        speed = Fraction(1) if isinstance(source, CardSource | StillSource) else cut.scenes[use[0]].speed
        window = None
        if handles is not None and isinstance(source, TakeSource | FileSource):
            window = _window(source, handles, speed)
        if (file, window) not in known:
            stem = file_stem(cut, *use[:2], use[2] or None)
            known[file, window] = await _laid(file, window, stem, source, cut, beside, speed, runner)
        laid[use] = known[file, window]
    return replace(media, laid=laid, sounds=_sounds(media, cut, beside), voices=_voices(media, cut, beside))


def _uses(cut: Cut, media: Media, cards: Mapping[CardSource, Path]) -> Iterator[tuple[Use, Source, Path]]:
    """Every file behind the picture that is here, with its place."""
    for number, scene in enumerate(cut.scenes):
        for index, source in enumerate(scene.sources):
            if isinstance(source, TakeSource):
                for take in media.takes_of(source.key):
                    path = media.takes[source.key, take].path
                    if path is not None:
                        yield (number, index, take), source, path
            elif isinstance(source, CardSource):
                yield (number, index, 0), source, cards[source]
            elif source.asset.digest in media.files:
                yield (number, index, 0), source, media.files[source.asset.digest]


def _window(source: TakeSource | FileSource, handles: int, speed: Fraction) -> Range:
    """Frames of the file, before speed."""
    first, last = max(0, source.used.start - handles), min(source.available, source.used.end + handles)
    return Range(int(first * speed), -int(-last * speed // 1))


async def _laid(
    file: Path,
    window: Range | None,
    stem: str,
    source: Source,
    cut: Cut,
    beside: Beside,
    speed: Fraction,
    runner: Runner | None,
) -> Medium:
    if window is not None:
        target = beside.folder / f"{stem}.mov"
        await _trimmed(file, window, cut, target, runner)
        return Medium(beside.url(target), window.start, frames_in(target))
    suffix = Path(source.asset.path).suffix if isinstance(source, FileSource | StillSource) else _suffix(file)
    target = beside.folder / f"{stem}{suffix}"
    copy_file(file, target)
    if isinstance(source, StillSource):
        return Medium(beside.url(target))
    held = source.used.end if isinstance(source, CardSource) else round(source.available * speed)
    return Medium(beside.url(target), 0, held)


async def _trimmed(file: Path, window: Range, cut: Cut, target: Path, runner: Runner | None) -> None:
    """Encoded again, nearly without loss and every frame a key frame, since a copy could begin at key frames alone."""
    begin, length = window.start / cut.rate, window.length / cut.rate
    grid = f"fps=fps={rate_text(cut.rate)}:start_time=0:round=near"
    picture = f"setpts=PTS-STARTPTS,{grid},trim=start_frame={window.start}:end_frame={window.end},setpts=PTS-STARTPTS"
    sound = f"asetpts=PTS-STARTPTS,atrim=start={float(begin):.6f}:duration={float(length):.6f},asetpts=PTS-STARTPTS"
    with placed(target) as fresh:
        coded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "12", "-g", "1", "-c:a", "pcm_s16le", "-bitexact"]
        mapped = ["-map", "0:v:0", "-map", "0:a:0?", "-vf", picture, "-af", sound]
        await ffmpeg([*INPUT(file), *mapped, *coded, "-f", "mov", str(fresh.absolute())], runner=runner)


async def _cards(cut: Cut, media: Media, shelf: Shelf, runner: Runner | None) -> dict[CardSource, Path]:
    """Cards as the film shows them, drawn where the shelf lacks them."""
    sources = [source for scene in cut.scenes for source in scene.sources if isinstance(source, CardSource)]
    if not sources:
        return {}
    drawn = tuple(scene for scene in cut.scenes if any(isinstance(source, CardSource) for source in scene.sources))
    form = Format(cut.width, cut.height, cut.rate)
    originals = Originals(form, {}, {}, _finder(media), shelf, lambda _: None, runner)
    try:
        originals.begin(replace(cut, scenes=drawn))
        await originals.drawn()
    finally:
        await originals.end()
    found = {source: shelf.find(originals.identity(source)) for source in sources}
    return {source: path for source, path in found.items() if path is not None}


def _finder(media: Media) -> Callable[[Asset], Path]:
    return lambda asset: media.files[asset.digest]


def _sounds(media: Media, cut: Cut, beside: Beside) -> dict[str, Medium]:
    """Music, effects and recorded lines; files of one name get a number."""
    assets = [music.asset for music in cut.music]
    for scene in cut.scenes:
        assets += [effect.asset for effect in scene.effects]
        assets += [line.file for line in scene.lines if line.file is not None]
    found: dict[str, Medium] = {}
    names: set[str] = set()
    for asset in assets:
        if asset.digest in found or asset.digest not in media.files:
            continue
        path = Path(asset.path)
        name, count = path.name, 1
        while name.casefold() in names:
            count += 1
            name = f"{path.stem}_{count}{path.suffix}"
        names.add(name.casefold())
        found[asset.digest] = _sound(media.files[asset.digest], name, beside)
    return found


def _voices(media: Media, cut: Cut, beside: Beside) -> dict[tuple[int, int], Medium]:
    found = {}
    for (scene, line), path in media.spoken.items():
        shown = cut.scenes[scene]
        found[scene, line] = _sound(path, f"line_{shown.number:03}_{shown.id}_{line + 1}.wav", beside)
    return found


def _sound(file: Path, name: str, beside: Beside) -> Medium:
    target = beside.folder / "sound" / name
    copy_file(file, target)
    return Medium(beside.url(target))


def copy_file(file: Path, target: Path) -> None:
    """Copy the bytes; the target appears whole and can be written to, unlike what the store keeps."""
    with placed(target) as fresh:
        shutil.copyfile(file, fresh)


def _suffix(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(4)
    return _SUFFIXES.get(head, ".mp4")
