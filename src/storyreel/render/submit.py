"""One POST: it leaves once, and its answer is recorded even where whoever waited for it has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storyreel.providers.spec import Failed, NotSent, Operation, Started
from storyreel.render.events import TakeAccepted, TakeOrphaned
from storyreel.render.job import PaidJob
from storyreel.render.journal import AlreadyOwned, IdOrphaned
from storyreel.render.office import Office, wire

LAST_WORD_S = 30.0
"""So long a cancelled run waits for the answer to a POST that has left."""
ABOUT_THE_WORDS = frozenset({"refused", "invalid"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What the provider said, and the job as it stands since."""

    job: PaidJob
    answer: Started


async def submit(office: Office, job: PaidJob, files: Mapping[str, Path], *, is_again: bool = False) -> Sent:
    """Send a job whose departure is in the journal, once, and record the answer before anything else.

    `is_again`: an earlier POST under this claim is still in doubt; only acceptance or a word on the words settles it.
    Raises IdOrphaned where the journal could not take the id.
    """
    sending = asyncio.create_task(_send(office, job, files, is_again))
    try:
        return await asyncio.shield(sending)
    except asyncio.CancelledError:
        await _last_word(sending)
        raise


async def _last_word(sending: asyncio.Task[Sent]) -> None:
    """Whoever asks for it twice does not wait."""
    try:
        await asyncio.wait({sending}, timeout=LAST_WORD_S)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _send(office: Office, job: PaidJob, files: Mapping[str, Path], is_again: bool) -> Sent:
    office.reached("submission: leaving")
    began = office.clock.now()
    try:
        answer = await office.vendors[job.provider].start(wire(job, files), claim=job.claim)
    except Exception:
        # A bug in an adapter: it is raised, and what became of the POST is in doubt.
        office.journal.unknown(job.number, "the answer was lost in a fault of this program", office.now())
        raise
    submit_s = office.clock.now() - began
    office.reached("submission: answered")
    return Sent(_recorded(office, job, answer, submit_s, is_again), answer)


def _recorded(office: Office, job: PaidJob, answer: Started, submit_s: float, is_again: bool) -> PaidJob:
    journal, number, now = office.journal, job.number, office.now()
    if isinstance(answer, Operation):
        try:
            accepted = journal.accepted(number, answer, now, submit_s)
        except AlreadyOwned:
            message = f"{job.provider} answered with a job that another take has already"
            return journal.failed(number, "internal", message, now)
        except IdOrphaned as orphaned:
            office.tell(TakeOrphaned(job.key, job.take, job.provider, answer.id, str(orphaned)))
            raise
        office.tell(TakeAccepted(job.key, job.take, job.provider, answer.id))
        return accepted
    if isinstance(answer, Failed):
        if is_again and answer.reason not in ABOUT_THE_WORDS:
            return journal.unknown(number, answer.message, now, is_unsent=True)
        return journal.failed(number, answer.reason, answer.message, now, is_billed=answer.is_billed)
    if isinstance(answer, NotSent):
        if is_again:
            return journal.unknown(number, answer.message, now, is_unsent=True)
        return journal.unsent(number, answer.message, now)
    return journal.unknown(number, answer.message, now)
