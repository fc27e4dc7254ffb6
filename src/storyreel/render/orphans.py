"""The last ditch: ids of accepted jobs that the journal could not take, one JSON line each, taken in when it can."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Orphan:
    """An accepted job of a provider, by the claim under which it was asked for."""

    claim: str
    provider: str
    token: Mapping[str, Any]
    accepted_at: float


class Orphans:
    """`orphans.jsonl` beside the journal; it exists only while it holds something."""

    def __init__(self, journal: Path) -> None:
        self.file = journal.with_name("orphans.jsonl")

    def add(self, orphan: Orphan) -> bool:
        """Append a line, durable when this returns True; False where even that found no room."""
        # The break before it parts it from a line that a full disk has cut off.
        line = f"\n{json.dumps(asdict(orphan), sort_keys=True)}\n"
        try:
            handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            try:
                written = os.write(handle, line.encode())
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError:
            return False
        return written == len(line.encode())

    def read(self) -> tuple[Orphan, ...]:
        """Every whole line; one that was cut off by a full disk names no job, and is left out."""
        try:
            lines = self.file.read_bytes().splitlines()
        except FileNotFoundError:
            return ()
        found = []
        for line in lines:
            try:
                found.append(Orphan(**json.loads(line)))
            except (ValueError, TypeError):
                continue
        return tuple(found)

    def clear(self) -> None:
        self.file.unlink(missing_ok=True)
