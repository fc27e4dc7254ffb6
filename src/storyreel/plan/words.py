"""Two texts word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Stay = Literal["same", "old", "new"]

_WORDS = re.compile(r"\s+|[\w'’]+|[^\w\s]")
_MOST_WORDS = 4_000


def word_changes(old: str, new: str) -> tuple[tuple[Stay, str], ...]:
    """Pieces in reading order; those that are not "new" are the old text together, those that are not "old" the new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > _MOST_WORDS or "".join(before) != old or "".join(after) != new:
        return (("old", old), ("new", new))
    return tuple(_merged(before, after))


def likeness(old: str, new: str) -> float:
    """0 to 1: how much of the words of two texts is the same, in the same order."""
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _merged(before: list[str], after: list[str]) -> Iterator[tuple[Stay, str]]:
    """A blank between two changed words changes with them: one long mark reads better than five short ones."""
    gone: list[str] = []
    come: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = "".join(before[a:b])
        if tag == "equal" and not ((gone or come) and same.isspace() and b < len(before) and d < len(after)):
            yield from _told(gone, come)
            gone, come = [], []
            yield "same", same
        else:
            gone += before[a:b]
            come += after[c:d]
    yield from _told(gone, come)


def _told(gone: list[str], come: list[str]) -> Iterator[tuple[Stay, str]]:
    if gone:
        yield "old", "".join(gone)
    if come:
        yield "new", "".join(come)
