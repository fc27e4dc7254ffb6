"""How fast one provider is asked: its slots, its pauses, its rate."""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import deque

from storyreel.render.clock import Clock
from storyreel.render.terms import Terms


class Pace:
    """Whoever `enter`s holds a slot until `leave`; `turn` waits until the next start may leave."""

    def __init__(self, terms: Terms, clock: Clock) -> None:
        self._free = max(1, terms.concurrency)
        self._gap = 1.0 / terms.rate if terms.rate else 0.0
        self._clock = clock
        self._waiting: deque[Future[None]] = deque()
        self._paused_until = self._next_at = clock.now()

    async def enter(self) -> None:
        """Wait for a slot, first come, first served."""
        if self._free > 0:
            self._free -= 1
            return
        mine = get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            await mine
        except BaseException:
            if mine.done() and not mine.cancelled():
                self.leave()  # The slot was handed over as its taker went away.
            raise

    def occupy(self) -> None:
        """Take a slot though none may be free: for a job that is under way there already."""
        self._free -= 1

    def leave(self) -> None:
        self._free += 1
        while self._waiting and self._free > 0:
            mine = self._waiting.popleft()
            if not mine.done():
                self._free -= 1
                mine.set_result(None)

    def pause(self, seconds: float) -> bool:
        """Nobody starts before so many seconds have passed; False where a longer pause holds already."""
        until = self._clock.now() + seconds
        if until <= self._paused_until:
            return False
        self._paused_until = until
        return True

    async def turn(self) -> None:
        """Wait out the pause and the rate."""
        while (wait := self._paused_until - self._clock.now()) > 0:
            await self._clock.sleep(wait)
        if not self._gap:
            return
        now = self._clock.now()
        at = max(now, self._next_at)
        self._next_at = at + self._gap
        if at > now:
            await self._clock.sleep(at - now)
