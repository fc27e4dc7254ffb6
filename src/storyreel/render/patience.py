"""How long a purchase may make its run wait."""

from __future__ import annotations

import asyncio

from storyreel.render.clock import Clock


class Patience:
    """What was asked for is waited for; what an earlier run left behind only until `ends` is set."""

    def __init__(self, clock: Clock, ends: asyncio.Event | None = None) -> None:
        self._clock = clock
        self._ends = ends

    @property
    def is_endless(self) -> bool:
        return self._ends is None

    async def wait(self, seconds: float) -> bool:
        """False where there is nothing to wait for any more."""
        if self._ends is None:
            await self._clock.sleep(seconds)
            return True
        if self._ends.is_set():
            return False
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        ending = asyncio.ensure_future(self._ends.wait())
        try:
            await asyncio.wait({sleeping, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            ending.cancel()
            await asyncio.gather(sleeping, ending, return_exceptions=True)
        return not self._ends.is_set()
