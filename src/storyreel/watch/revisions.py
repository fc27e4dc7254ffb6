"""A number that grows with every change, for any number of followers: each sees the newest, none holds up another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator


class Revisions:
    """To be used in one event loop."""

    def __init__(self) -> None:
        self.number = 1
        self._is_closed = False
        self._waiting: set[asyncio.Event] = set()

    def bump(self) -> None:
        """Something changed."""
        self.number += 1
        self._wake()

    def close(self) -> None:
        """Nothing more will change: followers come to their end."""
        self._is_closed = True
        self._wake()

    async def follow(self) -> AsyncGenerator[int, None]:
        """The number now, then after each change; those between are left out for who comes late."""
        changed = asyncio.Event()
        self._waiting.add(changed)
        try:
            while not self._is_closed:
                yield self.number
                await changed.wait()
                changed.clear()
        finally:
            self._waiting.discard(changed)

    def _wake(self) -> None:
        for changed in self._waiting:
            changed.set()
