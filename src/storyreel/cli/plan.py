"""`plan`: what would be made, why, by whom, for how much."""

from __future__ import annotations

import json
import sys
from itertools import accumulate
from typing import TYPE_CHECKING

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.columns import Cell, Style, columns
from storyreel.cli.context import DONE, FAILED, USAGE, WORK, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.project import Compiled
    from storyreel.plan.plan import Plan, PlannedFilm, PlannedScene

WALL = 12
"""More films than this are shown as a table of films, not scene by scene."""


def plan(
    common: Common,
    board: str,
    provider: str | None,
    film: str | None,
    as_json: bool,
    is_detailed: bool,
    is_asked: bool = False,
) -> int:
    """Print the plan; exit 1 on errors, 3 with `--detailed-exitcode` where there is work.

    It connects nowhere, but for `is_asked`: then providers that name prices for nothing are asked.
    """
    from storyreel.plan.document import plan_document

    project = common.open()

    def compiled_now() -> Compiled:
        return compile_board(project, common.board(project, board), provider, film)

    try:
        compiled = compiled_now()
    except Stop as stopped:
        if as_json and stopped.code != USAGE:
            print(json.dumps(nothing() | {"message": str(stopped)}, indent=2, ensure_ascii=False))
        raise
    if is_asked:
        from storyreel.cli.pricing import with_prices

        compiled = with_prices(common, project, compiled, compiled_now)
    if compiled.plan is None:
        if as_json:
            print(json.dumps(broken_document(compiled), indent=2, ensure_ascii=False))
        else:
            print_diagnostics(common, project, compiled.diagnostics)
        return FAILED
    if as_json:
        print(json.dumps(plan_document(compiled.plan), indent=2, ensure_ascii=False))
    else:
        print_diagnostics(common, project, compiled.diagnostics)
        print_plan(common, compiled.plan)
    return WORK if is_detailed and compiled.plan.to_make() else DONE


def broken_document(compiled: Compiled) -> dict[str, object]:
    """A plan of nothing, with the findings that stand in its way."""
    from storyreel.base.report import render_json

    return nothing() | render_json(compiled.diagnostics)


def nothing() -> dict[str, object]:
    """A plan of nothing."""
    from storyreel.plan.catalog import catalog

    prices_as_of = catalog().prices_as_of.isoformat()
    return {"prices_as_of": prices_as_of, "films": [], "requests": 0, "total_usd": "0.00"}


_BLANK: tuple[Cell, ...] = (("", ""),) * 5


def print_plan(common: Common, plan: Plan, *, to_error: bool = False) -> None:
    """The plan as tables on standard output, or on standard error."""
    from storyreel.base.money import usd_label

    console = common.console(sys.stderr if to_error else sys.stdout)
    if len(plan.films) <= WALL:
        for film in plan.films:
            _film(console, film)
    else:
        _wall(console, plan)
    for note in plan.notes:
        console.print(f"  {note}", markup=False)
    count = len(plan.to_make())
    work = f"{count} {'take' if count == 1 else 'takes'} to make" if count else "nothing to make"
    asked = {part.lowered.quoted_on for part in plan.to_make() if part.lowered is not None and part.lowered.quoted_on}
    dated = f"prices as of {plan.prices_as_of}{f', asked on {min(asked)}' if asked else ''}"
    console.print(f"{work}, {usd_label(plan.total_usd)}  ({dated})", markup=False, style="bold")


def _film(console: object, film: PlannedFilm) -> None:
    from rich.console import Console
    from rich.text import Text

    from storyreel.base.money import usd_label
    from storyreel.base.report import printable
    from storyreel.base.timebase import rate_text, seconds_text

    assert isinstance(console, Console)
    length = seconds_text(film.frames / film.fps)
    console.print(Text(f"{film.name}  {length} s, {film.frames} frames at {rate_text(film.fps)}", style="bold"))
    rows: list[list[Cell]] = []
    colors: dict[str, Style] = {"generate": "yellow", "resume": "yellow", "missing": "red", "parked": "magenta"}
    for scene in film.scenes:
        for name, part in zip(part_names(scene), scene.parts, strict=True):
            price = "" if part.action == "local" else usd_label(part.cost_usd)
            row: list[Cell] = [("  " + printable(name), ""), (part.action, colors.get(part.action, ""))]
            row += [(part.provider, "dim"), (f"{seconds_text(part.seconds)} s", ""), (price, "")]
            rows.append([*row, (printable(part.reason), "dim")])
        notes: list[Cell] = [(printable(note), "dim") for note in scene.notes]
        rows += [[*_BLANK, note] for note in notes]
    has_color = console.color_system is not None and not console.no_color
    for line in columns(rows, console.width, right=frozenset((3, 4)), has_color=has_color):
        print(line, file=console.file)
    for note in film.notes:
        console.print(Text(f"  {printable(note)}"))


def part_names(scene: PlannedScene) -> tuple[str, ...]:
    """What each part is called: `pier`, `pier 1/2` where the scene is split, `pier, take 2` where it has candidates."""
    # The candidate that is in the film comes first of its part.
    places = list(accumulate(int(part.is_chosen) for part in scene.parts))
    found = []
    for place, part in zip(places, scene.parts, strict=True):
        which = f" {place}/{places[-1]}" if places[-1] > 1 else ""
        found.append(f"{scene.id}{which}{f', take {part.take}' if places.count(place) > 1 else ''}")
    return tuple(found)


def _wall(console: object, plan: Plan) -> None:
    from rich.console import Console
    from rich.text import Text

    from storyreel.base.money import usd_label

    assert isinstance(console, Console)
    for film in plan.films:
        makes = sum(part.action in ("generate", "resume") for scene in film.scenes for part in scene.parts)
        console.print(Text(f"  {film.name}  {film.frames} frames, {makes} to make, {usd_label(film.cost_usd)}"))
