"""What became of a POST that nobody can answer for: asked with the same key, looked up, or left to a person."""

from __future__ import annotations

from storyreel.providers.spec import Failed, NotSent, Operation, Unreachable
from storyreel.render.events import ChargeDoubted, TakeAccepted, TakeOrphaned, TakeUnknown
from storyreel.render.job import PaidJob
from storyreel.render.journal import AlreadyOwned, IdOrphaned
from storyreel.render.office import Left, Office, wire
from storyreel.render.patience import Patience
from storyreel.render.submit import submit
from storyreel.render.vain import Vain

KEY_LIVES_S = 24 * 3600.0
"""So long a provider that takes keys knows one."""
SKEW_S = 900.0
"""A provider's clock may differ by so much from ours: a job is looked for so long before and after its departure."""
POST_LASTS_S = 120.0
"""A provider may accept a body so long after it began to leave."""
MOST_ASKED = 10
"""So often one run asks in vain before it leaves the job to the next one."""
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
LOOK_WAIT_S = 2.0
MOST_RESENT = 4
"""So often one run tries to send a job that counts as absent, where it is put off each time."""
"""No list shows in its first second what has only just been sent."""


async def reconcile(office: Office, job: PaidJob, patience: Patience) -> PaidJob | Left:
    """Settle an unknown job; a parked one is looked for once more. It never pays twice without the terms saying so.

    The job is then accepted, failed or parked; Left where this run cannot tell, and the next one goes on.
    """
    office.reached("reconcile: begun")
    if job.state == "unknown":
        office.tell(TakeUnknown(job.key, job.take, job.provider, job.message or "its answer did not arrive"))
    match office.vendors[job.provider].recovery:
        case "keyed":
            return await _asked_again(office, job, patience)
        case "listed":
            return await _looked_up(office, job, patience)
        case "blind":
            return _park(office, job, f"{job.provider} may have accepted it, and has no list to look it up in")


async def _asked_again(office: Office, job: PaidJob, patience: Patience) -> PaidJob | Left:
    """Send the same bytes under the same key: whoever has them answers with the job that stands."""
    wait, vain = FIRST_WAIT_S, Vain(office, job)
    for asked in range(MOST_ASKED):
        if job.state == "parked":
            return job
        if office.now() - job.intent_at >= KEY_LIVES_S:
            return _park(office, job, f"{job.provider} may have accepted it, and its key is too old to ask again")
        # What an earlier run has left is asked for at once, what has just gone wrong after a moment.
        if (asked or job.run == office.run) and not await patience.wait(office.spread(wait)):
            break
        files = office.materials.files(job.body, job.assets)
        if isinstance(files, Failed):
            return Left(files.reason, files.message)
        await office.pace[job.provider].turn()
        sent = await submit(office, office.journal.attempt(job.number, office.now()), files, is_again=True)
        job = sent.job
        if job.state != "unknown":
            return job
        if isinstance(sent.answer, Failed) and sent.answer.reason in ("credentials", "quota"):
            office.shut(job.provider, sent.answer.reason, sent.answer.message)
            break
        vain.note(job.message or "its answer did not arrive")
        asked_for = sent.answer.retry_after if isinstance(sent.answer, NotSent) else None
        wait = max(min(LONGEST_WAIT_S, wait * 2), asked_for or 0.0)
    return Left("transient", f"{job.provider} cannot say whether it has it; run again to ask again")


