"""`diff`: what changed since a git revision, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.cli.check import print_diagnostics
from storyreel.cli.context import DONE, FAILED, INTEGRITY, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.comparison import Compared
    from storyreel.driver.project import Project
    from storyreel.plan.changes import Change
    from storyreel.plan.difference import BoardDifference, SceneDifference


def diff(
    common: Common,
    revision: str,
    boards: Sequence[str],
    provider: str | None,
    film: str | None,
    form: str,
    exit_code: bool,
) -> int:
    """Print what differs; exit 1 where a board has errors now, and with `exit_code` where something differs."""
    from storyreel.driver.comparison import NoBoard, compared
    from storyreel.driver.git import NoRevision
    from storyreel.driver.locks import LockRefused
    from storyreel.driver.sellers import UnknownProvider, paid_provider

    project = common.open()
    seller = provider or paid_provider(project.settings)
    named = [_path(project, name) for name in boards]
    try:
        found = compared(project, revision, named, provider=seller, only=film)
    except NoRevision as refused:
        raise Stop(USAGE, f"{refused}{_meant(project, revision)}") from None
    except (NoBoard, UnknownProvider) as refused:
        raise Stop(USAGE, str(refused)) from None
    except LockRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    broken = [diagnostic for compiled in found.broken for diagnostic in compiled.diagnostics]
    if form == "json":
        print(json.dumps(diff_document(found, seller), indent=2, ensure_ascii=False))
    elif form == "github":
        from storyreel.cli.comment import comment

        print(comment(found, seller), end="")
    else:
        from storyreel.cli.diff_text import diff_text

        print(diff_text(found, seller, color=common.has_color(None)), end="")
    if broken:
        print_diagnostics(common, project, broken)
        return FAILED
    for note in found.notes:
        common.hint(note)
    return FAILED if exit_code and any(board.differs for board in found.boards) else DONE


def diff_document(found: Compared, provider: str) -> dict[str, Any]:
    """Plain JSON. Money is text; boards without a difference are left out."""
    from storyreel.base.money import usd_text
    from storyreel.base.report import render_json

    errors = [diagnostic for compiled in found.broken for diagnostic in compiled.diagnostics]
    differing = [board for board in found.boards if board.differs]
    return {
        "revision": found.revision,
        "commit": found.commit,
        "provider": provider,
        "prices_as_of": found.prices_as_of.isoformat(),
        "differs": bool(differing),
        "boards": [_board(board) for board in differing],
        "requests": len(found.to_make),
        "total_usd": usd_text(found.total_usd),
        "notes": list(found.notes),
        **(render_json(errors) if errors else {}),
    }


def _board(board: BoardDifference) -> dict[str, Any]:
    from storyreel.base.money import usd_text

    return {
        "board": board.board,
        "status": board.status,
        "films": board.films,
        "films_added": list(board.films_added),
        "films_removed": list(board.films_removed),
        "changes": [_change(change) | {"films": list(films)} for change, films in board.settings],
        "scenes": [_scene(scene) for scene in board.scenes],
        "cost_usd": usd_text(board.cost_usd),
    }


def _scene(scene: SceneDifference) -> dict[str, Any]:
    from storyreel.base.money import usd_text
    from storyreel.base.timebase import seconds_text

    before, after = (None if seconds is None else seconds_text(seconds) for seconds in scene.seconds)
    return {
        "scene": scene.scene,
        "was": scene.was,
        "kinds": list(scene.kinds),
        "films": list(scene.films),
        "seconds": {"old": before, "new": after},
        "changes": [_change(change) for change in scene.changes],
        "requests": len(scene.to_make),
        "cost_usd": usd_text(scene.cost_usd),
    }


def _change(change: Change) -> dict[str, Any]:
    span = change.span
    place = {"file": span.file, "line": span.line, "column": span.column} if span is not None else {}
    row = {"field": change.field, "old": change.old, "new": change.new, "inherited": change.is_inherited}
    return {**row, **place}


def _path(project: Project, name: str) -> str:
    """A board's path from the root where it was given from here; else as it was given."""
    here = Path.cwd() / name
    if here.is_file() and here.resolve().is_relative_to(project.root):
        return here.resolve().relative_to(project.root).as_posix()
    return name


def _meant(project: Project, revision: str) -> str:
    stems = {Path(path).stem: path for path in project.boards()}
    meant = revision if revision in stems or revision in stems.values() else None
    return f"; for the board write: storyreel diff HEAD {meant}" if meant else ""
