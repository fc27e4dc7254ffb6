"""Short written forms of typed fields: each reads one spelling and raises ValueError with a sentence for the author."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from storyreel.base.timebase import Duration, parse_rate

_NUMBER = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})")
_TRANSITIONS = ("dissolve", "fade", "wipe", "slide")


def read_duration(value: Any) -> Any:
    """`4`, `4s`, `2.5s`, `96f`."""
    return _duration(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _duration(text: str) -> Duration:
    return Duration.parse(text)


def read_rate(value: Any) -> Any:
    """`24`, `23.976`, `24000/1001`."""
    return parse_rate(value) if isinstance(value, str) else value


def read_bool(value: Any) -> Any:
    """YAML 1.2 knows `true` and `false`, nothing else."""
    if not isinstance(value, str):
        return value
    if value.lower() not in ("true", "false"):
        raise ValueError("neither true nor false")
    return value.lower() == "true"


def read_number(value: Any) -> Any:
    """A finite decimal number."""
    if not isinstance(value, str):
        return value
    if not _NUMBER.fullmatch(value.strip()):
        raise ValueError("not a number")
    return float(value)


def read_money(value: Any) -> Any:
    """A decimal number of US dollars, to a hundredth of a cent."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"\+?[0-9]{1,9}(\.[0-9]{1,4})?", value.strip()):
        raise ValueError("not an amount of US dollars")
    return Decimal(value.strip())


def whole_number(value: Any) -> Any:
    """A whole number of at most nine digits."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", value.strip()):
        raise ValueError("not a whole number")
    return int(value)


def read_off(value: Any) -> Any:
    """Decibels, or `off`."""
    return value if value == "off" else read_number(value)


def read_transition(value: Any) -> Any:
    """`cut`, or `dissolve 0.5` and its like."""
    if not isinstance(value, str):
        return value
    words = value.split()
    if words == ["cut"]:
        return {"kind": "cut"}
    if len(words) == 2 and words[0] in _TRANSITIONS:
        return {"kind": words[0], "length": Duration.parse(words[1])}
    raise ValueError("not a transition")
