"""The executor: bounds, order of dependent takes, failures as values, clean cancel."""

from __future__ import annotations

import asyncio
import errno
from pathlib import Path

import pytest

from storyreel.base.money import Usd
from storyreel.providers.spec import Done, Failed, Job, Operation, Pending, Status
from storyreel.render.clock import TickingClock
from storyreel.render.events import Event, TakeFailed, TakeKept, TakeOrphaned
from storyreel.render.executor import Executor, Task
from storyreel.render.journal import Journal
from storyreel.render.order import FrameNeeded
from storyreel.render.store import MemoryStore
from storyreel.render.tables import JournalRefused
from tests.render.vendor import SMALL, Production, key_of, order, way


class Studio:
    """A provider in memory: each job takes `polls` polls; jobs named in `refuses` fail."""

    name = "studio"

    def __init__(self, folder: Path, polls: int = 2, refuses: frozenset[str] = frozenset()) -> None:
        self.folder, self.polls, self.refuses = folder, polls, refuses
        self.running = self.peak = 0
        self.log: list[str] = []

    async def start(self, job: Job, /, *, claim: str) -> Operation | Failed:
        self.log.append(f"start {job.key}")
        if job.key in self.refuses:
            return Failed("refused", "the words are not allowed")
        self.running += 1
        self.peak = max(self.peak, self.running)
        return Operation(self.name, {"key": job.key, "left": self.polls})

    async def poll(self, operation: Operation, /) -> Status:
        token = dict(operation.token)
        count = self.log.count(f"poll {token['key']}")
        self.log.append(f"poll {token['key']}")
        if count < self.polls:
            return Pending(count / self.polls)
        self.running -= 1
        file = self.folder / f"{token['key']}.mp4"
        file.write_text(token["key"])
        self.log.append(f"done {token['key']}")
        return Done(file)

    async def cancel(self, operation: Operation, /) -> None:
        self.log.append(f"cancel {operation.token['key']}")


def task(key: str, *needs: str) -> Task:
    return Task(Job(key, 1, "studio/one", {}, {}), "studio", frozenset((need, 1) for need in needs))


def run(studio: Studio, tasks: list[Task], slots: int = 2, problem: str | None = None) -> list[Event]:
    async def collect() -> list[Event]:
        store = MemoryStore(studio.folder)
        executor = Executor({"studio": studio}, store, lambda job, file: problem, {"studio": slots}, TickingClock())
        return [event async for event in executor.run(tasks)]

    return asyncio.run(collect())


def kept(events: list[Event]) -> set[str]:
    return {event.key for event in events if isinstance(event, TakeKept)}


def test_every_take_is_kept_and_no_more_run_than_there_are_slots(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    events = run(studio, [task(f"k{n}") for n in range(9)], slots=3)
    assert len(kept(events)) == 9
    assert studio.peak == 3


def test_a_take_that_starts_from_anothers_frame_waits_for_it(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    events = run(studio, [task("second", "first"), task("first")])
    assert kept(events) == {"first", "second"}
    assert studio.log.index("done first") < studio.log.index("start second")


def test_a_refusal_is_told_once_and_never_tried_again(tmp_path: Path) -> None:
    studio = Studio(tmp_path, refuses=frozenset({"bad"}))
    events = run(studio, [task("bad"), task("needs-bad", "bad"), task("good")])
    assert kept(events) == {"good"}
    assert {e.key: e.reason for e in events if isinstance(e, TakeFailed)} == {"bad": "refused", "needs-bad": "invalid"}
    assert studio.log.count("start bad") == 1
    assert "start needs-bad" not in studio.log


def test_a_file_that_is_not_what_was_asked_is_not_kept(tmp_path: Path) -> None:
    events = run(Studio(tmp_path), [task("short")], problem="12 frames short")
    assert [e.message for e in events if isinstance(e, TakeFailed)] == ["12 frames short"]
    assert not (tmp_path / "short.mp4").exists()


def test_a_bug_in_an_adapter_is_raised_not_lost(tmp_path: Path) -> None:
    class Broken(Studio):
        async def poll(self, operation: Operation, /) -> Status:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(Broken(tmp_path), [task("a")])


def test_leaving_early_cancels_what_is_under_way(tmp_path: Path) -> None:
    class Endless(Studio):
        stopped = 0

        async def poll(self, operation: Operation, /) -> Status:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                self.stopped += 1
                raise
            raise AssertionError

    async def leave(studio: Endless) -> None:
        executor = Executor({"studio": studio}, MemoryStore(tmp_path), lambda job, file: None, {"studio": 2})
        events = executor.run([task("a"), task("b")])
        async for _ in events:
            await asyncio.sleep(0)
            break
        await asyncio.sleep(0)
        await events.aclose()

    studio = Endless(tmp_path)
    asyncio.run(leave(studio))
    assert studio.stopped == 2


def test_drawn_and_bought_takes_wait_for_each_others_frames(tmp_path: Path) -> None:
    made = Production(tmp_path)
    studio = Studio(tmp_path)
    frame = FrameNeeded("drawn", 1, 23, "24")
    second = order("bought", way("bought", body={"start": "frame:drawn:1"}), frames=[frame])
    third = Task(Job("last", 1, "studio/one", {}, {}), "studio", frozenset({second.ident}))

    async def collect() -> list[Event]:
        executor = Executor(
            {"studio": studio}, made.store, lambda job, file: None, {"studio": 2}, made.clock, made.open()
        )
        return [event async for event in executor.run([third, second, task("drawn")])]

    events = asyncio.run(collect())
    assert [event.key for event in events if isinstance(event, TakeKept)] == ["drawn", key_of("bought"), "last"]
    assert [event.cost for event in events if isinstance(event, TakeKept)] == [None, Usd("0.50"), None]


def test_an_id_that_found_no_room_is_told_and_taken_in_by_the_next_run(tmp_path: Path) -> None:
    made = Production(tmp_path)
    is_full = True

    def reached(point: str) -> None:
        if is_full and point == "accepted: before commit":
            raise OSError(errno.ENOSPC, "no space")

    made.journal.close()
    made.journal = Journal(tmp_path / "journal.db", reached, headroom=SMALL)
    told: list[str | None] = []

    async def collect() -> None:
        executor = Executor({}, made.store, lambda job, file: None, {}, made.clock, made.open())
        async for event in executor.run([order("storm"), order("stairs")]):
            if isinstance(event, TakeOrphaned):
                told.append(event.id)  # noqa: PERF401  # what was told before the fault counts

    with pytest.raises(JournalRefused, match="studio-1"):
        asyncio.run(collect())
    assert "studio-1" in told
    made.journal.close()
    is_full = False
    made.journal = Journal(tmp_path / "journal.db", reached, headroom=SMALL)
    assert len(kept(made.buy(order("storm"), order("stairs")))) == 2
    assert len(made.studio.posted) == 2
