"""Work that several wait for is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _UnderWay:
    task: asyncio.Task[Any]
    waiting: int = 0


class Once(Generic[T]):
    """Callers with the same key share one piece of work while it is under way; it stops when the last one leaves."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, _UnderWay] = {}
        self._left: set[asyncio.Task[Any]] = set()

    async def get(self, key: Hashable, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        entry = self._under_way.get(key)
        if entry is None:
            entry = self._under_way[key] = _UnderWay(asyncio.create_task(make()))
        entry.waiting += 1
        try:
            return await asyncio.shield(entry.task)
        finally:
            entry.waiting -= 1
            if entry.waiting == 0:
                self._under_way.pop(key, None)
                if not entry.task.done():
                    entry.task.cancel()
                    self._left.add(entry.task)

    async def close(self) -> None:
        """Wait for what was left: a purchase that is cancelled still records its answer."""
        await asyncio.gather(*self._left, return_exceptions=True)
        self._left.clear()
