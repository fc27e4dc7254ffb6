"""How providers have done, out of the journal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storyreel.base.money import Usd
from storyreel.render.job import PaidJob
from storyreel.render.record import Spread, records
from tests.render.vendor import Production, order


@pytest.fixture
def stored(tmp_path: Path) -> PaidJob:
    made = Production(tmp_path)
    made.buy(order("storm"))
    (job,) = made.journal.jobs()
    return replace(job, billed=Usd("0.50"), submit_s=0.1, queue_s=None, generate_s=60.0, download_s=1.0)


def test_lengths_are_ranks_of_what_was_measured(stored: PaidJob) -> None:
    jobs = [replace(stored, generate_s=float(n)) for n in range(1, 101)]
    (record,) = records(jobs)
    assert record.generate == Spread(50.0, 95.0)
    assert record.total == Spread(51.1, 96.1)
    assert record.queue is None
    assert (record.count, record.success_rate, record.spent) == (100, 1.0, Usd(50))
    assert record.per_second == Usd("0.1")


def test_refusals_of_words_are_no_failure_of_the_provider(stored: PaidJob) -> None:
    failed = replace(stored, state="failed", billed=Usd(0))
    jobs = [
        stored,
        replace(failed, reason="refused"),
        replace(failed, reason="internal"),
        replace(stored, state="parked", billed=None),
        replace(stored, state="accepted", billed=None),
    ]
    (record,) = records(jobs)
    assert (record.count, record.successes, record.failures) == (5, 1, 2)
    assert record.success_rate == pytest.approx(1 / 3)


def test_a_job_that_two_runs_worked_on_has_no_total(stored: PaidJob) -> None:
    (record,) = records([replace(stored, generate_s=None)])
    assert (record.total, record.download) == (None, Spread(1.0, 1.0))


def test_endpoints_can_be_told_apart_and_voices_do_not_count(stored: PaidJob) -> None:
    jobs = [stored, replace(stored, endpoint="studio/pro"), replace(stored, seconds=0), replace(stored, provider="aa")]
    assert [(r.provider, r.endpoint, r.count) for r in records(jobs)] == [("aa", None, 1), ("studio", None, 2)]
    assert [(r.provider, r.endpoint) for r in records(jobs, by_endpoint=True)] == [
        ("aa", "studio/film"),
        ("studio", "studio/film"),
        ("studio", "studio/pro"),
    ]


def test_nothing_is_said_of_nobody() -> None:
    assert records([]) == ()
