"""Time as purchases see it, and a twin that ticks at once."""

from __future__ import annotations

import asyncio
import heapq
import time
from itertools import count
from typing import Protocol

QUIET_TURNS = 8
"""So many turns of the loop pass before time does: whoever is about to do something has done it."""


class Clock(Protocol):
    def now(self) -> float:
        """Monotonic seconds: every length is measured with it."""
        ...

    def wall(self) -> float:
        """Seconds since the epoch: for people, for what providers keep, and for their lists."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class MonotonicClock:
    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class TickingClock:
    """The twin: time passes only while everybody sleeps, and then at once, to whoever wakes first."""

    def __init__(self, epoch: float = 0.0) -> None:
        self._now = 0.0
        self._epoch = epoch
        self._order = count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._ticks_in: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._epoch + self._now

    def set(self, seconds: float) -> None:
        """Set the wall clock so much later; time itself goes on as it was."""
        self._epoch += seconds

    async def sleep(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        mine = loop.create_future()
        heapq.heappush(self._sleepers, (self._now + max(0.0, seconds), next(self._order), mine))
        if self._ticks_in is not loop:
            self._ticks_in = loop
            loop.call_soon(self._tick, loop, QUIET_TURNS)
        await mine

    def _tick(self, loop: asyncio.AbstractEventLoop, turns: int) -> None:
        if turns:
            loop.call_soon(self._tick, loop, turns - 1)
            return
        self._sleepers = [entry for entry in self._sleepers if not entry[2].done()]
        heapq.heapify(self._sleepers)
        if not self._sleepers:
            self._ticks_in = None
            return
        self._now = max(self._now, self._sleepers[0][0])
        while self._sleepers and self._sleepers[0][0] <= self._now:
            heapq.heappop(self._sleepers)[2].set_result(None)
        loop.call_soon(self._tick, loop, QUIET_TURNS)
