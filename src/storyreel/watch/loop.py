"""What a watch does when: a burst of events ends, the files are looked at, the board is read, the film is made.

What was written decides, never when: a file counts as changed where its bytes are not those of the last reading. One
reading at a time, and the newest wins: what is being made of an older one is given up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from storyreel.render.clock import Clock, MonotonicClock
from storyreel.watch.watcher import Watcher, folders_of

QUIET_S = 0.1
"""So long nothing may have happened before the files are looked at."""
LONGEST_S = 0.4
"""So long at most a burst is waited for: who saves ten times a second still sees something."""


class Reading(Protocol):
    """What one look at the project came to."""

    @property
    def files(self) -> Mapping[str, str | None]:
        """Every project path that was asked for, with the digest of what was read; None where there was nothing."""
        ...


R = TypeVar("R", bound=Reading)


class Work(Protocol[R]):
    """What the loop drives."""

    def read(self) -> R:
        """Read and compile; called in a thread."""
        ...

    def digest(self, path: str) -> str | None:
        """Of a file as it is now; None where nothing can be read. Called in a thread."""
        ...

    def show(self, reading: R) -> None:
        """Tell what was read; nothing is made yet."""
        ...

    async def make(self, reading: R) -> None:
        """Make the film of it. May be cancelled at any moment."""
        ...


@dataclass(slots=True)
class Burst:
    """When to act on events: when they have been quiet for a while, or have gone on for too long. Pure."""

    quiet_s: float = QUIET_S
    longest_s: float = LONGEST_S
    _first: float | None = field(default=None, init=False)
    _last: float = field(default=0.0, init=False)

    def touch(self, now: float) -> None:
        """Something happened."""
        self._first = now if self._first is None else self._first
        self._last = now

    @property
    def due(self) -> float | None:
        """The moment to act; None where nothing happened."""
        if self._first is None:
            return None
        return min(self._last + self.quiet_s, self._first + self.longest_s)

    def end(self) -> None:
        """It is acted upon: what comes now is another burst."""
        self._first = None


class Loop(Generic[R]):
    """`run` ends only by being cancelled, or by a fault of the work, which it raises."""

    def __init__(
        self,
        root: Path,
        work: Work[R],
        watcher: Watcher,
        clock: Clock | None = None,
        *,
        aside: Callable[[Callable[[], Any]], Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        """`aside` calls what takes a while, in a thread."""
        self._root = root
        self._aside = aside
        self._work = work
        self._watcher = watcher
        self._clock = clock or MonotonicClock()
        self._burst = Burst()
        self._touched = asyncio.Event()
        self._known: dict[str, str | None] = {}
        self._folders: frozenset[Path] = frozenset()
        self._is_forced = True
        self._is_deaf = False
        """True where a folder that is listened to may be another one by now."""
        self._watching: asyncio.Task[None] | None = None
        self._making: asyncio.Task[None] | None = None
        self._given_up: asyncio.Task[None] | None = None
        self.readings = 0

    def nudge(self) -> None:
        """Read once more though no file changed: there is another take, or another price."""
        self._is_forced = True
        self._touch()

    def wrote(self, path: str) -> None:
        """We have written this file ourselves, and what stands in it is no news."""
        if path in self._known:
            self._known[path] = self._work.digest(path)

    async def run(self) -> None:
        try:
            await self._turn()
            while True:
                await self._wait()
                if self._is_forced or await self._aside(self._is_changed):
                    await self._turn()
        finally:
            for task in (self._watching, self._making):
                if task is not None:
                    task.cancel()
            left = (self._watching, self._making, self._given_up)
            await asyncio.gather(*(task for task in left if task is not None), return_exceptions=True)

    async def _wait(self) -> None:
        """Until a burst of events is over; raises what went wrong with the work meanwhile."""
        while not self._touched.is_set():
            touched = asyncio.ensure_future(self._touched.wait())
            tasks = {task for task in (self._watching, self._making) if task is not None}
            try:
                await asyncio.wait({touched, *tasks}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                touched.cancel()
            if self._making is not None and self._making.done():
                self._making.result()
                self._making = None
            if self._watching is not None and self._watching.done():
                self._watching.result()
        while (due := self._burst.due) is not None and (left := due - self._clock.now()) > 0:
            await self._clock.sleep(left)
        self._touched.clear()
        self._burst.end()
        if self._is_deaf or self._folders != self._wanted():
            await self._listen()

    async def _turn(self) -> None:
        """Read, show and begin to make; what is being made of an older reading is given up."""
        self._is_forced = False
        old, self._making = self._making, None
        self._given_up = old
        if old is not None:
            old.cancel()
        reading: R = await self._aside(self._work.read)
        self.readings += 1
        self._known = dict(reading.files)
        self._work.show(reading)
        if old is not None:
            (gone,) = await asyncio.gather(asyncio.shield(old), return_exceptions=True)
            self._given_up = None
            if isinstance(gone, Exception):
                raise gone
        if self._watching is None or self._is_deaf or self._folders != self._wanted():
            await self._listen()
        self._making = asyncio.create_task(self._work.make(reading))

    def _is_changed(self) -> bool:
        return any(self._work.digest(path) != digest for path, digest in self._known.items())

    def _wanted(self) -> frozenset[Path]:
        return frozenset(folder for folder in folders_of(self._root, self._known) if folder.is_dir())

    async def _listen(self) -> None:
        """Listen to the folders of the last reading. What changed before it was listened to is found by looking."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        self._folders, self._is_deaf = self._wanted(), False
        self._watching = asyncio.create_task(self._follow(self._folders))

    async def _follow(self, folders: frozenset[Path]) -> None:
        async with aclosing(self._watcher.changes(folders)) as told:
            async for paths in told:
                self._is_deaf = self._is_deaf or bool(paths & folders)
                self._touch()

    def _touch(self) -> None:
        self._burst.touch(self._clock.now())
        self._touched.set()
