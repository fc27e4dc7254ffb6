"""Where a person looks at paid jobs and decides what a program must not: adopt, send again, forget, cancel."""

from __future__ import annotations

from collections.abc import Mapping

from storyreel.providers.spec import Done, Failed, Operation, Pending, Unreachable, Vendor
from storyreel.render.clock import Clock
from storyreel.render.job import PaidJob, State
from storyreel.render.journal import AlreadyOwned, Journal
from storyreel.render.materials import Supplies
from storyreel.render.office import Office
from storyreel.render.points import Reached, nothing
from storyreel.render.store import Store
from storyreel.render.submit import submit

IN_DOUBT: tuple[State, ...] = ("parked", "unknown", "submitting")
AT_PROVIDER: tuple[State, ...] = ("accepted", "ready")


class NotAtDesk(Exception):
    """It cannot be done; `str()` says why."""


class Desk:
    """A KEY may be the beginning of one, if it is the only one; `take` tells takes of one key apart.

    The caller holds the project: what was being sent is then in nobody's hands.
    """

    def __init__(
        self,
        journal: Journal,
        vendors: Mapping[str, Vendor],
        store: Store,
        supplies: Supplies,
        clock: Clock | None = None,
        reached: Reached = nothing,
    ) -> None:
        self._office = Office(
            journal=journal,
            vendors=vendors,
            terms={},
            store=store,
            supplies=supplies,
            accept=lambda job, file: None,  # Nothing is fetched at the desk.
            clock=clock,
            reached=reached,
        )
        self._journal = journal

    def listed(self, *, is_all: bool = False) -> tuple[PaidJob, ...]:
        """Open jobs, or all of them, in the order of their intents."""
        return self._journal.jobs(open_only=not is_all)

    def find(self, key: str, take: int | None = None) -> PaidJob:
        """The job that a person means, an open one before one that has ended; raises NotAtDesk."""
        found = [job for job in self._journal.jobs() if job.key.startswith(key) and take in (None, job.take)]
        found = [job for job in found if job.key == key] or found
        idents = {job.ident for job in found if job.is_open} or {job.ident for job in found}
        if not idents:
            raise NotAtDesk(f"no job begins with {key}" + (f" and has take {take}" if take is not None else ""))
        if len({name for name, _ in idents}) > 1:
            raise NotAtDesk(f"{key} could be {' or '.join(sorted(name[:16] for name, _ in idents))}: say more of it")
        if len(idents) > 1:
            takes = " or ".join(str(number) for _, number in sorted(idents))
            raise NotAtDesk(f"{key} has takes {takes}: say which with --take")
        (ident,) = idents
        return max((job for job in found if job.ident == ident), key=lambda job: (job.is_open, job.number))

    def events(self, job: PaidJob) -> tuple[tuple[float, str], ...]:
        """Wall time and words of everything that happened to a job."""
        return self._journal.events(job.number)

    async def adopt(self, key: str, remote: str, take: int | None = None) -> PaidJob:
        """The take is the provider's job of that id; the provider is asked whether it knows it. Raises NotAtDesk."""
        job = self._of(key, take, IN_DOUBT, "has nothing to adopt")
        vendor = self._vendor(job)
        ticket = vendor.ticket(job.endpoint, remote)
        status = await vendor.poll(ticket)
        if isinstance(status, (Failed, Unreachable)):
            raise NotAtDesk(f"{job.provider} does not vouch for {remote}: {status.message}")
        try:
            return self._journal.accepted(self._doubted(job).number, ticket, self._office.now(), how="adopted")
        except AlreadyOwned as owned:
            raise NotAtDesk(str(owned)) from None

    async def resubmit(self, key: str, take: int | None = None) -> PaidJob:
        """Send it once more under the same claim: this may be paid for twice. Raises NotAtDesk."""
        job = self._of(key, take, IN_DOUBT, "has nothing to send again")
        self._vendor(job)
        files = self._office.materials.files(job.body, job.assets)
        if isinstance(files, Failed):
            raise NotAtDesk(files.message)
        job = self._journal.attempt(self._doubted(job).number, self._office.now())
        return (await submit(self._office, job, files, is_again=True)).job

    def forget(self, key: str, take: int | None = None) -> PaidJob:
        """Wait for it no more: the take may be bought anew. What a provider has accepted still counts as paid."""
        job = self._of(key, take, (*IN_DOUBT, *AT_PROVIDER, "unsent"), "has nothing to forget")
        return self._journal.forgotten(job.number, self._office.now())

    async def cancel(self, key: str, take: int | None = None) -> PaidJob:
        """Ask the provider to stop; the job is then failed, or stands as it stood where it was too late."""
        job = self._of(key, take, AT_PROVIDER, "is not under way")
        vendor = self._vendor(job)
        assert job.operation is not None
        await vendor.cancel(job.operation)
        self._office.reached("cancel: asked")
        status = await self._after(vendor, job.operation)
        if isinstance(status, Failed):
            is_billed = status.is_billed
            return self._journal.failed(
                job.number, status.reason, status.message, self._office.now(), is_billed=is_billed
            )
        if isinstance(status, Unreachable):
            raise NotAtDesk(f"{job.provider} was asked to stop; what came of it is not known: {status.message}")
        return self._journal.job(job.number)

    async def close(self) -> None:
        """Hang up."""
        await self._office.close()

    async def _after(self, vendor: Vendor, operation: Operation) -> Done | Failed | Pending | Unreachable:
        """A provider may need a moment to stop."""
        for wait in (0.0, 1.0, 2.0):
            await self._office.clock.sleep(wait)
            status = await vendor.poll(operation)
            if not isinstance(status, Pending):
                break
        return status

    def _of(self, key: str, take: int | None, states: tuple[State, ...], otherwise: str) -> PaidJob:
        job = self.find(key, take)
        if job.state not in states:
            raise NotAtDesk(f"take {job.take} of {job.key[:16]} is {job.state}: it {otherwise}")
        return job

    def _doubted(self, job: PaidJob) -> PaidJob:
        """What was being sent when its run ended is in doubt."""
        if job.state != "submitting":
            return job
        return self._journal.unknown(job.number, "its run ended before the answer came", self._office.now())

    def _vendor(self, job: PaidJob) -> Vendor:
        vendor = self._office.vendors.get(job.provider)
        if vendor is None:
            raise NotAtDesk(f"{job.provider} is not set up here")
        return vendor
