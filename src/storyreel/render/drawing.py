"""One take that is drawn on this machine, from its start to the store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from storyreel.providers.spec import Done, Failed, Job, Operation, Pending, Provider, Unreachable
from storyreel.render.clock import Clock
from storyreel.render.events import Event, TakeFailed, TakeKept, TakeProgressed, TakeStarted
from storyreel.render.store import Store

FIRST_POLL_S, POLL_GROWTH, LONGEST_POLL_S = 0.5, 1.5, 15.0


class Drawing:
    """`accept` looks at a finished file and returns what is wrong with it, or None."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        store: Store,
        accept: Callable[[Job, Path], str | None],
        clock: Clock,
    ) -> None:
        self._providers, self._store = providers, store
        self._accept, self._clock = accept, clock

    async def draw(self, job: Job, provider: str, tell: Callable[[Event], None]) -> bool:
        """True where the take is in the store now."""
        began = self._clock.now()
        tell(TakeStarted(job.key, job.take, provider))
        file = await self._finished(job, self._providers[provider], tell)
        if isinstance(file, Failed):
            tell(TakeFailed(job.key, job.take, file.reason, file.message))
            return False
        problem = self._accept(job, file)
        if problem is not None:
            file.unlink(missing_ok=True)
            tell(TakeFailed(job.key, job.take, "internal", problem))
            return False
        record = await asyncio.to_thread(self._store.keep, job.key, job.take, file, provider)
        tell(TakeKept(job.key, job.take, record.digest, self._clock.now() - began, provider))
        return True

    async def _finished(self, job: Job, provider: Provider, tell: Callable[[Event], None]) -> Path | Failed:
        started = await provider.start(job, claim=f"{job.key}-{job.take}")
        if isinstance(started, Failed):
            return started
        if not isinstance(started, Operation):
            return Failed("transient", started.message)
        wait = FIRST_POLL_S
        while True:
            status = await provider.poll(started)
            if isinstance(status, Done):
                return status.file or Failed("internal", "the provider named no file")
            if isinstance(status, Failed):
                return status
            if isinstance(status, Pending) and status.progress is not None:
                tell(TakeProgressed(job.key, job.take, status.progress))
            asked_for = status.retry_after if isinstance(status, (Pending, Unreachable)) else None
            await self._clock.sleep(max(wait, asked_for or 0.0))
            wait = min(LONGEST_POLL_S, wait * POLL_GROWTH)
