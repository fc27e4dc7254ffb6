"""One order from its intent to its bytes; what an earlier run has begun is gone on with, never begun again."""

from __future__ import annotations

from storyreel.providers.spec import Done, Failed, Reason, Unreachable, Uploaded
from storyreel.render.ask import Turned, ask, shut_off, turned_by
from storyreel.render.collect import collect
from storyreel.render.events import (
    TakeFailed,
    TakeKept,
    TakeParked,
    TakeRerouted,
    TakeReused,
    TakeUnaffordable,
    VoiceMade,
)
from storyreel.render.follow import follow
from storyreel.render.job import PaidJob
from storyreel.render.office import Left, Office
from storyreel.render.order import Order, Way
from storyreel.render.patience import Patience
from storyreel.render.reconcile import reconcile
from storyreel.render.store import TakeRecord
from storyreel.render.voices import VOICE_KEY, voices


class Purchase:
    """Buys one take. `patience` is how long what an earlier run left behind may make this one wait."""

    def __init__(self, office: Office, order: Order, patience: Patience | None = None) -> None:
        self._office = office
        self._order = order
        self._patience = patience or Patience(office.clock)
        self._slot: str | None = None
        self._began = office.clock.now()
        self._accepted_at: float | None = None

    async def run(self) -> bool:
        """True where the take is in the store now; what happened is told in events."""
        journal, order = self._office.journal, self._order
        try:
            job = journal.open_job(*order.ident)
            if job is not None and job.state == "unsent":
                journal.failed(job.number, "transient", "it was not sent before its run ended", self._office.now())
                job = None
            if job is not None:
                return await self._gone_on(job)
            if self._office.store.find(*order.ident) is not None:
                self._office.tell(TakeReused(*order.ident))
                return True
            job = await self._bought()
            return job is not None and await self._through(job)
        finally:
            self._release()

    async def _bought(self) -> PaidJob | None:
        """Ask one way after the other, until one has it or may have it."""
        ways = self._order.ways
        if not ways and self._patience.is_endless:
            self._office.tell(TakeFailed(*self._order.ident, "transient", "what stood for it has ended; run again"))
        for number, way in enumerate(ways):
            turned = await self._tried(way, has_other=number + 1 < len(ways))
            if isinstance(turned, PaidJob):
                return turned
            self._release()
            key, take = self._order.ident
            if turned.kind == "unaffordable":
                self._office.tell(TakeUnaffordable(key, take, turned.message))
                return None
            if turned.kind == "down" or number + 1 == len(ways):
                self._office.tell(TakeFailed(key, take, turned.reason, turned.message))
                return None
            self._office.tell(TakeRerouted(key, take, way.provider, ways[number + 1].provider, turned.message))
        return None

    async def _tried(self, way: Way, has_other: bool) -> PaidJob | Turned:
        """Gather, reserve and send, until the way's provider has it, may have it, or certainly has not."""
        office = self._office
        if (shut := shut_off(office, way.provider)) is not None:
            return shut
        made = await voices(office, self._order, way, lambda order: Purchase(office, order).run())
        if isinstance(made, Turned):
            return made
        await office.pace[way.provider].enter()
        self._slot = way.provider
        if (shut := shut_off(office, way.provider)) is not None:
            return shut
        gathered = await office.materials.gather(self._order, way, made)
        if isinstance(gathered, Failed):
            return turned_by(office, way.provider, gathered)
        if isinstance(gathered, Unreachable):
            office.stumbled(way.provider, gathered.message)
            return Turned("away", "transient", gathered.message)
        asked = await ask(office, self._order, way, gathered, has_other=has_other)
        if isinstance(asked, PaidJob) and asked.state == "accepted" and asked.run == office.run:
            self._accepted_at = office.clock.now()
        return asked

    async def _gone_on(self, job: PaidJob) -> bool:
        """An earlier run began it: go on with its own provider, whatever the order's ways say."""
        office = self._office
        if job.provider not in office.vendors:
            if self._patience.is_endless:
                message = f"{job.provider} may have it, and is not set up here"
                office.tell(TakeFailed(job.key, job.take, "credentials", message, is_open=True))
            return False
        if job.state == "submitting":
            job = office.journal.unknown(job.number, "its run ended before the answer came", office.now())
        if job.state != "parked":
            office.journal.takes_over(job.number, office.run)
            if self._slot is None:
                office.pace[job.provider].occupy()
                self._slot = job.provider
        return await self._through(job)

    async def _through(self, job: PaidJob) -> bool:
        """From wherever it stands to its end, or as far as this run can bring it."""
        office = self._office
        if job.run != office.run and job.state == "submitting":
            return await self._gone_on(job)
        if job.state in ("unknown", "parked"):
            settled = await reconcile(office, job, self._patience)
            if isinstance(settled, Left) or settled.state in ("unknown", "parked"):
                message = settled.message or "nobody can say whether its provider has it"
                if self._patience.is_endless or (isinstance(settled, PaidJob) and job.state != "parked"):
                    is_unknown = office.journal.job(job.number).state == "unknown"
                    office.tell(TakeParked(job.key, job.take, job.provider, message, is_unknown))
                return False
            job = settled
        if job.state in ("accepted", "ready"):
            return await self._delivered(job)
        if job.state == "failed":
            office.tell(TakeFailed(job.key, job.take, _reason(job), job.message or "it failed"))
        return False

    async def _delivered(self, job: PaidJob) -> bool:
        office = self._office
        if (record := await self._standing(job)) is not None:
            return record
        followed = await follow(office, job, self._patience, self._accepted_at)
        if not isinstance(followed, Done):
            return self._ended(job, followed)
        self._release()
        if job.key.startswith(VOICE_KEY):
            if followed.value is None:
                return self._ended(job, Left("internal", f"{job.provider} names no voice"))
            office.journal.keep_upload(job.key, job.provider, Uploaded(followed.value))
            office.reached("voice: kept")
            settled = office.journal.stored(job.number, None, followed.billed, office.now())
            office.tell(VoiceMade(job.key.removeprefix(VOICE_KEY), job.provider, settled.cost))
            return True
        collected = await collect(office, job, followed)
        if not isinstance(collected, TakeRecord):
            return self._ended(job, collected)
        return self._kept(job, collected)

    async def _standing(self, job: PaidJob) -> bool | None:
        """A run may end between keeping the bytes and saying so: then there is nothing to fetch."""
        office = self._office
        if job.key.startswith(VOICE_KEY):
            if office.journal.uploaded(job.key, job.provider, office.now()) is None:
                return None
            office.journal.stored(job.number, None, None, office.now())
            return True
        record = office.store.find(job.key, job.take)
        if record is None:
            return None
        office.journal.stored(job.number, record.digest, record.paid, office.now())
        return self._kept(job, record)

    def _kept(self, job: PaidJob, record: TakeRecord) -> bool:
        cost = self._office.journal.job(job.number).cost
        elapsed = self._office.clock.now() - self._began
        self._office.tell(TakeKept(job.key, job.take, record.digest, elapsed, job.provider, cost))
        return True

    def _ended(self, job: PaidJob, why: Failed | Left) -> bool:
        office = self._office
        if isinstance(why, Left):
            if why.reason in ("credentials", "quota"):
                office.shut(job.provider, why.reason, why.message)
            if self._patience.is_endless:
                office.tell(TakeFailed(job.key, job.take, why.reason, why.message, is_open=True))
            return False
        office.journal.failed(job.number, why.reason, why.message, office.now(), is_billed=why.is_billed)
        office.tell(TakeFailed(job.key, job.take, why.reason, why.message))
        return False

    def _release(self) -> None:
        if self._slot is not None:
            self._office.pace[self._slot].leave()
            self._slot = None


def _reason(job: PaidJob) -> Reason:
    known: tuple[Reason, ...] = (
        "refused", "invalid", "credentials", "quota", "transient", "internal", "canceled", "expired",
    )  # fmt: skip
    return next((reason for reason in known if reason == job.reason), "internal")
