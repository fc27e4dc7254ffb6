"""How purchases are broken off: stopped, at fault, in doubt; and what rests on what."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storyreel.providers.spec import (
    Job,
    Operation,
    Pending,
    Started,
)
from storyreel.render.events import (
    Event,
    TakeKept,
    TakeStarted,
)
from storyreel.render.executor import Executor
from storyreel.render.journal import Journal
from storyreel.render.store import DiskStore
from storyreel.render.terms import Terms
from tests.render.test_purchase import failures
from tests.render.vendor import SMALL, Production, Studio, order, way


def test_stopped_a_run_records_what_has_left_and_begins_nothing_new(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=2)}

    async def stopped() -> list[Event]:
        made.studio.hold = asyncio.Event()
        executor = Executor({}, made.store, lambda job, file: None, {}, made.clock, made.open())
        found = []
        async for event in executor.run([order(f"s{n}") for n in range(6)]):
            found.append(event)
            if sum(isinstance(e, TakeStarted) for e in found) == 2 and isinstance(event, TakeStarted):
                executor.stop()
                asyncio.get_running_loop().call_later(0.05, made.studio.hold.set)
        return found

    events = asyncio.run(stopped())
    assert [type(event).__name__ for event in events] == ["TakeStarted"] * 2 + ["TakeAccepted"] * 2
    assert made.states() == ["accepted"] * 2
    made.studio.hold = None
    assert sum(isinstance(event, TakeKept) for event in made.buy(*(order(f"s{n}") for n in range(6)))) == 6
    assert len(made.studio.posted) == 6


def test_stopped_twice_a_run_ends_at_once_and_what_has_left_is_in_doubt(tmp_path: Path) -> None:
    made = Production(tmp_path)

    async def stopped() -> None:
        made.studio.hold = asyncio.Event()
        executor = Executor({}, made.store, lambda job, file: None, {}, made.clock, made.open())
        events = executor.run([order("storm")])
        async for _ in events:
            executor.stop()
            await asyncio.sleep(0)
            break
        await events.aclose()

    asyncio.run(asyncio.wait_for(stopped(), 60))
    assert made.states() == ["submitting"]
    assert made.studio.accepted == []


def test_a_fault_in_an_adapter_ends_the_run_and_leaves_its_job_in_doubt(tmp_path: Path) -> None:
    class Faulty(Studio):
        async def start(self, job: Job, /, *, claim: str) -> Started:
            raise ZeroDivisionError

    made = Production(tmp_path)
    made.vendors = {"studio": Faulty(made.clock)}
    made.terms = {"studio": Terms(concurrency=1)}
    with pytest.raises(ZeroDivisionError):
        made.buy(*(order(f"s{n}") for n in range(5)))
    assert made.states() == ["unknown"]


def test_a_job_that_another_take_has_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.buy(order("storm"))
    made.studio.starts = [Operation("studio", {"id": "studio-1"})]
    assert failures(made.buy(order("storm", take=2)))[0][0] == "internal"


def test_a_provider_that_is_not_set_up_any_more_still_has_its_job(tmp_path: Path) -> None:
    made = Production(tmp_path, "one")
    made.terms = {"one": Terms(deadline=1)}
    made.vendors["one"].polls = [Pending()] * 99
    made.buy(order("storm", way("storm", "one")))
    made.vendors = {"two": Studio(made.clock, "two")}
    assert failures(made.buy(order("storm", way("storm", "two")))) == [
        ("credentials", "one may have it, and is not set up here", True)
    ]
    assert made.vendors["two"].posted == []


def test_nothing_happens_before_what_it_rests_on_is_durable(tmp_path: Path) -> None:
    reached: list[str] = []
    made = Production(tmp_path)
    made.journal.close()
    made.journal = Journal(tmp_path / "journal.db", reached.append, headroom=SMALL)
    made.store = DiskStore(tmp_path / "store", reached.append)
    made.reached = reached.append
    made.buy(order("storm"))
    must = [
        "intent: after commit",
        "submission: leaving",
        "submission: answered",
        "accepted: after commit",
        "poll: leaving",
        "poll: answered",
        "ready: after commit",
        "download: leaving",
        "download: there",
        "download: accepted",
        "blob: before sync",
        "blob: before rename",
        "blob: after rename",
        "take: before record",
        "take: recorded",
        "stored: before commit",
    ]
    assert [point for point in reached if point in must] == must
