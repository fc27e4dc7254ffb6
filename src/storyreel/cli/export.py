"""`export`: the cut for other tools. Connects nowhere."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, INTEGRITY, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.handover import Form, Laying
    from storyreel.driver.project import Compiled, Project
    from storyreel.plan.plan import PlannedFilm

FILM = "{film}"


def export(
    common: Common,
    board: str,
    form: Form,
    output: str | None,
    film: str | None,
    media: Path | None,
    handles: str | None,
    stems: bool,
    provider: str | None,
) -> int:
    """Write each film's cut; exit 1 where the board has errors or a file cannot be read, 8 where a take is damaged."""
    from storyreel.media.failed import MediaFailed
    from storyreel.render.blobs import DamagedBlob
    from storyreel.stitch.export.media import ExportRefused

    if media is None and (handles is not None or stems) and form != "zip":
        raise Stop(USAGE, "--handles and --stems are about the files that --media lays out; give it a folder")
    if media is not None and form not in ("otio", "edl"):
        raise Stop(USAGE, f"--media goes with otio and edl; {form} names no files")
    project = common.open()
    compiled = compile_board(project, common.board(project, board), provider, film)
    print_diagnostics(common, project, compiled.diagnostics)
    if compiled.plan is None:
        return FAILED
    films = compiled.plan.films
    targets = [_target(output, one, form, len(films)) for one in films]
    try:
        for one, target in zip(films, targets, strict=True):
            laying = _laying(one, media, handles, stems, len(films))
            _write(common, project, compiled, one, form, target, laying)
    except ExportRefused as refused:
        raise Stop(USAGE, str(refused)) from None
    except MediaFailed as failed:
        raise Stop(FAILED, failed.message) from None
    except DamagedBlob as damaged:
        raise Stop(INTEGRITY, f"{damaged}; `storyreel store verify` says more") from None
    return DONE


def _write(
    common: Common,
    project: Project,
    compiled: Compiled,
    film: PlannedFilm,
    form: Form,
    target: Path | None,
    laying: Laying | None,
) -> None:
    from storyreel.driver.handover import Laying, bundled, handed_over
    from storyreel.stitch.join import placed

    if form == "zip":
        assert target is not None
        has_reel = bundled(project, compiled, film, laying or Laying(Path()), target)
        common.hint(f"{film.name}: {target}{'' if has_reel else _without_reel(project, compiled, film)}")
        return
    text = handed_over(project, compiled, film, form, laying, target.parent if target is not None else None)
    if target is None:
        sys.stdout.write(text)
        return
    with placed(target) as fresh, fresh.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
    common.hint(f"{film.name}: {target}")


def _without_reel(project: Project, compiled: Compiled, film: PlannedFilm) -> str:
    there = "the one in output/ is of another cut" if (project.root / film.output).is_file() else "it is not made yet"
    return f" has no reel: {there}; `storyreel render {compiled.path}` makes it"


def _target(output: str | None, film: PlannedFilm, form: Form, count: int) -> Path | None:
    """Where a film's export goes; None is standard output."""
    if output is None:
        if form == "zip":
            raise Stop(USAGE, f"a zip is no text; name a file: -o {film.name}.zip")
        if count > 1:
            raise Stop(
                USAGE, f"{count} films: name a folder (-o FOLDER/), a pattern (-o '{FILM}.{form}') or one --film"
            )
        return None
    if FILM in output:
        return Path(output.replace(FILM, film.name))
    if output.endswith("/") or Path(output).is_dir():
        return Path(output) / f"{film.name}.{form}"
    if count > 1:
        raise Stop(USAGE, f"{count} films do not go into one file; name a folder or a pattern such as '{FILM}.{form}'")
    return Path(output)


def _laying(film: PlannedFilm, media: Path | None, handles: str | None, stems: bool, count: int) -> Laying | None:
    from storyreel.base.timebase import Duration
    from storyreel.driver.handover import Laying

    frames = None
    if handles is not None:
        try:
            frames = Duration.parse(handles).frames(film.fps)
        except ValueError:
            raise Stop(USAGE, f"--handles {handles}: write frames (12f) or seconds (0.5)") from None
    if media is None and frames is None and not stems:
        return None
    folder = media or Path()
    return Laying(folder / film.name if count > 1 else folder, frames, stems)
