"""Looks at a provider that tell nothing, in a row: after a few of them people are told, and then now and again."""

from __future__ import annotations

from storyreel.render.events import TakeUnread
from storyreel.render.job import PaidJob
from storyreel.render.office import Office

FIRST = 3
AGAIN = 40
"""At the longest wait between two looks that is ten minutes."""


class Vain:
    """Of one job that its provider has, or may have."""

    def __init__(self, office: Office, job: PaidJob) -> None:
        self._office = office
        self._job = job
        self._looks = 0
        self._since = 0.0

    def note(self, message: str) -> None:
        """One more."""
        if self._looks == 0:
            self._since = self._office.now()
        self._looks += 1
        if self._looks % AGAIN == FIRST:
            job = self._job
            job_id = job.operation.id if job.operation is not None else None
            self._office.tell(TakeUnread(job.key, job.take, job.provider, job_id, message, self._since))

    def end(self) -> None:
        """One told something."""
        self._looks = 0
