"""Two texts word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

Stay = Literal["same", "old", "new"]

_WORDS = re.compile(r"(?:[\w'’]+|[^\w\s])\s*|\s+")
_MOST_WORK = 10_000
"""Words of one text times words of the other that are looked at; beyond it the whole stretch counts as changed."""


def word_changes(old: str, new: str) -> tuple[tuple[Stay, str], ...]:
    """Pieces in reading order; blanks alone make no difference."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    keys, others = ([word.strip() for word in words] for words in (before, after))
    least = min(len(keys), len(others))
    head = next((i for i in range(least) if keys[i] != others[i]), least)
    tail = next((i for i in range(least - head) if keys[-1 - i] != others[-1 - i]), least - head)
    ends = (len(before) - tail, len(after) - tail)
    pieces: list[tuple[Stay, str]] = [("same", "".join(after[:head]))]
    pieces += _middle(before[head : ends[0]], after[head : ends[1]])
    pieces.append(("same", "".join(after[ends[1] :])))
    return tuple(piece for piece in pieces if piece[1])


def likeness(old: str, new: str) -> float:
    """0 to 1: how many of the words of two texts are the same, in whatever order."""
    before, after = Counter(old.split()), Counter(new.split())
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 0.0


def _middle(before: list[str], after: list[str]) -> Iterator[tuple[Stay, str]]:
    if len(before) * len(after) > _MOST_WORK:
        yield from _replaced("".join(before), "".join(after))
        return
    keys, others = ([word.strip() for word in words] for words in (before, after))
    for tag, a, b, c, d in SequenceMatcher(None, keys, others, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(after[c:d])
        else:
            yield from _replaced("".join(before[a:b]), "".join(after[c:d]))


def _replaced(old: str, new: str) -> Iterator[tuple[Stay, str]]:
    """A blank behind both is no part of what changed."""
    blank = new[len(new.rstrip()) :] if old.rstrip() and new.rstrip() and old[-1:].isspace() else ""
    yield "old", old.rstrip() if blank else old
    yield "new", new.rstrip() if blank else new
    yield "same", blank
