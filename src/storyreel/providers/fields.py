"""Fields of JSON that came from strangers: each is what it should be, or None."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from storyreel.base.money import Usd

_ID = re.compile(r"(?=.*[A-Za-z0-9])[A-Za-z0-9._:=+~@-]{1,256}")


def text_in(data: Any, *steps: str | int) -> str | None:
    """A text that is not empty, below keys and places."""
    for step in steps:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and len(data) > step else None
        else:
            data = data.get(step) if isinstance(data, Mapping) else None
    return data if isinstance(data, str) and data else None


def id_in(data: Mapping[str, Any], *names: str) -> str | None:
    """What a provider calls a job: the first of `names` that could stand in an address as it is."""
    found = (data.get(name) for name in names)
    texts = (str(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in found)
    return next((text for text in texts if isinstance(text, str) and _ID.fullmatch(text)), None)


def epoch_in(value: Any) -> float | None:
    """Seconds since the epoch, of a number or an ISO date (UTC where it names no zone)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) and value > 0 else None
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def usd_in(value: Any) -> Usd | None:
    """An amount that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def iso(moment: float) -> str:
    """A wall time as providers' lists take it."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_same(ours: Mapping[str, Any], theirs: Any) -> bool:
    """Whether a provider shows the very body that was sent; 5 and 5.0 are one number."""
    try:
        return isinstance(theirs, Mapping) and _is_equal(ours, theirs)
    except RecursionError:
        return False


def _is_equal(one: Any, other: Any) -> bool:
    """Ends at the first difference: a list is mostly jobs of others."""
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping)
            and one.keys() == other.keys()
            and all(_is_equal(value, other[name]) for name, value in one.items())
        )
    if isinstance(one, list | tuple):
        return (
            isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(_is_equal(mine, its) for mine, its in zip(one, other, strict=True))
        )
    # True is 1 in Python, and no number in JSON.
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
