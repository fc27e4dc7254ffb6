"""A template under way: what is in sight, what may still be spent, and how a name finds its value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from storyreel.board.jinja import operators as op
from storyreel.board.jinja.filters import FILTERS
from storyreel.board.jinja.operators import MAX_TEXT, TooMuch, Unfit, known, text_of
from storyreel.board.jinja.refusal import FillFailed
from storyreel.board.jinja.values import Value, is_row

ALLOWANCE = 100_000
"""Steps that one filling may take; a loop pays for each round, a filter for the size of what it touches."""


class Undefined(Exception):
    """A name or column that is not there, with its place in the template's text."""

    def __init__(self, message: str, start: int, end: int, code: str, known: Collection[str], hint: str = "") -> None:
        super().__init__(message)
        self.message, self.start, self.end = message, start, end
        self.code, self.known, self.hint = code, known, hint


class Run:
    """One filling under way: the names in sight, and what may still be spent and printed."""

    __slots__ = ("_size", "names", "spent")

    def __init__(self, names: Mapping[str, Value]) -> None:
        self.names = names
        self.spent = 0
        self._size = 0

    def spend(self, cost: int) -> None:
        self.spent += cost
        if self.spent > ALLOWANCE:
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

Piece = tuple[int, int, int, bool]
"""Start in the outcome, start and end in the template's text, whether copied letter by letter."""

Emit = Callable[[Run, list[str], list[Piece]], None]


def name_in(run: Run, name: str, at: int) -> Value:
    """The value of a name at an offset; raises Undefined, NotKnown."""
    try:
        return known(run.names[name])
    except KeyError:
        raise Undefined(f"`{name}` is not defined", at, at + len(name), "SR203", run.names) from None
    except Unfit as why:
        hint = getattr(run.names[name], "hint", "")
        raise Undefined(str(why), at, at + len(name), "SR233", (), hint) from None


def column_of(value: Value, name: str, owner: str, at: int) -> Value:
    """The column of a row; raises Undefined. No attribute of a Python object is ever looked at."""
    if is_row(value):
        try:
            return known(value[name])
        except KeyError:
            message = f"`{owner}` has no `{name}`" if owner else f"there is no column `{name}`"
            raise Undefined(message, at, at + len(name), "SR204", value) from None
    kind = op.kind_of(value)
    message = f"`{owner}` is {kind}; it has no `{name}`" if owner else f"{kind} has no `{name}`"
    raise Undefined(message, at, at + len(name), "SR204", (), filter_for(f".{name}") if name in FILTERS else "")


def filter_for(called: str) -> str:
    """A hint for `name.upper()`: the filter of that name."""
    owner, _, method = called.rpartition(".")
    return f"use the filter: `{owner or 'value'} | {method}`" if method in FILTERS else ""


def guarded(step: Step, start: int, end: int) -> Step:
    """The step of a whole expression: its failures become FillFailed with their place."""

    def guard(run: Run) -> Value:
        try:
            return step(run)
        except Undefined as why:
            raise FillFailed(why.message, why.start, why.end, code=why.code, hint=why.hint, known=why.known) from None
        except Unfit as why:
            raise misfit(why, start, end) from None

    return guard


def misfit(why: Unfit, start: int, end: int, hint: str = "") -> FillFailed:
    """A step that cannot be done, at the expression that asks for it."""
    return FillFailed(str(why), start, end, code="SR206" if isinstance(why, TooMuch) else "SR205", hint=hint)


def data_emit(data: str, at: int, *, is_exact: bool) -> Emit:
    """Prints text as it stands."""

    def emit_data(run: Run, out: list[str], pieces: list[Piece]) -> None:
        pieces.append((run.take(len(data)), at, at + len(data), is_exact))
        out.append(data)

    return emit_data


def value_emit(value: Step, start: int, end: int, begin: int, stop: int) -> Emit:
    """Prints a value; its expression is `start:end`, its braces `begin:stop`."""

    def emit_value(run: Run, out: list[str], pieces: list[Piece]) -> None:
        found = value(run)
        try:
            text = text_of(found)
            pieces.append((run.take(len(text)), begin, stop, False))
        except Unfit as why:
            hint = f"name one of its columns: {', '.join(f'`{c}`' for c in list(found)[:8])}" if is_row(found) else ""
            raise misfit(why, start, end, hint) from None
        out.append(text)

    return emit_value
