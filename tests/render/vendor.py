"""A paid provider in memory, and an office around it: a script says what comes of each POST, poll, upload and fetch."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of
from storyreel.base.money import Usd
from storyreel.media.shelf import MemoryShelf
from storyreel.providers.spec import (
    Done,
    Failed,
    Fetched,
    Job,
    Operation,
    Polled,
    Recovery,
    Started,
    Unreachable,
    Uploaded,
)
from storyreel.render.clock import TickingClock
from storyreel.render.events import Event
from storyreel.render.executor import Executor, Task
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.materials import Supplies, VoiceMaker
from storyreel.render.office import Office
from storyreel.render.order import FrameNeeded, Order, Way
from storyreel.render.points import Reached, nothing
from storyreel.render.store import MemoryStore, Store
from storyreel.render.terms import Terms

SMALL = 4096
"""Headroom for tests, of which there are many."""


class Studio:
    """Accepts everything and is done at the first look, but for what `starts`, `polls`, `uploads`, `fetches` say.

    Each of them is eaten up from the front; a start that is an exception is raised.
    """

    def __init__(self, clock: TickingClock, name: str = "studio", recovery: Recovery = "listed") -> None:
        self._clock = clock
        self._name = name
        self._recovery: Recovery = recovery
        self.starts: list[Started | None] = []
        self.polls: list[Polled] = []
        self.uploads: list[Uploaded | Failed | Unreachable] = []
        self.fetches: list[bytes | Failed | Unreachable] = []
        self.lists: list[tuple[Operation, ...] | Unreachable] = []
        self._jobs: dict[str, Job] = {}
        self.posted: list[Job] = []
        self.claims: list[str] = []
        self.accepted: list[tuple[str, Job, float]] = []
        self.uploaded: list[str] = []
        self.fetched: list[str] = []
        self.canceled: list[str] = []
        self.running = self.peak = 0
        self.hold: asyncio.Event | None = None
        """Where set, POSTs wait for it."""

    @property
    def name(self) -> str:
        return self._name

    @property
    def recovery(self) -> Recovery:
        return self._recovery

    async def start(self, job: Job, /, *, claim: str) -> Started:
        self.posted.append(job)
        self.claims.append(claim)
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(0)
        answer = self.starts.pop(0) if self.starts else None
        return self.accept(job) if answer is None else answer

    def accept(self, job: Job) -> Operation:
        """Take a job in."""
        self.accepted.append((f"{self.name}-{len(self.accepted) + 1}", job, self._clock.wall()))
        self._jobs[self.accepted[-1][0]] = job
        self.running += 1
        self.peak = max(self.peak, self.running)
        return self.ticket(job.endpoint, self.accepted[-1][0])

    async def poll(self, operation: Operation, /) -> Polled:
        await asyncio.sleep(0)
        if self.polls:
            return self.polls.pop(0)
        self.running -= 1
        job = self._jobs.get(str(operation.id))
        if job is not None and "voice_url" in job.body:
            return Done(value=f"voice from {job.body['voice_url']}")
        return Done(url=f"https://studio.test/{operation.id}")

    async def cancel(self, operation: Operation, /) -> None:
        self.canceled.append(str(operation.id))

    async def find(self, job: Job, /, *, since: float, until: float) -> tuple[Operation, ...] | Unreachable:
        await asyncio.sleep(0)
        if self.lists:
            return self.lists.pop(0)
        return tuple(
            self.ticket(one.endpoint, name)
            for name, one, at in self.accepted
            if one.body == job.body and since <= at <= until
        )

    def ticket(self, endpoint: str, job_id: str, /) -> Operation:
        return Operation(self.name, {"id": job_id})

    async def upload(self, file: Path, digest: str, /) -> Uploaded | Failed | Unreachable:
        self.uploaded.append(digest)
        await asyncio.sleep(0)
        return self.uploads.pop(0) if self.uploads else Uploaded(f"https://studio.test/files/{digest}")

    async def fetch(self, done: Done, out: Path, /) -> Fetched | Failed | Unreachable:
        await asyncio.sleep(0)
        self.fetched.append(str(done.url))
        answer = self.fetches.pop(0) if self.fetches else f"film {done.url}".encode()
        if isinstance(answer, bytes):
            out.write_bytes(answer)  # noqa: ASYNC240  # small
            return Fetched(len(answer))
        return answer

    async def close(self) -> None: ...


class Production:
    """A folder with a journal, a store, and providers; `buy` is one run."""

    def __init__(self, folder: Path, *names: str, recovery: Recovery = "listed") -> None:
        self.folder = folder
        self.clock = TickingClock(1_000_000.0)
        self.vendors = {name: Studio(self.clock, name, recovery) for name in names or ("studio",)}
        self.terms: Mapping[str, Terms] = {}
        self.journal = Journal(folder / "journal.db", headroom=SMALL)
        self.store: Store = MemoryStore(folder)
        self.reached: Reached = nothing
        self.shelf = MemoryShelf(folder / "shelf")
        self.ceiling: Usd | None = None
        self.accept: Callable[[PaidJob, Path], str | None] = lambda job, file: None
        self.stills: list[FrameNeeded | Fraction] = []
        self.office = self.open()

    @property
    def journal(self) -> Journal:
        return self._journal

    @journal.setter
    def journal(self, journal: Journal) -> None:
        """It is closed when nobody has the production any more."""
        self._journal = journal
        weakref.finalize(self, journal.close)

    @property
    def studio(self) -> Studio:
        return next(iter(self.vendors.values()))

    def open(self) -> Office:
        """A new run."""
        self.office = Office(
            journal=self.journal,
            vendors=self.vendors,
            terms=self.terms,
            store=self.store,
            supplies=self.supplies,
            accept=lambda job, file: self.accept(job, file),
            ceiling=self.ceiling,
            clock=self.clock,
            reached=self.reached,
            draw=lambda: 0.5,
        )
        return self.office

    @property
    def supplies(self) -> Supplies:
        voices = {name: VoiceMaker("studio/voice", "https://studio.test/voice", Usd("0.02")) for name in self.vendors}
        return Supplies(lambda path: self.folder / path, self._still, self.shelf, voices)

    def buy(self, *works: Order | Task) -> list[Event]:
        return asyncio.run(self.bought(*works))

    async def bought(self, *works: Order | Task) -> list[Event]:
        executor = Executor({}, self.store, lambda job, file: None, {}, self.clock, self.open())
        return [event async for event in executor.run(works)]

    def states(self) -> list[str]:
        return [job.state for job in self.journal.jobs()]

    def asset(self, name: str, data: bytes) -> dict[str, str]:
        (self.folder / name).write_bytes(data)
        return {digest_of(data): name}

    async def _still(self, film: Path, which: FrameNeeded | Fraction, out: Path) -> None:
        self.stills.append(which)
        out.write_bytes(b"\x89PNG " + film.read_bytes()[:30])  # noqa: ASYNC240  # small


def key_of(name: str) -> str:
    return digest_of(name.encode())


def way(name: str, provider: str = "studio", body: Mapping[str, Any] | None = None, **more: Any) -> Way:
    given = {"price": Usd("0.50"), **more}
    return Way(
        provider, f"{provider}/film", f"https://{provider}.test", "json", {"prompt": name, **(body or {})}, **given
    )


def order(name: str, *ways: Way, take: int = 1, frames: Sequence[FrameNeeded] = ()) -> Order:
    needed = {f"frame:{frame.key}:{frame.take}": frame for frame in frames}
    return Order(key_of(name), take, name, 5, ways or (way(name),), needed)
