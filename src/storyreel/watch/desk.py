"""The stage that a watching loop feeds: it keeps what is newest, and tells the page when that changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Protocol

from storyreel.base.digest import digest_of
from storyreel.media.process import Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, TakeSource
from storyreel.plan.plan import Plan, PlannedFilm
from storyreel.watch.detail import ShownTake, scene_document
from storyreel.watch.gallery import Gallery
from storyreel.watch.now import Now, ShownReel
from storyreel.watch.revisions import Revisions
from storyreel.watch.spec import Answer, Compile, Document, FinishedReel, Media, Phase, Purse, StoredTake
from storyreel.watch.standing import InFlight
from storyreel.watch.state import board_document, film_document
from storyreel.watch.table import FileTable


class Actions(Protocol):
    """What the page may ask of whoever watches; names are those of the plan that is shown."""

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        """Write the choice into the lock."""
        ...

    async def buy(self, scenes: Sequence[str]) -> Answer:
        """Begin to buy, within the ceiling; all scenes where none is named."""
        ...


class Desk:
    """Implements `Stage`. To be fed in one event loop; each call shows at once."""

    def __init__(
        self,
        shelf: Shelf,
        folder: Path,
        actions: Actions,
        *,
        now: Callable[[], float] = time.monotonic,
        runner: Runner | None = None,
    ) -> None:
        """`folder` holds links to reels while this lives, and is emptied in the end."""
        self._actions = actions
        self._now = now
        self._revisions = Revisions()
        self._table = FileTable(folder)
        self._gallery = Gallery(shelf, self._table, self._revisions.bump, runner)
        self._flight = InFlight(now)
        self._compile = Compile("", "", None)
        self._plan: Plan | None = None
        self._changed: frozenset[str] = frozenset()
        self._phase: Phase = "reading"
        self._words = ""
        self._purse = Purse()
        self._usual: Mapping[str, float] = {}
        self._takes: dict[tuple[str, int], ShownTake] = {}
        self._ids: dict[str, str] = {}
        self._films: dict[str, PlannedFilm] = {}
        self._board: tuple[int, Document] = (0, {})

    # What is told by whoever watches.

    def compiled(self, found: Compile) -> None:
        """The board was read. With errors, the last plan and reel stay."""
        self._compile = found
        if found.plan is not None:
            self._plan = found.plan
            self._changed = found.changed
            self._ids = {film.name: _film_id(film.name) for film in found.plan.films}
            self._films = {self._ids[film.name]: film for film in found.plan.films}
            self._flight.forget()
            self._gallery.keep_only(self._ids)
        self._revisions.bump()

    def phase(self, phase: Phase, words: str = "") -> None:
        """What is being done now, and a sentence for it: `Drawing panels, 3 of 5`."""
        self._phase, self._words = phase, words
        self._revisions.bump()

    def tell(self, event: object) -> None:
        """An event of a render; what is of no matter here is left out."""
        if self._flight.tell(event):
            self._revisions.bump()

    def purse(self, purse: Purse) -> None:
        """What may be bought from the page, and what was spent."""
        self._purse = purse
        self._revisions.bump()

    def usual(self, seconds: Mapping[str, float]) -> None:
        """How long a take takes at each provider: the median, measured here."""
        self._usual = dict(seconds)
        self._revisions.bump()

    def takes(self, stored: Iterable[StoredTake]) -> None:
        """Every take of the board's keys that is here."""
        self._takes = {
            (one.key, one.take): ShownTake(one, self._table.add(one.file, one.digest, ".mp4")) for one in stored
        }
        self._gallery.takes(one.stored for one in self._takes.values())
        self._revisions.bump()

    async def reel(self, finished: FinishedReel, cut: Cut) -> None:
        """A reel stands: it is shown at once, its small pictures as they come. `cut` is what it was made from."""
        digest = await asyncio.to_thread(_digest, finished.file)
        copied = await asyncio.to_thread(self._table.add_copy, finished.file, digest)
        taken = {ident: one.stored.digest for ident, one in self._takes.items()}
        self._gallery.release()
        self._gallery.reel(finished.film, ShownReel(copied, cut), digest, taken, has_loop=len(self._films) > 1)
        self._revisions.bump()

    def hold(self) -> None:
        """Begin no small picture until `release`, or until a reel stands: something is waited for."""
        self._gallery.hold()

    def release(self) -> None:
        """Nothing is waited for: small pictures are made again."""
        self._gallery.release()

    async def settled(self) -> None:
        """Wait until every small picture is made."""
        await self._gallery.settled()

    async def close(self) -> None:
        """Let every follower go, and remove the links."""
        self._revisions.close()
        await self._gallery.close()
        self._table.close()

    # What the server asks.

    @property
    def is_buying_on(self) -> bool:
        return self._purse.is_open

    def state(self) -> Document:
        revision = self._revisions.number
        if self._board[0] != revision:  # A board may have thousands of films, and be open in many tabs.
            self._board = (revision, {**board_document(self._moment()), "revision": revision})
        return self._board[1]

    def film(self, film: str) -> Document | None:
        found = self._films.get(film)
        return None if found is None else film_document(found, self._moment())

    def scene(self, film: str, number: int) -> Document | None:
        found = self._films.get(film)
        if found is None or not 1 <= number <= len(found.cut.scenes):
            return None
        cut = found.cut.scenes[number - 1]
        keys = {part.key for scene in found.scenes if scene.id == cut.id for part in scene.parts}
        keys |= {
            source.key for source in cut.sources if isinstance(source, TakeSource)
        }  # A held take may be of old words.
        takes = [self._gallery.shown(one) for one in self._takes.values() if one.stored.key in keys]
        return scene_document(found, cut, takes, self._moment())

    def file(self, media: str) -> Media | None:
        return self._table.find(media)

    def revisions(self) -> AsyncGenerator[int, None]:
        return self._revisions.follow()

    async def pick(self, film: str, scene: str, take: int) -> Answer:
        found = self._films.get(film)
        if found is None or scene not in {one.id for one in found.scenes}:
            return Answer(False, "That scene is not in the film any more.")
        return await self._actions.pick(found.name, scene, take)

    async def buy(self, scenes: Sequence[str]) -> Answer:
        known = {scene.id for film in self._films.values() for scene in film.scenes}
        if not self.is_buying_on:
            return Answer(False, "Nothing is bought from here.")
        if self._compile.plan is None:
            return Answer(False, "The board has errors: nothing is bought from it.")
        if not known.issuperset(scenes):
            return Answer(False, "That scene is not in the film any more.")
        return await self._actions.buy(scenes)

    def _moment(self) -> Now:
        return Now(
            self._compile, self._plan, self._changed, self._phase, self._words, self._purse, self._now(),
            self._flight.doing, self._usual, self._gallery.reels, self._gallery.strips, self._ids,
        )  # fmt: skip


def _film_id(name: str) -> str:
    """Short, and safe in an address."""
    return digest_of(name.encode())[:16]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
