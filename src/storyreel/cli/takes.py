"""`takes`: every candidate of a board's scenes, as a table and as a contact sheet."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, INTEGRITY, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.project import Compiled, Project
    from storyreel.driver.takelist import ListedTake
    from storyreel.stitch.takesheet import SheetRow

MOST_ROWS = 120
"""Scenes on one sheet; beyond it, `--scene` and `--film` narrow it."""


def takes(common: Common, board: str, scene: str | None, film: str | None, as_json: bool) -> int:
    """Print the table, or JSON, and write `output/<board>/takes.contact-sheet.png`."""
    from storyreel.cli.render import known_scenes
    from storyreel.driver.sellers import paid_provider
    from storyreel.driver.takelist import listed_takes
    from storyreel.render.tables import JournalRefused

    project = common.open()
    compiled = compile_board(project, common.board(project, board), paid_provider(project.settings), film)
    if compiled.plan is None:
        print_diagnostics(common, project, compiled.diagnostics)
        return FAILED
    try:
        found = listed_takes(project, compiled, scene)
    except JournalRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    if scene is not None and not found:
        known_scenes(compiled, [scene])
    sheet = _sheet(common, project, compiled, found) if found else None
    if as_json:
        print(json.dumps(takes_document(project, compiled, found, sheet), indent=2, ensure_ascii=False))
        return DONE
    if not found:
        common.hint("no takes yet; `storyreel render` buys them")
        return DONE
    _table(common, found, len(compiled.plan.films))
    if sheet is not None:
        print(sheet.relative_to(project.root).as_posix())
    return DONE


def takes_document(
    project: Project, compiled: Compiled, found: Sequence[ListedTake], sheet: Path | None
) -> dict[str, Any]:
    """The table as plain JSON."""
    from storyreel.base.money import usd_text

    return {
        "board": compiled.path,
        "takes": [
            {
                "scene": one.scene,
                "part": one.part,
                "key": one.key,
                "take": one.take,
                "is_current": one.is_current,
                "is_chosen": one.is_chosen,
                "is_held": one.is_held,
                "is_here": one.is_here,
                "provider": one.provider,
                "paid_usd": usd_text(one.paid),
                "job": one.job,
                "at": _clock(one.at),
                "note": one.note,
                "words": one.words or None,
                "films": list(one.films),
            }
            for one in found
        ],
        "contact_sheet": None if sheet is None else sheet.relative_to(project.root).as_posix(),
    }


def _table(common: Common, found: Sequence[ListedTake], films: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from storyreel.base.money import usd_label
    from storyreel.base.report import printable

    table = Table(box=None, pad_edge=False, show_header=True, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("scene", "take", "", "provider", "price", "job", "when", "note"):
        table.add_column(name, justify="right" if name in ("take", "price") else "left", overflow="fold")
    last = None
    for one in found:
        name = _name(one)
        style = "" if one.is_current else "dim"
        table.add_row(
            Text(printable(name) if name != last else ""),
            Text(str(one.take), style=style),
            Text(printable(_state(one, films)), style="bold" if one.is_chosen else style),
            Text(printable(one.provider), style=style),
            Text(usd_label(one.paid), style=style),
            Text(printable(one.job or ""), style=style),
            Text((_clock(one.at) or "").replace("T", " ")[:16], style=style),
            Text(printable(_note(one)), style=style),
        )
        last = name
    common.console(sys.stdout).print(table)


def _name(one: ListedTake) -> str:
    part = f" part {one.part}" if one.part is not None else ""
    return f"{one.scene}{part}"


def _films(one: ListedTake, count: int) -> str:
    """Where a take is shown, or would be: empty for a candidate of every film."""
    if len(one.films) == count:
        return ("in the film" if count == 1 else "in every film") if one.is_chosen else ""
    names = ", ".join(one.films) if len(one.films) <= 2 else f"{len(one.films)} films"
    return f"{'in' if one.is_chosen else 'for'} {names}" if names else ""


def _state(one: ListedTake, films: int) -> str:
    words = [where] if (where := _films(one, films)) else []
    words += ["held"] if one.is_held else []
    words += [] if one.is_current else ["older words"]
    words += [] if one.is_here else ["not here"]
    return ", ".join(words)


def _note(one: ListedTake) -> str:
    return one.note or (one.words if not one.is_current else "")


def _clock(at: float | None) -> str | None:
    return None if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def _sheet(common: Common, project: Project, compiled: Compiled, found: Sequence[ListedTake]) -> Path | None:
    """Where the sheet lies now; None where it could not be drawn, which is said."""
    from storyreel.media.failed import MediaFailed
    from storyreel.stitch.takesheet import draw_takes

    assert compiled.plan is not None
    rows = sheet_rows(found, len(compiled.plan.films))
    if len(rows) > MOST_ROWS:
        common.hint(f"the contact sheet has the first {MOST_ROWS} of {len(rows)} scenes; --scene and --film narrow it")
    cut = compiled.plan.films[0].cut
    out = project.root / "output" / compiled.plan.board / "takes.contact-sheet.png"
    facts = f"{len(found)} takes  ·  {compiled.path}"
    drawn = draw_takes(
        cut.title or cut.film,
        facts,
        rows[:MOST_ROWS],
        (cut.width, cut.height),
        project.shelf,
        out,
        os.cpu_count() or 1,
    )
    try:
        asyncio.run(drawn)
    except MediaFailed as failed:
        common.hint(f"no contact sheet: {failed.message}")
        return None
    return out


def sheet_rows(found: Sequence[ListedTake], films: int) -> list[SheetRow]:
    """One row a scene, or a part of a split one; older wordings behind the takes of now."""
    from storyreel.base.money import usd_label
    from storyreel.stitch.takesheet import SheetRow, SheetTake

    rows: dict[tuple[str, int | None], list[SheetTake]] = {}
    for one in found:
        # Older wordings stand behind the takes of now; of a split scene in a row of their own.
        is_split = not one.is_current and any(part for scene, part in rows if scene == one.scene)
        name = (one.scene, 0 if is_split else one.part)
        is_partial = 0 < len(one.films) < films
        # Names of films may be long: they stand below.
        where = f"in {len(one.films)} of {films} films" if is_partial and one.is_chosen else _films(one, films)
        marks = [where] if where and (one.is_chosen or not is_partial) else []
        marks += ["held"] if one.is_held else []
        marks += [] if one.is_current else ["older words"]
        state = "chosen" if one.is_chosen else "candidate" if one.is_current else "older"
        rows.setdefault(name, []).append(
            SheetTake(
                one.file,
                "" if one.file is None else one.file.name,
                " · ".join([f"take {one.take}", *marks]),
                f"{one.provider} {usd_label(one.paid)}",
                _note(one) or (", ".join(one.films) if is_partial else ""),
                state,  # type: ignore[arg-type]  # one of three words
            )
        )
    notes = {None: "", 0: "older words"}
    return [SheetRow(scene, notes.get(part, f"part {part}"), tuple(row)) for (scene, part), row in rows.items()]
