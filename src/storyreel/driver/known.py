"""What planning may know of takes: the store, and the journal of what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from storyreel.base.money import NOTHING, Usd, usd_label
from storyreel.plan.lock import Lock
from storyreel.plan.renamed import words_of
from storyreel.plan.requestfile import RequestBroken, parse_request
from storyreel.plan.sheet import PaidBefore
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.standing import Standing
from storyreel.render.store import DiskStore, TakeRecord


class KnownTakes:
    """`plan.sheet.Takes` of a project; the journal is read once, when it is first asked."""

    def __init__(
        self, store: DiskStore, journal: Path, lock: Lock | None = None, boards: Mapping[str, Lock] | None = None
    ) -> None:
        """`boards` are locks of other boards, whose takes are shown, too."""
        self.store = store
        self.journal = journal
        self.lock = lock or Lock()
        self._found: dict[tuple[str, int], TakeRecord] = {}
        self._locked = {
            ident: take for one in (*(boards or {}).values(), self.lock) for ident, take in one.takes.items()
        }

    def find(self, key: str, take: int) -> TakeRecord | None:
        """The take, where its bytes are here: those that the lock names, if it names any."""
        known = self._found.get((key, take))
        if known is None:  # What is not here may still arrive.
            known = self._looked_up(key, take)
            if known is not None:
                self._found[key, take] = known
        return known

    def _looked_up(self, key: str, take: int) -> TakeRecord | None:
        record, locked = self.store.find(key, take), self._locked.get((key, take))
        if locked is None or (record is not None and record.digest == locked.digest):
            return record
        size = self.store.blobs.size(locked.digest)
        if size is None:
            return None
        return TakeRecord(key, take, locked.digest, size, locked.provider, locked.job, locked.paid)

    def has(self, key: str, take: int) -> bool:
        return self.find(key, take) is not None

    def numbers(self, key: str) -> tuple[int, ...]:
        """Takes of a request that are here."""
        every = {*self.store.numbers(key), *self._numbers.get(key, ())}
        return tuple(n for n in sorted(every) if self.has(key, n))

    def next_number(self, key: str) -> int:
        """The first number that no take of a request ever had."""
        used = {*self._numbers.get(key, ()), *self.store.numbers(key)}
        used |= {number for known, number in (*self._standing.open, *self._standing.failed) if known == key}
        return max(used, default=0) + 1

    def paid(self, key: str, take: int) -> Usd:
        record = self.find(key, take)
        return NOTHING if record is None or record.paid is None else record.paid

    def before(self, key: str, take: int) -> PaidBefore | None:
        job = self._standing.open.get((key, take)) or self._standing.failed.get((key, take))
        if job is None or job.state == "unsent":  # Nothing was accepted: it is asked for as if for the first time.
            return None
        state: Literal["open", "parked", "failed"] = "open"
        if job.state in ("parked", "failed"):
            state = "parked" if job.state == "parked" else "failed"
        return PaidBefore(state, job.provider, job.endpoint, standing(job), job.cost if job.is_open else NOTHING)

    def words(self, key: str) -> str:
        """What was asked for under a key; empty where nobody kept it."""
        text = self.store.asked(key)
        try:
            return "" if text is None else words_of(parse_request(text, key).request)
        except RequestBroken:
            return ""

    @property
    def reserved(self) -> Usd:
        """US dollars that open jobs hold."""
        return sum((job.cost for job in self._standing.open.values()), NOTHING)

    @cached_property
    def _numbers(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for key, number in self._locked:
            found.setdefault(key, []).append(number)
        return found

    @cached_property
    def _standing(self) -> Standing:
        return Journal.read(self.journal)


def standing(job: PaidJob) -> str:
    """Where a job stands, for people."""
    where = f"{job.provider}, {usd_label(job.cost)} reserved"
    match job.state:
        case "submitting" | "unknown":
            return f"asked of {where}: not known yet whether it was accepted"
        case "accepted":
            return f"being made at {where}"
        case "ready":
            return f"made at {job.provider}, not fetched yet"
        case "parked":
            return f"parked: {job.message or 'its outcome is unknown'}; `storyreel jobs` resolves it"
        case _:
            return f"{job.provider} failed before: {job.message or job.reason or job.state}"
