"""What the page is fed with: plain values from whoever compiles and builds, and the seam that the server asks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from storyreel.base.diagnostic import Diagnostic
from storyreel.base.money import NOTHING, Usd
from storyreel.plan.plan import Plan

Document = Mapping[str, Any]
"""Plain JSON for the page. Texts in it are an author's own, and are shown as text alone."""


@dataclass(frozen=True, slots=True)
class Compile:
    """What one reading of the board came to. `plan` is None where errors stand in the way."""

    board: str
    """Path of the board, relative to the project."""
    title: str
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    """The files that diagnostics point into, by path."""
    changed: frozenset[str] = frozenset()
    """Ids of the scenes that differ from the last plan."""


@dataclass(frozen=True, slots=True)
class StoredTake:
    """A take whose bytes are here."""

    key: str
    take: int
    """From 1."""
    file: Path
    digest: str
    """Of its bytes."""
    provider: str
    paid_usd: Usd | None = None
    """None for what was drawn here."""
    is_held: bool = False
    note: str = ""
    """What its author wrote on it."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What may be bought from the page, and what this run has spent."""

    is_open: bool = False
    """True only where watching was begun with leave to buy."""
    ceiling_usd: Usd | None = None
    spent_usd: Usd = NOTHING


@dataclass(frozen=True, slots=True)
class FinishedReel:
    """A reel that stands."""

    film: str
    file: Path
    frames: int


Phase = Literal["reading", "drawing", "buying", "cutting", "ready"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file that may be sent. Its id never means anything else, so it may be kept by who asked."""

    file: Path
    type: str
    """As `Content-Type` says it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of something that was asked for: one sentence, and whether it was done."""

    is_done: bool
    words: str


class Stage(Protocol):
    """What the server asks. Every name that comes from a client is looked up here, in a table of its own."""

    @property
    def is_buying_on(self) -> bool:
        """False: whatever is asked, nothing is bought."""
        ...

    def state(self) -> Document:
        """The board as a whole: what is wrong, what it costs, and a line for every film."""
        ...

    def film(self, film: str) -> Document | None:
        """One film by its id in `state`: its reel and timeline; None where there is none."""
        ...

    def scene(self, film: str, number: int) -> Document | None:
        """One scene by its number, from 1: its takes, its prompt as sent, and why it is made or not."""
        ...

    def file(self, media: str) -> Media | None:
        """A file by an id that stands in a document."""
        ...

    def revisions(self) -> AsyncGenerator[int, None]:
        """The number of the newest state, now and whenever it changes; a slow reader misses numbers, never the last."""
        ...

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        """Put a take into the film: by the film's id, the scene's id, and the take's number."""
        ...

    async def buy(self, scenes: Sequence[str]) -> Answer:
        """Buy what is lacking for these scenes, or for all where none is named."""
        ...
