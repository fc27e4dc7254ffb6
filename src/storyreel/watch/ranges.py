"""Which bytes of a file are asked for, as RFC 9110 has it: one range, or the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHUNK = 1 << 20
"""Bytes of one answer to an open-ended range. A player asks for the rest when it needs it, and holds no connection
until then: a browser has six for all its tabs."""

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes from `start` up to but without `end`."""

    start: int
    end: int


class NotThere(Exception):
    """The range lies outside the file."""


def stretch_of(asked: str | None, condition: str | None, tag: str, size: int) -> Stretch | None:
    """What `Range` asks for; None is the whole file. `condition` is `If-Range`. Raises NotThere."""
    found = _RANGE.fullmatch(asked.strip()) if asked is not None else None
    if found is None or found[0] == "bytes=-" or (condition is not None and condition.strip() != tag):
        return None
    first, last = found[1], found[2]
    if not first:
        if int(last) == 0 or size == 0:
            raise NotThere
        return Stretch(max(0, size - int(last)), size)
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise NotThere
    end = int(last) + 1 if last else start + CHUNK
    return Stretch(start, min(end, size))
