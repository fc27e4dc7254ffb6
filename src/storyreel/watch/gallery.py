"""Makes the small pictures of reels and takes beside everything else, the newest first, and keeps what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from fractions import Fraction
from typing import Any

from storyreel.base.digest import digest_of
from storyreel.base.timebase import Range
from storyreel.media.failed import MediaFailed
from storyreel.media.probe import probe
from storyreel.media.process import Processes, Runner
from storyreel.media.shelf import Shelf
from storyreel.plan.cut import Cut, CutScene, TakeSource
from storyreel.stitch.together import together
from storyreel.watch.detail import ShownTake
from storyreel.watch.now import ShownReel, ShownStrip
from storyreel.watch.pictures import Strip, loop, strip, wave
from storyreel.watch.spec import StoredTake
from storyreel.watch.table import FileTable

_AT_ONCE = 2


class Gallery:
    """`changed` is called whenever there is more to see. A picture that cannot be made is simply not there."""

    def __init__(self, shelf: Shelf, table: FileTable, changed: Callable[[], None], runner: Runner | None) -> None:
        self.reels: dict[str, ShownReel] = {}
        self.strips: dict[tuple[str, str], ShownStrip] = {}
        self._shelf, self._table, self._changed = shelf, table, changed
        self._runner = runner or Processes(is_patient=True)
        self._of_takes: dict[str, ShownStrip] = {}
        self._work: dict[str, asyncio.Task[None]] = {}
        self._going: set[asyncio.Task[None]] = set()
        """All work that is not over: what was given up still ends its program."""
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._is_free = asyncio.Event()
        self._is_free.set()
        self._before: dict[str, str] = {}

    def reel(
        self, film: str, shown: ShownReel, digest: str, taken: Mapping[tuple[str, int], str], *, has_loop: bool
    ) -> None:
        """Show a reel, and make its pictures. The reel before it is kept for who is still playing it."""
        old = self.reels.get(film)
        if old is not None and old.id == shown.id:
            shown = replace(shown, wave=old.wave, loop=old.loop, poster=old.poster)
        elif old is not None:
            # The loop and the sound's shape of the reel before stand until there are new ones.
            shown = replace(shown, wave=old.wave, loop=old.loop, poster=old.poster)
            self._before[film] = old.id
        self.reels[film] = shown
        self._table.keep_only({one.id for one in self.reels.values()} | set(self._before.values()))
        self._begin(f"reel {film}", self._of_reel(film, shown, digest, taken, has_loop=has_loop))

    def takes(self, stored: Iterable[StoredTake]) -> None:
        """Make strips of takes that have none yet."""
        wanted = [one for one in stored if one.digest not in self._of_takes]
        if wanted:
            self._begin("takes", self._strips_of(wanted))

    def shown(self, take: ShownTake) -> ShownTake:
        """The take with its strip, where that is made."""
        return replace(take, strip=self._of_takes.get(take.stored.digest))

    def hold(self) -> None:
        """Begin no picture until `release`: something is being made that is waited for."""
        self._is_free.clear()

    def release(self) -> None:
        """Go on."""
        self._is_free.set()

    def keep_only(self, films: Collection[str]) -> None:
        """Forget films that the board does not have any more."""
        for film in set(self.reels) - set(films):
            del self.reels[film]
            self._before.pop(film, None)
            if (task := self._work.pop(f"reel {film}", None)) is not None:
                task.cancel()

    async def settled(self) -> None:
        while pending := [task for task in self._work.values() if not task.done()]:
            await asyncio.gather(*pending, return_exceptions=True)

    async def close(self) -> None:
        for task in self._work.values():
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    @asynccontextmanager
    async def _slot(self) -> AsyncGenerator[None, None]:
        async with self._slots:
            await self._is_free.wait()
            yield

    def _begin(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """The newest work of a name takes the place of the one before."""
        if (old := self._work.get(name)) is not None:
            old.cancel()
        self._work[name] = task = asyncio.create_task(work)
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _of_reel(
        self, film: str, shown: ShownReel, digest: str, taken: Mapping[tuple[str, int], str], *, has_loop: bool
    ) -> None:
        media = self._table.find(shown.id)
        if media is None:
            return
        cut = shown.cut
        with suppress(MediaFailed):
            async with self._slot():
                heard = await wave(media.file, digest, self._shelf, self._runner)
            self._show(film, shown.id, wave=None if heard is None else self._table.add(heard[0], heard[1]))
        await together(self._of_scene(film, scene, cut, shown.id, taken) for scene in cut.scenes)
        if not has_loop:
            return
        with suppress(MediaFailed):
            async with self._slot():
                file, key = await loop(media.file, digest, self._shelf, self._runner)
            middle = Fraction(cut.frames) / cut.rate * 2 / 5
            still = await self._strip(media.file, f"poster {digest}", middle, Fraction(1, 2), cut)
            poster = self._table.add(still.file, still.key, ".jpg")
            self._show(film, shown.id, loop=self._table.add(file, key, ".mp4"), poster=poster)

    async def _of_scene(
        self, film: str, scene: CutScene, cut: Cut, reel: str, taken: Mapping[tuple[str, int], str]
    ) -> None:
        media = self._table.find(reel)
        if media is None:
            return
        # The frame in the middle of a dissolve shows two scenes; a strip is of one, and begins behind it.
        start = (scene.at.start + scene.transition.overlap // 2) / cut.rate
        with suppress(MediaFailed):
            made = await self._strip(
                media.file, _identity(scene, cut, taken), start, scene.at.end / cut.rate - start, cut
            )
            shown = self._shown_strip(made)
            if self.strips.get((film, scene.id)) != shown:
                self.strips[film, scene.id] = shown
                self._changed()

    async def _strips_of(self, stored: Iterable[StoredTake]) -> None:
        for one in stored:
            with suppress(MediaFailed, OSError):
                facts = await asyncio.to_thread(probe, one.file)
                if facts is None or not facts.seconds or not facts.width or not facts.height:
                    continue
                shape = Fraction(facts.width, facts.height)
                async with self._slot():
                    made = await strip(
                        one.file, one.digest, Fraction(0), facts.seconds, shape, self._shelf, self._runner
                    )
                self._of_takes[one.digest] = self._shown_strip(made)
                self._changed()

    async def _strip(self, film: Any, identity: str, start: Fraction, seconds: Fraction, cut: Cut) -> Strip:
        async with self._slot():
            return await strip(
                film, identity, start, seconds, Fraction(cut.width, cut.height), self._shelf, self._runner
            )

    def _shown_strip(self, made: Strip) -> ShownStrip:
        return ShownStrip(self._table.add(made.file, made.key, ".jpg"), made.tiles, made.width, made.height)

    def _show(self, film: str, reel: str, **more: str | None) -> None:
        """Add what was made of a reel, if it is still the one that is shown."""
        shown = self.reels.get(film)
        if shown is not None and shown.id == reel:
            self.reels[film] = replace(shown, **more)  # type: ignore[arg-type]
            self._changed()


def _identity(scene: CutScene, cut: Cut, taken: Mapping[tuple[str, int], str]) -> str:
    """Of what a scene looks like, wherever it stands: its takes by their bytes."""
    placed = replace(scene, at=Range(0, scene.at.length), number=0)
    bytes_of = [taken.get((source.key, source.take)) for source in scene.sources if isinstance(source, TakeSource)]
    return digest_of(repr((placed, bytes_of, cut.width, cut.height, cut.rate, cut.captions, cut.watermark)).encode())
