"""Makes what a plan lacks: draws and buys takes within bounds, keeps each as it arrives, tells what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from storyreel.providers.spec import Job, Provider
from storyreel.render.clock import Clock, MonotonicClock
from storyreel.render.drawing import Drawing
from storyreel.render.events import Event, TakeFailed
from storyreel.render.office import Office
from storyreel.render.order import Ident, Order
from storyreel.render.patience import Patience
from storyreel.render.purchase import Purchase
from storyreel.render.store import Store
from storyreel.render.voices import VOICE_KEY


@dataclass(frozen=True, slots=True)
class Task:
    """One take to draw here; `needs` are takes that must be in the store first (frames of other scenes)."""

    job: Job
    provider: str
    needs: frozenset[Ident] = field(default=frozenset())

    @property
    def ident(self) -> Ident:
        return (self.job.key, self.job.take)


Work = Task | Order
Events = asyncio.Queue[Event | None]


class Executor:
    """Runs tasks and orders side by side: of tasks at most `concurrency[provider]`, of orders what their terms say.

    `accept` looks at a drawn file and returns what is wrong with it, or None. Without an office nothing is bought.
    """

    def __init__(
        self,
        providers: Mapping[str, Provider],
        store: Store,
        accept: Callable[[Job, Path], str | None],
        concurrency: Mapping[str, int],
        clock: Clock | None = None,
        office: Office | None = None,
    ) -> None:
        self._drawing = Drawing(providers, store, accept, clock or MonotonicClock())
        self._slots = {name: asyncio.Semaphore(max(1, concurrency.get(name, 1))) for name in providers}
        self._office = office
        self._workers: set[asyncio.Task[None]] = set()
        self._is_stopped = False

    def stop(self) -> None:
        """Begin nothing new: POSTs that have left are waited for and recorded, then `run` ends by itself."""
        self._is_stopped = True
        for worker in self._workers:
            worker.cancel()

    async def run(self, works: Sequence[Work]) -> AsyncGenerator[Event, None]:
        """Yield events as they happen, until every take is kept or failed; closing it early cancels what is left.

        What an earlier run has bought and not fetched is fetched along.
        """
        events: Events = asyncio.Queue()
        wanted = {work.ident: work for work in works}
        finished = {ident: asyncio.get_running_loop().create_future() for ident in wanted}
        settled = asyncio.Event()
        if self._office is not None:
            self._office.listen(events.put_nowait)
        workers = [asyncio.create_task(self._one(work, finished, events)) for work in wanted.values()]
        behind = [asyncio.create_task(self._behind(order, settled)) for order in self._left_behind(wanted)]
        self._workers = {*workers, *behind}
        if self._is_stopped:
            self.stop()

        async def close() -> None:
            await asyncio.gather(*workers, return_exceptions=True)
            settled.set()
            await asyncio.gather(*behind, return_exceptions=True)
            if self._office is not None:
                await self._office.close()
            events.put_nowait(None)

        closer = asyncio.create_task(close())
        try:
            while (event := await events.get()) is not None:
                yield event
            for worker in (*workers, *behind):
                if not worker.cancelled():
                    worker.result()  # A bug in an adapter, or a machine that fails, is raised here, not lost.
        finally:
            for worker in (*workers, *behind):
                worker.cancel()
            await closer

    def _left_behind(self, wanted: Mapping[Ident, Work]) -> list[Order]:
        """What earlier runs have begun and nobody asks for. A voice waits for who needs it, a parked job for a person.

        Whatever was being sent when its run ended is in doubt from now on, whoever goes on with it.
        """
        if self._office is None:
            return []
        journal, found = self._office.journal, []
        for job in journal.jobs(open_only=True):
            if job.state == "submitting" and job.run != self._office.run:
                journal.unknown(job.number, "its run ended before the answer came", self._office.now())
            is_ours = job.ident in wanted or job.key.startswith(VOICE_KEY)
            if not is_ours and job.state not in ("parked", "unsent"):
                found.append(Order(job.key, job.take, job.scene, job.seconds, ()))
        return found

    async def _behind(self, order: Order, settled: asyncio.Event) -> None:
        assert self._office is not None
        with self._stopping_all():
            await Purchase(self._office, order, Patience(self._office.clock, settled)).run()

    async def _one(self, work: Work, finished: Mapping[Ident, asyncio.Future[bool]], events: Events) -> None:
        is_kept = False
        try:
            with self._stopping_all():
                if await self._can_begin(work, finished):
                    is_kept = await self._made(work, events)
                else:
                    message = "the scene whose last frame it starts from was not made"
                    events.put_nowait(TakeFailed(*work.ident, "invalid", message))
        finally:
            if not finished[work.ident].done():
                finished[work.ident].set_result(is_kept)

    async def _can_begin(self, work: Work, finished: Mapping[Ident, asyncio.Future[bool]]) -> bool:
        """Wait for the takes that it needs; what is bought already needs nothing any more."""
        if isinstance(work, Order) and self._office is not None:
            standing = self._office.journal.open_job(*work.ident)
            if standing is not None and standing.state != "unsent":
                return True
        for need in sorted(work.needs):
            if need in finished and not await asyncio.shield(finished[need]):
                return False
        return True

    async def _made(self, work: Work, events: Events) -> bool:
        if isinstance(work, Order):
            assert self._office is not None, "orders need an office"
            return await Purchase(self._office, work).run()
        async with self._slots[work.provider]:
            return await self._drawing.draw(work.job, work.provider, events.put_nowait)

    @contextmanager
    def _stopping_all(self) -> Iterator[None]:
        """A fault ends the whole run: nothing is bought beside it."""
        try:
            yield
        except Exception:
            for worker in self._workers - {asyncio.current_task()}:
                worker.cancel()
            raise
