"""One order from its intent to its bytes; what an earlier run has begun is gone on with, never begun again."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from storyreel.providers.spec import Done, Failed, NotSent, Reason, Unreachable, Uploaded
from storyreel.render.collect import collect
from storyreel.render.events import (
    TakeFailed,
    TakeKept,
    TakeParked,
    TakeRerouted,
    TakeReused,
    TakeStarted,
    TakeUnaffordable,
    VoiceMade,
)
from storyreel.render.follow import follow
from storyreel.render.job import Intent, PaidJob
from storyreel.render.journal import AlreadyOpen, CeilingReached
from storyreel.render.materials import VOICE, Gathered, voices_of
from storyreel.render.office import Left, Office
from storyreel.render.order import Order, Way
from storyreel.render.patience import Patience
from storyreel.render.reconcile import reconcile
from storyreel.render.store import TakeRecord
from storyreel.render.submit import submit

MOST_TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
THROTTLED_WAIT_S = 5.0
THROTTLED_S = 1800.0
"""So long one order lets itself be put off."""
VOICE_KEY = "voice:"


@dataclass(frozen=True, slots=True)
class _Turned:
    """Nothing was accepted at this way, for certain."""

    kind: Literal["away", "down", "unaffordable"]
    """`away`: another may be asked; `down`: nobody is."""
    reason: Reason
    message: str


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

    async def _tried(self, way: Way, has_other: bool) -> PaidJob | _Turned:
        """Gather, reserve and send, until the way's provider has it, may have it, or certainly has not."""
        if (shut := self._shut(way)) is not None:
            return shut
        voices = await self._voices(way)
        if isinstance(voices, _Turned):
            return voices
        await self._take_slot(way.provider)
        if (shut := self._shut(way)) is not None:
            return shut
        gathered = await self._office.materials.gather(self._order, way, voices)
        if isinstance(gathered, Failed):
            return self._turned(way, gathered)
        if isinstance(gathered, Unreachable):
            self._office.stumbled(way.provider, gathered.message)
            return _Turned("away", "transient", gathered.message)
        return await self._sent(way, gathered, has_other)

    async def _sent(self, way: Way, gathered: Gathered, has_other: bool) -> PaidJob | _Turned:
        office, clock = self._office, self._office.clock
        job: PaidJob | None = None
        tries, wait, began = 0, FIRST_WAIT_S, clock.now()
        while True:
            turned = await self._turn(way, has_other)
            if turned is not None:
                return self._withdrawn(job, turned)
            if job is None:
                reserved = self._reserved(way, gathered)
                if isinstance(reserved, _Turned) or reserved.state != "submitting" or reserved.run != office.run:
                    return reserved
                job = reserved
            else:
                job = office.journal.attempt(job.number, office.now())
            sent = await submit(office, job, gathered.files)
            job = sent.job
            if isinstance(sent.answer, Failed):
                return self._turned(way, sent.answer)
            if not isinstance(sent.answer, NotSent):
                if job.state == "accepted":
                    office.circuit[way.provider].succeeded()
                    self._accepted_at = clock.now()
                else:
                    office.stumbled(way.provider, job.message or "its answer did not arrive")
                return job
            if sent.answer.is_throttled:
                office.pause(way.provider, sent.answer.retry_after or THROTTLED_WAIT_S, sent.answer.message)
            else:
                tries += 1
                office.stumbled(way.provider, sent.answer.message)
            if tries == MOST_TRIES or clock.now() - began > THROTTLED_S:
                return self._withdrawn(job, _Turned("away", "transient", sent.answer.message))
            if not sent.answer.is_throttled:
                await clock.sleep(max(office.spread(wait), sent.answer.retry_after or 0.0))
                wait = min(LONGEST_WAIT_S, wait * 2)

    async def _turn(self, way: Way, has_other: bool) -> _Turned | None:
        """Wait until the provider may be asked; a turning away where it may not be at all."""
        circuit = self._office.circuit[way.provider]
        while True:
            if (shut := self._shut(way)) is not None:
                return shut
            if has_other and circuit.is_resting:
                return _Turned("away", "transient", f"{way.provider} keeps failing and is left alone for a while")
            rest = circuit.rest()
            if rest == 0:
                break
            await self._office.clock.sleep(rest)
        await self._office.pace[way.provider].turn()
        return self._shut(way)

    def _reserved(self, way: Way, gathered: Gathered) -> PaidJob | _Turned:
        office, order = self._office, self._order
        claim = f"{order.key.rpartition(':')[2][:16]}-{order.take}-{secrets.token_hex(8)}"
        intent = Intent(
            order.key, order.take, way.provider, way.endpoint, order.scene, claim, office.run, way.url, way.encoding,
            gathered.body, way.price, order.seconds, gathered.assets,
        )  # fmt: skip
        try:
            job = office.journal.reserve(intent, office.ceiling, office.now())
        except CeilingReached as reached:
            return _Turned("unaffordable", "quota", str(reached))
        except AlreadyOpen:
            found = office.journal.open_job(*order.ident)
            return found or _Turned("down", "transient", "another process has just finished it; run again")
        office.tell(TakeStarted(order.key, order.take, way.provider))
        return job

    def _withdrawn(self, job: PaidJob | None, turned: _Turned) -> _Turned:
        if job is not None and job.state == "unsent":
            self._office.journal.failed(job.number, turned.reason, turned.message, self._office.now())
        return turned

    def _turned(self, way: Way, failed: Failed) -> _Turned:
        if failed.reason in ("credentials", "quota"):
            self._office.shut(way.provider, failed.reason, failed.message)
        is_elsewhere = failed.reason in ("credentials", "quota", "transient", "internal") and not failed.is_billed
        return _Turned("away" if is_elsewhere else "down", failed.reason, failed.message)

    def _shut(self, way: Way) -> _Turned | None:
        circuit = self._office.circuit.get(way.provider)
        if circuit is None:
            return _Turned("away", "credentials", f"{way.provider} is not set up here")
        return None if circuit.shut is None else _Turned("away", circuit.shut.reason, circuit.shut.message)

    async def _voices(self, way: Way) -> Mapping[str, str] | _Turned:
        """Every voice that the body names, made from its sample where that was not done before."""
        office, made = self._office, {}
        for placeholder in voices_of(way.body):
            digest = placeholder.removeprefix(VOICE)
            if digest not in way.assets:
                continue
            known = office.journal.uploaded(VOICE_KEY + digest, way.provider, office.now())
            if known is None:
                order = self._voice_order(way, digest)
                if order is None:
                    return _Turned("away", "invalid", f"{way.provider} makes no voices from samples")
                known = await office.voices.get((way.provider, digest), lambda order=order: _voice(office, order))  # type: ignore[misc]  # bound at once
            if known is None:
                return _Turned("down", "invalid", "the voice that it needs was not made")
            made[placeholder] = known
        return made

    def _voice_order(self, way: Way, digest: str) -> Order | None:
        maker = self._office.materials.supplies.voices.get(way.provider)
        if maker is None:
            return None
        body = {"voice_url": f"asset:sha256:{digest}"}
        only = Way(
            way.provider, maker.endpoint, maker.url, maker.encoding, body, maker.price, {digest: way.assets[digest]}
        )
        return Order(VOICE_KEY + digest, 1, self._order.scene, 0, (only,))

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
                    office.tell(TakeParked(job.key, job.take, job.provider, message))
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

    async def _take_slot(self, provider: str) -> None:
        await self._office.pace[provider].enter()
        self._slot = provider

    def _release(self) -> None:
        if self._slot is not None:
            self._office.pace[self._slot].leave()
            self._slot = None


async def _voice(office: Office, order: Order) -> str | None:
    """Buy a voice like any take; its id is what is kept."""
    await Purchase(office, order).run()
    return office.journal.uploaded(order.key, order.ways[0].provider, office.now())


def _reason(job: PaidJob) -> Reason:
    known: tuple[Reason, ...] = (
        "refused", "invalid", "credentials", "quota", "transient", "internal", "canceled", "expired",
    )  # fmt: skip
    return next((reason for reason in known if reason == job.reason), "internal")
