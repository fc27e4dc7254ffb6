"""What all purchases of a run share: the journal, the providers and their terms, and who goes first."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.base.money import Usd
from storyreel.providers.spec import Job, Reason, Vendor
from storyreel.render.circuit import Circuit
from storyreel.render.clock import Clock, MonotonicClock
from storyreel.render.events import Event, ProviderPaused, ProviderShut
from storyreel.render.gate import Gate
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.materials import Materials, Supplies
from storyreel.render.once import Once
from storyreel.render.pace import Pace
from storyreel.render.points import Reached, nothing
from storyreel.render.proof import Proof
from storyreel.render.store import Store
from storyreel.render.terms import Terms

DOWNLOADS = 4
LONGEST_PAUSE_S = 600.0


@dataclass(frozen=True, slots=True)
class Polling:
    """How long to wait between looks at a job, in seconds; each wait differs by up to `jitter` of itself."""

    first: float = 1.0
    growth: float = 1.5
    longest: float = 15.0
    jitter: float = 0.2

    def after(self, wait: float) -> float:
        """The wait that follows a wait."""
        return min(self.longest, wait * self.growth)


@dataclass(frozen=True, slots=True)
class Left:
    """This run can do no more for a job that is open at its provider."""

    reason: Reason
    message: str


class Office:
    """`accept` says in a sentence what is wrong with a fetched file, or None; it is called in a thread.

    `ceiling` bounds in US dollars what this run has spent and all that is open; None: no bound. `run` names
    the process.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        vendors: Mapping[str, Vendor],
        terms: Mapping[str, Terms],
        store: Store,
        supplies: Supplies,
        accept: Callable[[PaidJob, Path], str | None],
        ceiling: Usd | None = None,
        run: str | None = None,
        clock: Clock | None = None,
        polling: Polling | None = None,
        reached: Reached = nothing,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.journal, self.vendors, self.store = journal, vendors, store
        self.accept, self.ceiling = accept, ceiling
        self.run = run or secrets.token_hex(8)
        self.clock = clock or MonotonicClock()
        self.polling = polling or Polling()
        self.reached = reached
        self.terms = {name: terms.get(name, Terms()) for name in vendors}
        self.pace = {name: Pace(self.terms[name], self.clock) for name in vendors}
        self.circuit = {name: Circuit(self.clock) for name in vendors}
        self.proof = {name: Proof() for name in vendors}
        self.downloads = Gate(DOWNLOADS)
        self.voices: Once[str | None] = Once()
        self._listener: Callable[[Event], None] = lambda _: None
        self.materials = Materials(journal, vendors, store, supplies, self.clock, self.tell, reached)
        self._draw = draw

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Events go to `listener` from now on."""
        self._listener = listener

    def tell(self, event: Event) -> None:
        self._listener(event)

    def now(self) -> float:
        """Wall time, as the journal notes it."""
        return self.clock.wall()

    def spread(self, seconds: float) -> float:
        """A wait, a little longer or shorter, so that many do not wake at once."""
        return seconds * (1.0 + self.polling.jitter * (2.0 * self._draw() - 1.0))

    def pause(self, provider: str, seconds: float, message: str) -> None:
        """All starts at the provider wait."""
        seconds = min(LONGEST_PAUSE_S, max(0.0, seconds))
        if self.pace[provider].pause(seconds):
            self.tell(ProviderPaused(provider, seconds, message))

    def shut(self, provider: str, reason: Reason, message: str) -> None:
        """The provider is not asked again in this run."""
        if self.circuit[provider].close(reason, message):
            self.tell(ProviderShut(provider, reason, message))

    def stumbled(self, provider: str, message: str) -> None:
        """The provider did not take a request, or may not have."""
        if self.circuit[provider].failed(message):
            self.tell(ProviderShut(provider, "transient", message))

    async def close(self) -> None:
        """Wait for shared work that nobody waits for any more, and hang up; a later run begins anew."""
        await self.voices.close()
        await self.materials.close()
        for vendor in self.vendors.values():
            await vendor.close()


def wire(job: PaidJob, files: Mapping[str, Path]) -> Job:
    """The job as its adapter takes it."""
    return Job(job.key, job.take, job.endpoint, job.body, job.assets, job.url, job.encoding, files)
