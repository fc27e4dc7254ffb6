"""A finished take into the store: fetched, looked at, kept; nothing half stands under its name."""

from __future__ import annotations

import asyncio
from pathlib import Path

from storyreel.base.money import Usd
from storyreel.providers.spec import Done, Failed, Fetched, Unreachable
from storyreel.render.follow import OURS
from storyreel.render.job import PaidJob
from storyreel.render.office import Left, Office
from storyreel.render.store import TakeRecord

MOST_FETCHES = 6
MOST_REJECTED = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 30.0


async def collect(office: Office, job: PaidJob, done: Done) -> TakeRecord | Failed | Left:
    """Fetch the take, again where it comes broken. Left where it is none even then: it stays to be fetched.

    `expired` where the provider does not keep it any more.
    """
    rejected, wait, message = 0, FIRST_WAIT_S, "it did not arrive"
    for fetched in range(MOST_FETCHES):
        if fetched:
            await office.clock.sleep(office.spread(wait))
            wait = min(LONGEST_WAIT_S, wait * 2)
        async with office.downloads.inside(done.expires_at):
            began = office.clock.now()
            got = await _fetched(office, job, done)
            if isinstance(got, Path):
                return await _kept(office, job, done, got, office.clock.now() - began)
        if isinstance(got, Unreachable):
            message, wait = got.message, max(wait, got.retry_after or 0.0)
        elif isinstance(got, str):
            rejected, message = rejected + 1, got
            if rejected == MOST_REJECTED:
                break
        elif got.reason == "expired":
            fresh = await _asked_where(office, job)
            if not isinstance(fresh, Done) or fresh == done:
                return fresh if isinstance(fresh, Left) else got
            done = fresh
        else:
            return Left(got.reason, got.message)
    return Left("internal", f"{message}; {job.provider} still has it, run again to fetch it")


async def _fetched(office: Office, job: PaidJob, done: Done) -> Path | str | Failed | Unreachable:
    """The file where it is good, or the sentence on what is wrong with it."""
    out = office.store.part(job.claim)
    out.unlink(missing_ok=True)
    office.reached("download: leaving")
    got = await office.vendors[job.provider].fetch(done, out)
    office.reached("download: there")
    if not isinstance(got, Fetched):
        return got
    problem = await asyncio.to_thread(office.accept, job, out)
    if problem is not None:
        out.unlink(missing_ok=True)
        return problem
    office.reached("download: accepted")
    return out


async def _kept(office: Office, job: PaidJob, done: Done, out: Path, download_s: float) -> TakeRecord:
    remote = job.operation.id if job.operation is not None else None
    paid: Usd = job.reserved if done.billed is None else done.billed
    record = await asyncio.to_thread(office.store.keep, job.key, job.take, out, job.provider, remote, paid)
    office.journal.stored(job.number, record.digest, done.billed, office.now(), download_s)
    return record


async def _asked_where(office: Office, job: PaidJob) -> Done | Left | None:
    """Where it lies now; an address may have died before the file did."""
    assert job.operation is not None
    status = await office.vendors[job.provider].poll(job.operation)
    if isinstance(status, Done):
        return status
    if isinstance(status, Failed) and status.reason not in OURS:
        return None
    return Left("transient", f"{job.provider} cannot say where it lies; run again to fetch it")
