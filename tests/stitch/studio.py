"""A shelf, an output folder and the log of what was done: films are made of files by name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import Cut, TakeSource
from storyreel.stitch.events import SegmentEncoded, SegmentReused, StitchEvent
from storyreel.stitch.reel import conform_takes, make_reel


@dataclass
class Room:
    """Takes are files, by the key that a cut calls them."""

    folder: Path
    takes: Mapping[str, Path]
    events: list[StitchEvent] = field(default_factory=list)
    assets: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shelf = MemoryShelf(self.folder / "shelf")

    def make(self, cut: Cut, **more: Any) -> Path:
        """The reel."""
        return asyncio.run(self.making(cut, **more))

    async def making(self, cut: Cut, **more: Any) -> Path:
        """The reel, while other things happen."""
        self.events.clear()
        reel = await make_reel(
            cut, self.files(cut), lambda a: self.assets[a.path], self.shelf, self.folder / "out",
            on_event=self.events.append, **more,
        )  # fmt: skip
        return reel.path

    def conform(self, cut: Cut, *keys: str) -> None:
        """What can be done while only these takes are here."""
        self.events.clear()
        files = {ident: file for ident, file in self.files(cut).items() if ident[0] in keys}
        made = conform_takes(cut, files, lambda a: self.assets[a.path], self.shelf, on_event=self.events.append)
        asyncio.run(made)

    def files(self, cut: Cut) -> dict[tuple[str, int], Path]:
        sources = [s for each in cut.scenes for s in each.sources if isinstance(s, TakeSource)]
        return {(s.key, s.take): self.takes[s.key] for s in sources}

    def encoded(self) -> list[tuple[str, str]]:
        return sorted((e.kind, e.scene) for e in self.events if isinstance(e, SegmentEncoded))

    def reused(self) -> list[tuple[str, str]]:
        return sorted((e.kind, e.scene) for e in self.events if isinstance(e, SegmentReused))
