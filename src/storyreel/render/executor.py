"""Makes what a plan lacks: starts and polls takes within bounds, keeps each as it arrives, tells what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.providers.spec import Done, Failed, Job, Operation, Pending, Provider
from storyreel.render.clock import Clock, MonotonicClock
from storyreel.render.events import Event, TakeFailed, TakeKept, TakeProgressed, TakeStarted
from storyreel.render.store import Store

FIRST_POLL_S = 0.0
POLL_GROWTH = 1.5
LONGEST_POLL_S = 15.0

Ident = tuple[str, int]
"""A request key and a take number."""


@dataclass(frozen=True, slots=True)
class Task:
    """One take to make; `needs` are takes that must be in the store first (frames of other scenes)."""

    job: Job
    provider: str
    needs: frozenset[Ident] = field(default=frozenset())

    @property
    def ident(self) -> Ident:
        return (self.job.key, self.job.take)


class Executor:
    """Runs tasks side by side, at most `concurrency[provider]` of each provider at a time.

    `accept` looks at a finished file and returns what is wrong with it, or None.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        store: Store,
        accept: Callable[[Job, Path], str | None],
        concurrency: Mapping[str, int],
        clock: Clock | None = None,
    ) -> None:
        self._providers = providers
        self._store = store
        self._accept = accept
        self._slots = {name: asyncio.Semaphore(max(1, concurrency.get(name, 1))) for name in providers}
        self._clock = clock or MonotonicClock()

    async def run(self, tasks: Sequence[Task]) -> AsyncIterator[Event]:
        """Yield events as they happen, until every task is kept or failed; closing it early cancels what is left."""
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        finished = {task.ident: asyncio.get_running_loop().create_future() for task in tasks}
        workers = [asyncio.create_task(self._one(task, finished, events)) for task in tasks]

        async def close() -> None:
            await asyncio.gather(*workers, return_exceptions=True)
            events.put_nowait(None)

        closer = asyncio.create_task(close())
        try:
            while (event := await events.get()) is not None:
                yield event
            for worker in workers:
                worker.result()  # A bug in an adapter is raised here, not lost.
        finally:
            for worker in workers:
                worker.cancel()
            await closer

    async def _one(
        self, task: Task, finished: Mapping[Ident, asyncio.Future[bool]], events: asyncio.Queue[Event | None]
    ) -> None:
        key, take = task.ident
        is_kept = False
        try:
            for need in sorted(task.needs):
                if need in finished and not await asyncio.shield(finished[need]):
                    message = "the scene whose last frame it starts from was not made"
                    events.put_nowait(TakeFailed(key, take, "invalid", message))
                    return
            async with self._slots[task.provider]:
                is_kept = await self._make(task, events)
        finally:
            if not finished[task.ident].done():
                finished[task.ident].set_result(is_kept)

    async def _make(self, task: Task, events: asyncio.Queue[Event | None]) -> bool:
        key, take = task.ident
        provider = self._providers[task.provider]
        began = self._clock.now()
        events.put_nowait(TakeStarted(key, take, task.provider))
        operation = await provider.start(task.job, claim=f"{key}-{take}")
        if isinstance(operation, Failed):
            events.put_nowait(TakeFailed(key, take, operation.reason, operation.message))
            return False
        if not isinstance(operation, Operation):
            events.put_nowait(TakeFailed(key, take, "transient", operation.message))
            return False
        wait = FIRST_POLL_S
        while True:
            status = await provider.poll(operation)
            if isinstance(status, Done):
                break
            if isinstance(status, Failed):
                events.put_nowait(TakeFailed(key, take, status.reason, status.message))
                return False
            if isinstance(status, Pending):
                self._tell(task, status, events)
            wait = min(LONGEST_POLL_S, max(0.5, wait * POLL_GROWTH))
            await self._clock.sleep(wait)
        if status.file is None:
            events.put_nowait(TakeFailed(key, take, "internal", "the provider named no file"))
            return False
        problem = self._accept(task.job, status.file)
        if problem is not None:
            status.file.unlink(missing_ok=True)
            events.put_nowait(TakeFailed(key, take, "internal", problem))
            return False
        record = await asyncio.to_thread(self._store.keep, key, take, status.file, task.provider)
        events.put_nowait(TakeKept(key, take, record.digest, self._clock.now() - began))
        return True

    @staticmethod
    def _tell(task: Task, status: Pending, events: asyncio.Queue[Event | None]) -> None:
        if status.progress is not None:
            events.put_nowait(TakeProgressed(*task.ident, status.progress))
