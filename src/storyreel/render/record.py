"""How providers have done: lengths, success and prices out of the jobs of the journal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from storyreel.base.money import Usd
from storyreel.render.job import PaidJob

DAYS = 30
"""So far back it is worth looking."""
SECONDS_BACK = DAYS * 86400.0
_ABOUT_THE_WORDS = frozenset({"refused", "invalid", "canceled"})


@dataclass(frozen=True, slots=True)
class Spread:
    """Seconds."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Record:
    """One provider, or one of its endpoints. A length is None where none was measured."""

    provider: str
    endpoint: str | None
    """None for all of them together."""
    count: int
    """Takes asked for, voices left out."""
    successes: int
    failures: int
    """What failed at no fault of the words, and what nobody could account for."""
    submit: Spread | None
    queue: Spread | None
    generate: Spread | None
    """At work on it, without the queue."""
    download: Spread | None
    total: Spread | None
    """From the submission to the store."""
    spent: Usd
    per_second: Usd | None
    """US dollars a bought second, of what was stored."""

    @property
    def success_rate(self) -> float | None:
        """0 to 1; None where nothing has ended. Refusals of the words and cancellations do not count."""
        ended = self.successes + self.failures
        return self.successes / ended if ended else None


def records(jobs: Iterable[PaidJob], *, by_endpoint: bool = False) -> tuple[Record, ...]:
    """One for each provider, in the order of their names; or for each endpoint of each."""
    groups: dict[tuple[str, str], list[PaidJob]] = {}
    for job in jobs:
        if job.seconds > 0:
            groups.setdefault((job.provider, job.endpoint if by_endpoint else ""), []).append(job)
    return tuple(_record(*name, groups[name]) for name in sorted(groups))


def _record(provider: str, endpoint: str, jobs: Sequence[PaidJob]) -> Record:
    stored = [job for job in jobs if job.state == "stored"]
    seconds = sum(job.seconds for job in stored)
    spent = sum((job.billed for job in jobs if job.billed is not None), Usd(0))
    return Record(
        provider,
        endpoint or None,
        len(jobs),
        len(stored),
        sum(_is_failure(job) for job in jobs),
        _spread(job.submit_s for job in jobs),
        _spread(job.queue_s for job in jobs),
        _spread(job.generate_s for job in jobs),
        _spread(job.download_s for job in jobs),
        _spread(_total(job) for job in stored),
        spent,
        sum((job.cost for job in stored), Usd(0)) / seconds if seconds else None,
    )


def _is_failure(job: PaidJob) -> bool:
    is_lost = job.state == "failed" and job.reason not in _ABOUT_THE_WORDS
    return is_lost or job.state in ("unknown", "parked", "forgotten")


def _total(job: PaidJob) -> float | None:
    """Only where all of it was measured: a job that two runs worked on has gaps."""
    if job.submit_s is None or job.generate_s is None or job.download_s is None:
        return None
    return job.submit_s + (job.queue_s or 0.0) + job.generate_s + job.download_s


def _spread(values: Iterable[float | None]) -> Spread | None:
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    return Spread(_rank(known, 0.50), _rank(known, 0.95))


def _rank(known: Sequence[float], share: float) -> float:
    """The nearest rank: a length that was really measured."""
    return known[max(0, math.ceil(share * len(known)) - 1)]
