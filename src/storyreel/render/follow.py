"""An accepted job until there is something to fetch. It is never bought again for being slow."""

from __future__ import annotations

from dataclasses import replace

from storyreel.providers.redact import redact, words_of
from storyreel.providers.spec import Done, Failed, Pending, Polled, Unreachable
from storyreel.render.events import TakeProgressed, TakeQueued
from storyreel.render.job import PaidJob
from storyreel.render.office import LONGEST_PAUSE_S, Left, Office
from storyreel.render.patience import Patience
from storyreel.render.vain import Vain

OURS = frozenset({"credentials", "quota"})
"""Reasons that say something of us and nothing of the job."""


async def follow(
    office: Office, job: PaidJob, patience: Patience, accepted_at: float | None = None
) -> Done | Failed | Left:
    """Look again and again, until it is done or has failed, or until this run has waited long enough.

    `accepted_at`: monotonic time of its acceptance, where that was in this run; its parts are then measured.
    """
    assert job.operation is not None
    vendor, terms = office.vendors[job.provider], office.terms[job.provider]
    began, wait = office.clock.now(), office.polling.first
    begun_at: float | None = None
    queue_s: float | None = None
    was_queued = False
    message, vain = "it is still being made", Vain(office, job)
    if accepted_at is not None and not await patience.wait(office.spread(wait)):
        return Left("transient", message)
    while True:
        office.reached("poll: leaving")
        status = _unquoted(job, await vendor.poll(job.operation))
        office.reached("poll: answered")
        asked_for = 0.0
        if isinstance(status, Done):
            if job.state == "accepted":
                since = begun_at if begun_at is not None else accepted_at
                generate_s = None if since is None else office.clock.now() - since
                office.journal.ready(job.number, status.expires_at, office.now(), generate_s, queue_s)
            return status
        if isinstance(status, Failed):
            return Left(status.reason, status.message) if status.reason in OURS else status
        if isinstance(status, Unreachable):
            asked_for, message = status.retry_after or 0.0, status.message
            vain.note(message)
        elif isinstance(status, Pending):
            asked_for, message = status.retry_after or 0.0, "it is still being made"
            vain.end()
            _tell(office, job, status, was_queued)
            if was_queued and not status.is_queued and accepted_at is not None:
                begun_at = office.clock.now()
                queue_s = begun_at - accepted_at
            was_queued = status.is_queued
        delay = max(office.spread(wait), min(LONGEST_PAUSE_S, asked_for))
        if office.clock.now() + delay - began > terms.deadline or not await patience.wait(delay):
            return Left("transient", f"{job.provider} has it ({message}); run again to go on waiting, it costs nothing")
        wait = office.polling.after(wait)


def _unquoted(job: PaidJob, status: Polled) -> Polled:
    """A provider may repeat the words of the request when it says what is wrong; a ticket does not know them."""
    if isinstance(status, Failed | Unreachable):
        return replace(status, message=redact(status.message, words_of(job.body)))
    return status


def _tell(office: Office, job: PaidJob, status: Pending, was_queued: bool) -> None:
    if status.is_queued and not was_queued:
        office.tell(TakeQueued(job.key, job.take))
    if status.progress is not None:
        office.tell(TakeProgressed(job.key, job.take, status.progress))
