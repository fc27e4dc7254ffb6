"""The whole front half over the example project: load, expand, check, letters, plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from storyreel.base.diagnostic import Diagnostic, in_order
from storyreel.base.money import Usd
from storyreel.board.check import check
from storyreel.board.expand import expand, open_board
from storyreel.board.model import Storyboard
from storyreel.board.source import SourceTree
from storyreel.media.glyphs import check_glyphs
from storyreel.media.stylebook import check_styles
from storyreel.plan.bearable import is_plannable, not_told_yet
from storyreel.plan.build import build_plan
from storyreel.plan.plan import Plan
from storyreel.plan.sheet import PaidBefore

ROOT = Path(__file__).resolve().parents[2]


class NoTakes:
    """A store in which nothing was ever made."""

    def has(self, key: str, take: int) -> bool:
        return False

    def paid(self, key: str, take: int) -> Usd:
        return Usd(0)

    def before(self, key: str, take: int) -> PaidBefore | None:
        return None


def compiled(source: SourceTree, path: str) -> tuple[list[Storyboard], list[Diagnostic]]:
    """The films of a board as far as they could be read, and every finding up to there."""
    opened = open_board(source, path)
    found = list(opened.diagnostics)
    films = []
    memo: dict[Any, Any] = {}
    for expanded in expand(opened.value) if opened.value else ():
        found += expanded.diagnostics
        if expanded.value is None:
            continue
        checked = check(expanded.value, source, memo)
        found += checked.diagnostics
        if checked.value is not None:
            found += (*check_styles(checked.value), *check_glyphs(checked.value, source))
            films.append(checked.value)
    return films, found


def plan_board(source: SourceTree, path: str) -> tuple[Plan | None, tuple[Diagnostic, ...]]:
    """What the animatic would make of a board, and every finding on the way there."""
    films, found = compiled(source, path)
    if not films or not is_plannable(found):
        return None, in_order(found)
    planned = build_plan(films, source, NoTakes(), provider="animatic", board=Path(path).stem)
    found += not_told_yet(planned.diagnostics, found)
    return None if any(d.is_error for d in found) else planned.value, in_order(found)
