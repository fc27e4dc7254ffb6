"""A template under way: what is in sight, what may still be spent, and how a name finds its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import nodes

from storyreel.board.jinja import operators as op
from storyreel.board.jinja.filters import FILTERS
from storyreel.board.jinja.operators import MAX_TEXT, TooMuch, known
from storyreel.board.jinja.values import Value, is_row

ALLOWANCE = 100_000
"""Steps that one filling may take; a loop pays for each round, a filter for the size of what it touches."""


class Undefined(Exception):
    """A name or column that is not there, with its place in the template's text."""

    def __init__(self, message: str, start: int, end: int, code: str, known: tuple[str, ...], hint: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.end = message, start, end
        self.code, self.known, self.hint = code, known, hint


class Run:
    """One filling under way: the names in sight, and what may still be spent and printed."""

    __slots__ = ("_left", "_size", "names")

    def __init__(self, names: Mapping[str, Value]) -> None:
        self.names = names
        self._left = ALLOWANCE
        self._size = 0

    def spend(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise TooMuch(f"this template takes more than {ALLOWANCE:,} steps")

    def take(self, length: int) -> int:
        """Where the next `length` characters of the outcome begin."""
        at = self._size
        self._size += length
        if self._size > MAX_TEXT:
            raise TooMuch(f"this template makes more than {MAX_TEXT:,} characters")
        return at

    def inside(self, names: Mapping[str, Value]) -> Run:
        self.names = names
        return self


Step = Callable[[Run], Value]


def column_of(value: Value, name: str, owner: str, at: int) -> Value:
    """The column of a row; raises Undefined. No attribute of a Python object is ever looked at."""
    if is_row(value):
        try:
            return known(value[name])
        except KeyError:
            message = f"`{owner}` has no `{name}`" if owner else f"there is no column `{name}`"
            columns = tuple(str(key) for key in value)
            raise Undefined(message, at, at + len(name), "SR204", columns) from None
    kind = op.kind_of(value)
    message = f"`{owner}` is {kind}; it has no `{name}`" if owner else f"{kind} has no `{name}`"
    raise Undefined(message, at, at + len(name), "SR204", (), filter_for(f".{name}") if name in FILTERS else "")


def filter_for(called: str) -> str:
    """A hint for `name.upper()`: the filter of that name."""
    owner, _, method = called.rpartition(".")
    return f"use the filter: `{owner or 'value'} | {method}`" if method in FILTERS else ""


def dotted(node: nodes.Node) -> str:
    """`product.look` for a chain of names, else nothing."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        owner = dotted(node.node)
        return f"{owner}.{node.attr}" if owner else ""
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        owner = dotted(node.node)
        return f"{owner}[{node.arg.value!r}]" if owner else ""
    return ""
