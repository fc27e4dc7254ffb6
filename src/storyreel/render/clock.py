"""Time as purchases see it, and a twin that ticks at once."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


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
    """The twin: sleeping advances it and takes no time."""

    def __init__(self, epoch: float = 0.0) -> None:
        self._now = 0.0
        self._epoch = epoch

    def now(self) -> float:
        return self._now

    def wall(self) -> float:
        return self._epoch + self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds
        await asyncio.sleep(0)
