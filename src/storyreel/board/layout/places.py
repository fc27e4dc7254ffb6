"""Which level of the language stands where in a tree, so that keys can be put into order before anything is read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal

from storyreel.board.reading.slots import LEVELS, slots
from storyreel.board.vocabulary import VOCABULARY, Level

Place = tuple[Literal["map", "named"], Level]
"""A map of the level's keys, or a map of names to such maps; a list of them has the same place."""


def root_place(keys: Iterable[str]) -> Place:
    """What a file is: a board says `storyreel`, a template has `params`, all else is a fragment."""
    known = set(keys)
    return "map", "board" if "storyreel" in known else "template" if "params" in known else "fragment"


def place_under(place: Place | None, key: str) -> Place | None:
    """The place of a key's value; None where the keys are the author's own."""
    if place is None:
        return None
    kind, level = place
    return ("map", level) if kind == "named" else _under().get((level, key))


def ranks(place: Place | None) -> dict[str, int]:
    """Canonical order of the keys; empty where the author's order stands."""
    if place is None or place[0] == "named":
        return {}
    return {key: i for i, key in enumerate(VOCABULARY[place[1]])}


@cache
def _under() -> dict[tuple[Level, str], Place]:
    found: dict[tuple[Level, str], Place] = {
        ("board", "variants"): ("map", "variants"),
        ("board", "tables"): ("named", "table"),
        ("template", "scenes"): ("map", "scene"),
        ("fragment", "scenes"): ("map", "scene"),
        ("fragment", "elements"): ("named", "element"),
    }
    for of, level in LEVELS.items():
        for slot in slots(of).values():
            if slot.model is not None:
                found[level, slot.key] = ("named" if slot.kind == "named" else "map", LEVELS[slot.model])
    return found
