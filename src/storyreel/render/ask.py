"""One way to a take: reserved, sent, and sent again while nothing was accepted, for certain."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from storyreel.providers.spec import Failed, NotSent, Reason
from storyreel.render.events import TakeStarted
from storyreel.render.job import Intent, PaidJob
from storyreel.render.journal import AlreadyOpen, CeilingReached
from storyreel.render.materials import Gathered
from storyreel.render.office import Office
from storyreel.render.order import Order, Way
from storyreel.render.submit import submit

MOST_TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0
THROTTLED_WAIT_S = 5.0
THROTTLED_S = 1800.0
"""So long one order lets itself be put off."""


@dataclass(frozen=True, slots=True)
class Turned:
    """Nothing was accepted at this way, for certain."""

    kind: Literal["away", "down", "unaffordable"]
    """`away`: another may be asked; `down`: nobody is."""
    reason: Reason
    message: str


async def ask(office: Office, order: Order, way: Way, gathered: Gathered, *, has_other: bool) -> PaidJob | Turned:
    """Send until the provider has it, may have it, or certainly has not; the caller holds one of its slots.

    `has_other`: there is another way, so that a provider in trouble is not waited for.
    """
    clock = office.clock
    job: PaidJob | None = None
    tries, wait, began = 0, FIRST_WAIT_S, clock.now()
    while True:
        async with office.proof[way.provider].alone():
            turned = await _waited(office, way.provider, has_other)
            if turned is not None:
                return _withdrawn(office, job, turned)
            if job is None:
                reserved = _reserved(office, order, way, gathered)
                if isinstance(reserved, Turned) or reserved.run != office.run:
                    return reserved
                job = reserved
            else:
                job = office.journal.attempt(job.number, office.now())
            sent = await submit(office, job, gathered.files)
            job, answer = sent.job, sent.answer
            if isinstance(answer, Failed):
                refused = turned_by(office, way.provider, answer)
                if answer.reason not in ("credentials", "quota"):
                    office.proof[way.provider].give()
                return refused
            office.proof[way.provider].give()
        if not isinstance(answer, NotSent):
            _noted(office, job)
            return job
        if answer.is_throttled:
            office.pause(way.provider, answer.retry_after or THROTTLED_WAIT_S, answer.message)
        else:
            tries += 1
            office.stumbled(way.provider, answer.message)
        if tries == MOST_TRIES or clock.now() - began > THROTTLED_S:
            return _withdrawn(office, job, Turned("away", "transient", answer.message))
        if not answer.is_throttled:
            await clock.sleep(max(office.spread(wait), answer.retry_after or 0.0))
            wait = min(LONGEST_WAIT_S, wait * 2)


def shut_off(office: Office, provider: str) -> Turned | None:
    """Why the provider is not asked in this run, where it is not."""
    circuit = office.circuit.get(provider)
    if circuit is None:
        return Turned("away", "credentials", f"{provider} is not set up here")
    return None if circuit.shut is None else Turned("away", circuit.shut.reason, circuit.shut.message)


def turned_by(office: Office, provider: str, failed: Failed) -> Turned:
    """What a refusal means: only one that is not about the words may be tried elsewhere."""
    if failed.reason in ("credentials", "quota"):
        office.shut(provider, failed.reason, failed.message)
    is_elsewhere = failed.reason in ("credentials", "quota", "transient", "internal") and not failed.is_billed
    return Turned("away" if is_elsewhere else "down", failed.reason, failed.message)


async def _waited(office: Office, provider: str, has_other: bool) -> Turned | None:
    """Wait until the provider may be asked; a turning away where it may not be at all."""
    circuit = office.circuit[provider]
    while True:
        if (shut := shut_off(office, provider)) is not None:
            return shut
        if has_other and circuit.is_resting:
            return Turned("away", "transient", f"{provider} keeps failing and is left alone for a while")
        rest = circuit.rest()
        if rest == 0:
            break
        await office.clock.sleep(rest)
    await office.pace[provider].turn()
    return shut_off(office, provider)


def _reserved(office: Office, order: Order, way: Way, gathered: Gathered) -> PaidJob | Turned:
    claim = f"{order.key.rpartition(':')[2][:16]}-{order.take}-{secrets.token_hex(8)}"
    intent = Intent(
        order.key, order.take, way.provider, way.endpoint, order.scene, claim, office.run, way.url, way.encoding,
        gathered.body, way.price, order.seconds, gathered.assets,
    )  # fmt: skip
    try:
        job = office.journal.reserve(intent, office.ceiling, office.now())
    except CeilingReached as reached:
        return Turned("unaffordable", "quota", str(reached))
    except AlreadyOpen:
        found = office.journal.open_job(*order.ident)
        return found or Turned("down", "transient", "another process has just finished it; run again")
    office.tell(TakeStarted(order.key, order.take, way.provider))
    return job


def _noted(office: Office, job: PaidJob) -> None:
    if job.state == "accepted":
        office.circuit[job.provider].succeeded()
    else:
        office.stumbled(job.provider, job.message or "its answer did not arrive")


def _withdrawn(office: Office, job: PaidJob | None, turned: Turned) -> Turned:
    if job is not None and job.state == "unsent":
        office.journal.failed(job.number, turned.reason, turned.message, office.now())
    return turned
