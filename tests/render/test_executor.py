"""The executor: bounds, order of dependent takes, failures as values, clean cancel."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storyreel.providers.spec import Done, Failed, Job, Operation, Pending, Status
from storyreel.render.clock import TickingClock
from storyreel.render.events import Event, TakeFailed, TakeKept
from storyreel.render.executor import Executor, Task
from storyreel.render.store import MemoryStore


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
        await events.aclose()  # type: ignore[attr-defined]  # run() is an async generator

    studio = Endless(tmp_path)
    asyncio.run(leave(studio))
    assert studio.stopped == 2
