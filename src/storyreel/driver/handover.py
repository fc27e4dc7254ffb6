"""A planned film handed over to other tools: its cut, takes and sounds gathered, written in the form that was asked."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from storyreel.board.source import SourceMissing, SourceRefused
from storyreel.driver.known import KnownTakes
from storyreel.driver.project import Compiled, Project
from storyreel.plan.chosen import chosen_parts
from storyreel.plan.cut import Cut, FileSource, StillSource, TakeSource
from storyreel.plan.plan import PlannedFilm
from storyreel.plan.request import Asset
from storyreel.stitch.encoding import Delivery, Quality
from storyreel.stitch.export.bundle import write_bundle
from storyreel.stitch.export.cues import Spoken, spoken
from storyreel.stitch.export.edl import edl_text
from storyreel.stitch.export.media import Media, Medium, TakeFacts
from storyreel.stitch.export.otio import otio_text
from storyreel.stitch.export.relink import Beside, lay_files
from storyreel.stitch.export.shots import shots_csv
from storyreel.stitch.export.stems import write_stems
from storyreel.stitch.made import reel_key
from storyreel.stitch.standing import StandingReels

Form = Literal["otio", "edl", "srt", "vtt", "csv", "zip"]
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Laying:
    """Real files beside an export."""

    folder: Path
    handles: int | None = None
    """Frames of the film; None copies files whole."""
    stems: bool = False


def handed_over(
    project: Project, compiled: Compiled, film: PlannedFilm, form: Form, laying: Laying | None, base: Path | None
) -> str:
    """The text of an export; `base` is the folder that it will lie in, None where that is not known.

    Draws and speaks here what it needs, connects nowhere. Raises ExportRefused, MediaFailed, DamagedBlob.
    """
    return asyncio.run(_text(project, project.known(compiled.lock, compiled.boards), film, form, laying, base))


def bundled(project: Project, compiled: Compiled, film: PlannedFilm, laying: Laying, target: Path) -> bool:
    """Write the reel, every take, the lock, the board and the cut in every form into one `.zip`.

    False where the reel is not among them: there is none, or one of another cut. `laying.folder` is not used. Raises as
    `handed_over`.
    """
    known = project.known(compiled.lock, compiled.boards)
    with tempfile.TemporaryDirectory(prefix="storyreel-") as room:
        folder = Path(room)
        inside = replace(laying, folder=folder / "media")
        texts = asyncio.run(_every_text(project, known, film, inside, folder))
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        reel = project.root / film.output
        has_reel = _is_standing(project, known, film)
        for path in (reel, *reel.parent.glob(f"{reel.stem}.contact-sheet.png")) if has_reel else ():
            if path.is_file():
                files[path.name] = path
        source = project.root / compiled.path
        for path in (source, source.with_name(f"{source.stem}.lock.yaml")):
            if path.is_file():
                files[path.name] = path
        write_bundle(target, files, texts)
    return has_reel


def _is_standing(project: Project, known: KnownTakes, film: PlannedFilm) -> bool:
    """Whether the reel in `output/` is of this cut and these takes, in whatever quality."""
    shown = {(s.key, s.take) for scene in film.cut.scenes for s in scene.sources if isinstance(s, TakeSource)}
    records = {ident: known.find(*ident) for ident in shown}
    digests = {ident: record.digest for ident, record in records.items() if record is not None}
    if len(digests) < len(shown):
        return False
    standing = StandingReels(project.work / "reels.json", project.root)
    wishes = (Delivery(quality=q, poster=p) for q in (None, *get_args(Quality)) for p in (False, True))
    return any(standing.find(film.output, reel_key(film.cut, digests, wish)) is not None for wish in wishes)


async def _text(
    project: Project, known: KnownTakes, film: PlannedFilm, form: Form, laying: Laying | None, base: Path | None
) -> str:
    if form == "csv":
        return shots_csv([film])
    said = await _said(project, known, film)
    if form in ("srt", "vtt"):
        return _captions(film.cut, said, form)
    media, stems = await _laid(project, known, film, said, laying, base)
    if form == "edl":
        return edl_text(film.cut, media)
    return otio_text(film.cut, media, said.speeches, stems)


async def _every_text(
    project: Project, known: KnownTakes, film: PlannedFilm, laying: Laying, base: Path
) -> dict[str, str]:
    said = await _said(project, known, film)
    media, stems = await _laid(project, known, film, said, laying, base)
    texts = {
        "otio": otio_text(film.cut, media, said.speeches, stems),
        "edl": edl_text(film.cut, media),
        "csv": shots_csv([film]),
        "srt": _captions(film.cut, said, "srt"),
        "vtt": _captions(film.cut, said, "vtt"),
    }
    return {f"{film.name}.{form}": text for form, text in texts.items()}


def _captions(cut: Cut, said: Spoken, form: str) -> str:
    from storyreel.stitch.subtitles import srt, vtt

    return (srt if form == "srt" else vtt)(said.captions, cut.rate)


async def _said(project: Project, known: KnownTakes, film: PlannedFilm) -> Spoken:
    shown = {(s.key, s.take) for scene in film.cut.scenes for s in scene.sources if isinstance(s, TakeSource)}
    records = [record for ident in sorted(shown) if (record := known.find(*ident)) is not None]
    takes = {(record.key, record.take): project.store.path(record) for record in records}
    digests = {(record.key, record.take): record.digest for record in records}
    return await spoken(film.cut, takes, digests, lambda asset: project.source.resolve(asset.path), project.shelf)


async def _laid(
    project: Project, known: KnownTakes, film: PlannedFilm, said: Spoken, laying: Laying | None, base: Path | None
) -> tuple[Media, dict[str, Medium]]:
    media = replace(media_of(project, known, film), spoken=said.voices)
    if laying is None:
        return media, {}
    beside = Beside(laying.folder, base)
    stems: dict[str, Medium] = {}
    if laying.stems:
        written = await write_stems(film.cut, media, said, laying.folder / "stems", project.shelf)
        stems = {name: Medium(beside.url(path)) for name, path in written.items()}
    laid = await lay_files(film.cut, media, beside, handles=laying.handles, shelf=project.shelf)
    return laid, stems


def media_of(project: Project, known: KnownTakes, film: PlannedFilm) -> Media:
    """What is here of a film: every take of every key in its cut, and the files of the project; raises DamagedBlob."""
    takes: dict[tuple[str, int], TakeFacts] = {}
    for scene, planned in zip(film.cut.scenes, film.scenes, strict=True):
        heard = {part.key: part.request.generate_audio for part in planned.parts if part.request is not None}
        providers = {part.key: part.provider for part in chosen_parts(scene, planned)}
        numbers = {(part.key, part.take) for part in planned.parts if part.request is not None and part.take}
        for source in scene.sources:
            if isinstance(source, TakeSource):
                numbers.add((source.key, source.take))
        numbers |= {(key, take) for key in {key for key, _ in numbers} for take in known.numbers(key)}
        for key, take in sorted((key, take) for key, take in numbers if take):
            record = known.find(key, take)
            if record is None:
                takes.setdefault((key, take), TakeFacts(None, "", providers.get(key, ""), heard.get(key, False)))
                continue
            sound = heard.get(key, False) and record.provider != "animatic"
            takes[key, take] = TakeFacts(project.store.path(record), record.digest, record.provider, sound)
    return Media(takes, _files(project, film.cut))


def _files(project: Project, cut: Cut) -> dict[str, Path]:
    assets: list[Asset] = [music.asset for music in cut.music]
    for scene in cut.scenes:
        assets += [effect.asset for effect in scene.effects]
        assets += [line.file for line in scene.lines if line.file is not None]
        for source in scene.sources:
            if isinstance(source, FileSource | StillSource):
                assets.append(source.asset)
            elif not isinstance(source, TakeSource):
                assets += [picture for picture in (source.logo, source.image) if picture is not None]
    found = {}
    for asset in assets:
        try:
            found[asset.digest] = project.source.resolve(asset.path)
        except (SourceMissing, SourceRefused):
            continue  # A reference that is missing says so itself.
    return found
