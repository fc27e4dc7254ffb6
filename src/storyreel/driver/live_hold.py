"""The project, held while anything of a watch works in it: panels being cut and takes being bought share it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

from storyreel.render.clock import Clock
from storyreel.render.hold import HeldByAnother, hold

RETRY_S = 1.0


class SharedHold:
    """`waiting` is told who has the project, each time that it is asked for in vain."""

    def __init__(self, folder: Path, clock: Clock, waiting: Callable[[str], None]) -> None:
        self._folder, self._clock, self._waiting = folder, clock, waiting
        self._users = 0
        self._held = ExitStack()

    @asynccontextmanager
    async def held(self) -> AsyncGenerator[None, None]:
        """Hold the project while the block runs; waits, as long as it takes, while another process has it."""
        while not self._users:
            try:
                self._held.enter_context(hold(self._folder, "watch"))
                break
            except HeldByAnother as other:
                self._waiting(str(other))
            await self._clock.sleep(RETRY_S)
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._held.close()
