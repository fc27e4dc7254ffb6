"""Values that templates see: text, numbers and words with their spelling kept, lists, and rows of plain columns."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from storyreel.board.node import Filled, Mapping, Node, Scalar, Sequence

_NUMBER = re.compile(r"[+-]?\d{1,15}(?P<fraction>\.\d{1,15})?", re.ASCII)
_WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A number, true or false that prints as it was written: `29.90` and `01` stay so, and still add and compare."""

    text: str
    value: bool | int | Decimal


class Unknowable:
    """Stands for what a reported mistake made unknown (a table that cannot be read), so that it is reported once."""

    def __repr__(self) -> str:
        return "UNKNOWABLE"


UNKNOWABLE = Unknowable()


@dataclass(frozen=True, slots=True, eq=False)
class MissingRow:
    """What a film sees of a table without a row for it; an error only where it is used."""

    message: str
    hint: str = ""


Value = Any
"""str, Spelled, bool, int, Decimal, None, tuple and list, dict (a row), Unknowable or MissingRow."""


def read_value(text: str) -> Value:
    """Type an unquoted word as YAML would, with its spelling kept; everything else is text."""
    if text and text[0] in "+-0123456789":
        found = _NUMBER.fullmatch(text)
        if found is not None:
            return Spelled(text, Decimal(text) if found["fraction"] else int(text))
    elif text in _WORDS:
        return Spelled(text, _WORDS[text])
    return text


def value_of(node: Node) -> Value:
    """A node as templates see it: mappings are rows; quoted text stays text; filled text is typed again."""
    if isinstance(node, Scalar):
        if node.is_null:
            return None
        return read_value(node.text) if node.style == "plain" or isinstance(node, Filled) else node.text
    if isinstance(node, Sequence):
        return tuple(value_of(item) for item in node.items)
    return row_of(node)


def row_of(node: Mapping) -> dict[str, Value]:
    """The columns of a mapping, without its `x-` keys."""
    return {key.text: value_of(value) for key, value in node.entries if not key.text.startswith("x-")}


def is_row(value: Value) -> bool:
    return isinstance(value, MappingABC)


def bare(value: Value) -> Value:
    """The value without its spelling; floats become exact decimals."""
    if isinstance(value, Spelled):
        return value.value
    return Decimal(str(value)) if isinstance(value, float) else value
