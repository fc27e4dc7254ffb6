"""Slots, pauses, rates, rests, downloads in order, and work that is shared."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from storyreel.render.circuit import FAILURES, MOST_RESTS, REST_S, Circuit
from storyreel.render.clock import TickingClock
from storyreel.render.gate import Gate
from storyreel.render.once import Once
from storyreel.render.pace import Pace
from storyreel.render.terms import Terms
from tests.render.vendor import Production, order


def test_slots_go_to_who_came_first_and_those_who_gave_up_are_passed_over() -> None:
    async def play() -> list[str]:
        pace, inside = Pace(Terms(concurrency=1), TickingClock()), []

        async def enter(name: str) -> None:
            await pace.enter()
            inside.append(name)

        await pace.enter()
        waiting = [asyncio.create_task(enter(name)) for name in "abc"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        for _ in range(2):
            pace.leave()
            await asyncio.sleep(0)
        return inside

    assert asyncio.run(play()) == ["b", "c"]


def test_a_slot_handed_to_somebody_who_goes_away_at_that_moment_is_not_lost() -> None:
    async def play() -> None:
        pace = Pace(Terms(concurrency=1), TickingClock())
        await pace.enter()
        leaving = asyncio.create_task(pace.enter())
        await asyncio.sleep(0)
        pace.leave()
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await asyncio.wait_for(pace.enter(), 60)

    asyncio.run(play())


def test_jobs_that_are_under_way_already_count_against_the_slots() -> None:
    async def play() -> bool:
        pace = Pace(Terms(concurrency=2), TickingClock())
        for _ in range(3):
            pace.occupy()
        waiting = asyncio.create_task(pace.enter())
        for _ in range(2):
            pace.leave()
            await asyncio.sleep(0)
            assert waiting.done() == (_ == 1)
        return waiting.done()

    assert asyncio.run(play())


def test_a_pause_holds_for_all_and_the_longest_wins() -> None:
    async def play() -> float:
        clock = TickingClock()
        pace = Pace(Terms(), clock)
        assert pace.pause(10)
        assert not pace.pause(5)
        await pace.turn()
        return clock.now()

    assert asyncio.run(play()) == 10


def test_a_rate_spaces_out_what_leaves() -> None:
    async def play() -> float:
        clock = TickingClock()
        pace = Pace(Terms(rate=2.0), clock)
        for _ in range(5):
            await pace.turn()
        return clock.now()

    assert asyncio.run(play()) == pytest.approx(2.0)


def test_a_run_sends_no_faster_than_agreed(tmp_path: Path) -> None:
    made = Production(tmp_path)
    made.terms = {"studio": Terms(concurrency=4, rate=0.5)}
    made.buy(*(order(name) for name in ("dusk", "storm", "stairs", "dawn", "credits")))
    begun = [job.intent_at for job in made.journal.jobs()]
    gaps = [later - earlier for earlier, later in pairwise(begun)]
    assert [round(gap, 3) for gap in gaps] == [2.0] * 4


def test_a_provider_that_keeps_failing_rests_and_one_may_try() -> None:
    async def play() -> None:
        clock = TickingClock()
        circuit = Circuit(clock)
        for _ in range(FAILURES):
            assert circuit.rest() == 0
            circuit.failed("down")
        assert circuit.is_resting
        assert circuit.rest() == REST_S
        await clock.sleep(REST_S)
        assert circuit.rest() == 0
        assert circuit.rest() > 0, "nobody tries beside the one"
        circuit.succeeded()
        assert circuit.rest() == 0

    asyncio.run(play())


def test_failures_far_apart_are_no_reason_to_rest() -> None:
    async def play() -> None:
        clock = TickingClock()
        circuit = Circuit(clock)
        for _ in range(3 * FAILURES):
            circuit.failed("down")
            await clock.sleep(20)
        assert circuit.rest() == 0

    asyncio.run(play())


def test_after_so_many_rests_it_is_left_alone_for_the_run() -> None:
    async def play() -> Circuit:
        clock = TickingClock()
        circuit = Circuit(clock)
        for _ in range(FAILURES):
            circuit.failed("down")
        for rest in range(1, MOST_RESTS):
            await clock.sleep(REST_S)
            assert circuit.rest() == 0
            assert circuit.failed("down") == (rest == MOST_RESTS - 1)
        return circuit

    shut = asyncio.run(play()).shut
    assert shut is not None
    assert (shut.reason, shut.message) == ("transient", "down")


def test_who_ends_first_goes_first_through_the_gate() -> None:
    async def play() -> list[float | None]:
        gate, order = Gate(1), []

        async def through(expires_at: float | None) -> None:
            async with gate.inside(expires_at):
                order.append(expires_at)
                await asyncio.sleep(0)

        await asyncio.gather(*(through(at) for at in (None, 50.0, None, 10.0, 30.0)))
        return order

    assert asyncio.run(play()) == [None, 10.0, 30.0, 50.0, None]


def test_shared_work_is_done_once_and_goes_on_while_somebody_waits() -> None:
    async def play() -> tuple[int, str]:
        once, done, go = Once[str](), [], asyncio.Event()

        async def work() -> str:
            await go.wait()
            done.append(1)
            return "made"

        waiting = [asyncio.create_task(once.get("key", work)) for _ in range(5)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        go.set()
        found = await asyncio.gather(*waiting[1:])
        return len(done), found[0]

    assert asyncio.run(play()) == (1, "made")


def test_shared_work_stops_when_the_last_one_leaves() -> None:
    async def play() -> list[str]:
        once, ended = Once[None](), []

        async def work() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                ended.append("stopped")

        waiting = asyncio.create_task(once.get("key", work))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await once.close()
        return ended

    assert asyncio.run(play()) == ["stopped"]
