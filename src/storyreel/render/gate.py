"""Who may download next: what its provider keeps for the shortest time."""

from __future__ import annotations

import heapq
import math
from asyncio import Future, get_running_loop
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Gate:
    """At most `places` are inside at once."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._order = count()
        self._waiting: list[tuple[float, int, Future[None]]] = []

    @asynccontextmanager
    async def inside(self, expires_at: float | None) -> AsyncIterator[None]:
        """Wait for a place; the earliest `expires_at` goes first, None last."""
        if self._free > 0:
            self._free -= 1
        else:
            mine = get_running_loop().create_future()
            heapq.heappush(self._waiting, (math.inf if expires_at is None else expires_at, next(self._order), mine))
            try:
                await mine
            except BaseException:
                if mine.done() and not mine.cancelled():
                    self._leave()  # The place was handed over as its taker went away.
                raise
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        while self._waiting:
            _, _, mine = heapq.heappop(self._waiting)
            if not mine.done():
                mine.set_result(None)
                return
        self._free += 1
