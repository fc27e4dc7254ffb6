"""Which known word an unknown one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 64


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word`, the earlier of equals; None where no guess would be worth reading.

    Letter case and `-`, `_` or blanks between words count for nothing; otherwise a word of 3 letters may be off by
    one letter or by one swap, 6 by two, 9 and more by three. A beginning of at least three letters is enough if it
    begins only one word.
    """
    if len(word) > _LONGEST:
        return None
    candidates = [name for name in dict.fromkeys(known) if name != word]
    plain = _plain(word)
    limit = min(3, len(plain) // 3)
    best: str | None = None
    least = limit + 1
    for name in candidates:
        other = _plain(name)
        if plain == other:
            return name
        if abs(len(other) - len(plain)) < least:
            distance = _distance(plain, other, least)
            if distance < least:
                best, least = name, distance
    if best is None and len(plain) >= 3:
        begun = [name for name in candidates if _plain(name).startswith(plain)]
        best = begun[0] if len(begun) == 1 else None
    return best


def _plain(word: str) -> str:
    return word.casefold().translate({ord(sign): None for sign in "-_ "})


def _distance(one: str, other: str, enough: int) -> int:
    """Letters to change, insert, leave out or swap with their neighbour; gives up at `enough`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) >= enough:
            return enough
    return row[-1]
