"""The first request of a run to a provider goes alone: what refuses us refuses one request, and not as many as fit."""

from __future__ import annotations

import asyncio
from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LONGEST_S = 10.0
"""Real seconds that others wait for the first answer."""


class Proof:
    """Whether a provider has dealt with us in this run."""

    def __init__(self) -> None:
        self._is_given = self._is_taken = False
        self._waiting: deque[Future[bool]] = deque()

    def give(self) -> None:
        """It has: from now on nobody waits for anybody."""
        self._is_given = True
        while self._waiting:
            self._call(is_first=False)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Until proof is given one is inside at a time; one that gets no answer holds up nobody for long."""
        is_first = await self._entered()
        try:
            yield
        finally:
            if is_first:
                self._leave()

    async def _entered(self) -> bool:
        if self._is_given:
            return False
        if not self._is_taken:
            self._is_taken = True
            return True
        mine: Future[bool] = get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            async with asyncio.timeout(LONGEST_S):
                return await mine
        except TimeoutError:
            return False
        except BaseException:
            if mine.done() and not mine.cancelled() and mine.result():
                self._leave()  # The place was handed over as its taker went away.
            raise

    def _leave(self) -> None:
        while self._waiting:
            if self._call(is_first=True):
                return
        self._is_taken = False

    def _call(self, *, is_first: bool) -> bool:
        mine = self._waiting.popleft()
        if mine.done():
            return False
        mine.set_result(is_first)
        return True
