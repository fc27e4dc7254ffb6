"""What one reading of a board hands to the next, so that a watch reads and judges again only what changed.

Everything in it follows from nodes that are still the same, or was asked of files that still answer the same: it
changes no outcome, only how soon it is there.
"""

from __future__ import annotations

from typing import Any

from storyreel.board.load import parse
from storyreel.board.parts.fill import Filler
from storyreel.board.source import SourceMissing, SourceRefused, SourceTree
from storyreel.board.text.pieces import Pieces

LONGEST = 200
"""Readings after which everything is read afresh: what nobody needs any more is gone then."""

_ASKED = ("digest", "facts")
_RULES = ("scene rules", "element rules")


class Memory:
    """Of one board, for one reading at a time."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Read everything afresh the next time."""
        self.readings = 0
        self.pieces = Pieces(parse)
        self.filler: Filler | None = None
        """What was filled with what."""
        self.checked: dict[Any, Any] = {}
        """The memo of `check`."""

    def begin(self, source: SourceTree) -> None:
        """Another reading: what rests on files that answer otherwise now is dropped."""
        self.readings += 1
        if self.readings > LONGEST:
            self.forget()
        asked = {key: answer for key, answer in self.checked.items() if _is(key, _ASKED)}
        is_same = all(_same(answer, _answer(source, *key)) for key, answer in asked.items())
        kept = {key: value for key, value in self.checked.items() if not isinstance(key, tuple) and not value.found}
        if is_same:
            kept |= asked
            kept |= {key: value for key, value in self.checked.items() if _is(key, _RULES) and not value}
        self.checked = kept


def _is(key: object, kinds: tuple[str, ...]) -> bool:
    return isinstance(key, tuple) and key[0] in kinds


def _answer(source: SourceTree, kind: str, path: str) -> Any:
    try:
        return source.digest(path) if kind == "digest" else (source.facts(path),)
    except (SourceMissing, SourceRefused) as refused:
        return refused


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, Exception):
        return type(before) is type(now) and str(before) == str(now)
    return bool(before == now)
