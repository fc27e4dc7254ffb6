"""The twin of a stage in memory: it shows the documents that it is given, and remembers what it was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any

from storyreel.watch.revisions import Revisions
from storyreel.watch.spec import Answer, Document, Media


@dataclass(slots=True)
class MemoryStage:
    """Change its documents, then `bump`."""

    board: dict[str, Any] = field(default_factory=dict)
    films: dict[str, dict[str, Any]] = field(default_factory=dict)
    scenes: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    files: dict[str, Media] = field(default_factory=dict)
    is_buying_on: bool = False
    picked: list[tuple[str, str, int]] = field(default_factory=list)
    bought: list[tuple[str, ...]] = field(default_factory=list)
    following: Revisions = field(default_factory=Revisions)

    def bump(self) -> None:
        self.following.bump()

    def state(self) -> Document:
        return {**self.board, "revision": self.following.number}

    def film(self, film: str) -> Document | None:
        return self.films.get(film)

    def scene(self, film: str, number: int) -> Document | None:
        return self.scenes.get((film, number))

    def file(self, media: str) -> Media | None:
        return self.files.get(media)

    def revisions(self) -> AsyncGenerator[int, None]:
        return self.following.follow()

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        self.picked.append((film, scene, take))
        return Answer(True, f"Take {take} of {scene} is in the film.")

    async def buy(self, scenes: Sequence[str]) -> Answer:
        self.bought.append(tuple(scenes))
        return Answer(True, "Buying.")
