"""Free results by the key of what they were made from: segments, voices, sheets."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Protocol


class Shelf(Protocol):
    """Where free results stand. A key covers everything that can change the file, so a hit is never stale."""

    def find(self, key: str) -> Path | None:
        """The file kept under a key; not to be written to."""
        ...

    def new_file(self, suffix: str) -> Path:
        """A name that nothing has, on the shelf's own file system; `suffix` begins with a dot."""
        ...

    def keep(self, key: str, file: Path) -> Path:
        """Move a whole file here under its key, at once or not at all; gives its place. Equal keys keep the first."""
        ...


class MemoryShelf:
    """A shelf for tests: it remembers its keys only as long as it lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Path] = {}
        self._numbers = count(1)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self._kept)

    def find(self, key: str) -> Path | None:
        return self._kept.get(key)

    def new_file(self, suffix: str) -> Path:
        return self._folder / f"new-{next(self._numbers)}{suffix}"

    def keep(self, key: str, file: Path) -> Path:
        if key in self._kept:
            file.unlink()
        else:
            self._kept[key] = self._folder / f"{key}{file.suffix}"
            file.replace(self._kept[key])
        return self._kept[key]