async def _looked_up(office: Office, job: PaidJob, patience: Patience) -> PaidJob | Left:
    """Look until it is seen, or until it would have been."""
    vendor, terms = office.vendors[job.provider], office.terms[job.provider]
    failures, resent, wait = 0, 0, LOOK_WAIT_S
    departed, vain = _Departed(office, job), Vain(office, job)
    while True:
        office.reached("reconcile: looking")
        elapsed = departed.ago()
        since, until = job.intent_at - SKEW_S, job.posted_at + SKEW_S
        found = await vendor.find(wire(job, {}), since=since, until=until)
        if isinstance(found, Unreachable):
            failures += 1
            vain.note(found.message)
            if failures >= MOST_ASKED:
                return Left("transient", f"{found.message}; run again to look it up again")
            wait = max(wait, found.retry_after or 0.0)
        # What is on its way may be what was found: whose it is shows when that answer is recorded.
        elif not office.journal.is_sending(job.number):
            failures = 0
            vain.end()
            if (seen := _seen(office, job, found)) is not None:
                return seen
            if job.state == "parked":
                return job
            if elapsed >= terms.list_delay:
                office.reached("reconcile: absent")
                if terms.resubmit != "absent" or job.posts > 1:
                    message = f"{job.provider} does not list it after {terms.list_delay:.0f} s, and may still have it"
                    return _park(office, job, message)
                sent = await _sent_once_more(office, job)
                if isinstance(sent, Left) or sent.state != "unknown":
                    return sent
                resent += 1
                if resent == MOST_RESENT:
                    return Left("transient", f"{sent.message or job.provider}; run again to send it again")
                job, departed = sent, _Departed(office, sent)
        left = terms.list_delay - departed.ago()
        delay = office.spread(wait) if left <= 0 else min(office.spread(wait), left)
        if not await patience.wait(max(0.05, delay)):
            return Left("transient", f"{job.provider} does not list it yet; run again to look it up again")
        wait = min(LONGEST_WAIT_S, wait * 1.5)


class _Departed:
    """Seconds since a job's body has left: by the clock that does not jump, where this run has sent it.

    What an earlier run has sent had left when this one began to look.
    """

    def __init__(self, office: Office, job: PaidJob) -> None:
        self._office = office
        self._began = office.clock.now()
        self._posted_at = None if job.run == office.run else job.posted_at

    def ago(self) -> float:
        here = self._office.clock.now() - self._began
        return here if self._posted_at is None else max(here, self._office.now() - self._posted_at - POST_LASTS_S)


async def _sent_once_more(office: Office, job: PaidJob) -> PaidJob | Left:
    files = office.materials.files(job.body, job.assets)
    if isinstance(files, Failed):
        return Left(files.reason, files.message)
    await office.pace[job.provider].turn()
    sent = await submit(office, office.journal.attempt(job.number, office.now()), files, is_again=True)
    if isinstance(sent.answer, Failed) and sent.answer.reason in ("credentials", "quota"):
        office.shut(job.provider, sent.answer.reason, sent.answer.message)
        return Left(sent.answer.reason, sent.answer.message)
    return sent.job


def _seen(office: Office, job: PaidJob, found: tuple[Operation, ...]) -> PaidJob | None:
    """The oldest job that nobody has is ours: jobs with one body are as good as each other."""
    owned = office.journal.owned(job.provider)
    free = [operation for operation in found if operation.id is not None and operation.id not in owned]
    if not free:
        return None
    office.reached("reconcile: seen")
    ours, others = free[0], free[1:]
    try:
        adopted = office.journal.accepted(job.number, ours, office.now(), how="adopted")
    except AlreadyOwned:
        return None  # Another process was faster: it is looked for again.
    except IdOrphaned as orphaned:
        office.tell(TakeOrphaned(job.key, job.take, job.provider, ours.id, str(orphaned)))
        raise
    office.tell(TakeAccepted(job.key, job.take, job.provider, ours.id))
    if len(others) > office.journal.twins(job.number):
        ids = tuple(str(operation.id) for operation in others)
        message = f"{job.provider} has {len(others)} more with these very words: {', '.join(ids)}; they may be charged"
        office.tell(ChargeDoubted(job.key, job.take, job.provider, ids, message))
    return adopted


def _park(office: Office, job: PaidJob, message: str) -> PaidJob:
    return job if job.state == "parked" else office.journal.parked(job.number, message, office.now())
