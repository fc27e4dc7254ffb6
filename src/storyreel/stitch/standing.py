"""Which reels already stand in `output/`, so that a render with nothing to do does nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.base.timebase import parse_rate, rate_text
from storyreel.stitch.events import TakeShort
from storyreel.stitch.made import Reel


class StandingReels:
    """A small table beside the store: reel path to its key, its facts, and the size and time of each file.

    A reel stands where the key is equal and every file is as it was left. A broken table is an empty one.
    """

    def __init__(self, table: Path, root: Path) -> None:
        self._table = table
        self._root = root
        self._rows = _read(table)

    def find(self, output: str, key: str) -> Reel | None:
        """The reel at `output` (relative to the project), where it is what `key` asks for."""
        row = self._rows.get(output)
        if not isinstance(row, dict) or row.get("key") != key or row.get("files") != self._stamps(row.get("files", {})):
            return None
        fps = parse_rate(row["fps"])
        return Reel(row["film"], self._root / output, row["frames"], fps, row["width"], row["height"])

    def short(self, output: str) -> tuple[TakeShort, ...]:
        """What was said of the takes of the reel at `output`, to be said again where it is reused."""
        return tuple(TakeShort(*row) for row in self._rows.get(output, {}).get("short", ()))

    def note(self, output: str, key: str, reel: Reel, files: Sequence[Path], short: Sequence[TakeShort] = ()) -> None:
        """Remember a reel that was just written, with every file beside it that belongs to it."""
        names = {file.relative_to(self._root).as_posix(): None for file in files}
        facts = {"film": reel.film, "frames": reel.frames, "fps": rate_text(reel.fps)}
        self._rows[output] = {
            "key": key,
            **facts,
            "width": reel.width,
            "height": reel.height,
            "files": self._stamps(names),
            "short": [[each.scene, each.wanted, each.found] for each in short],
        }
        self._table.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._table.with_suffix(".new")
        table = {"reels": self._rows, "check": digest_of_value(self._rows)}
        fresh.write_text(json.dumps(table, indent=1, sort_keys=True))
        fresh.replace(self._table)

    def _stamps(self, files: Mapping[str, object]) -> dict[str, list[int] | None]:
        stamps: dict[str, list[int] | None] = {}
        for name in files:
            try:
                facts = (self._root / name).stat()
                stamps[name] = [facts.st_size, facts.st_mtime_ns]
            except OSError:
                stamps[name] = None
        return stamps


def _read(table: Path) -> dict[str, Any]:
    try:
        kept = json.loads(table.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    rows = kept.get("reels") if isinstance(kept, dict) else None
    return rows if isinstance(rows, dict) and kept.get("check") == digest_of_value(rows) else {}
