"""The loop with a watcher and a clock in memory: when it looks, what counts as a change, and that the newest wins."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from storyreel.base.digest import digest_of
from storyreel.render.clock import TickingClock
from storyreel.watch.loop import LONGEST_S, QUIET_S, Burst, Loop
from storyreel.watch.watcher import MemoryWatcher, folders_of

BOARD = "storyboards/film.yaml"
LOGO = "assets/brand/logo.png"


@dataclass(frozen=True)
class Seen:
    files: dict[str, str | None]
    text: str


@dataclass
class Studio:
    """Work in memory: reads the board and a logo, and makes a film in `seconds`."""

    clock: TickingClock
    files: dict[str, str] = field(default_factory=lambda: {BOARD: "v0"})
    seconds: float = 1.0
    read_at: list[float] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    given_up: list[str] = field(default_factory=list)
    fault: Exception | None = None

    def read(self) -> Seen:
        self.read_at.append(self.clock.now())
        return Seen({path: self.digest(path) for path in (BOARD, LOGO)}, self.files.get(BOARD, "gone"))

    def digest(self, path: str) -> str | None:
        return digest_of(self.files[path].encode()) if path in self.files else None

    def show(self, reading: Seen) -> None:
        self.shown.append(reading.text)

    async def make(self, reading: Seen) -> None:
        if self.fault is not None:
            raise self.fault
        try:
            await self.clock.sleep(self.seconds)
        except asyncio.CancelledError:
            self.given_up.append(reading.text)
            raise
        self.made.append(reading.text)


@dataclass
class Room:
    root: Path
    clock: TickingClock
    watcher: MemoryWatcher
    studio: Studio
    loop: Loop[Seen]

    def save(self, text: str, path: str = BOARD) -> None:
        self.studio.files[path] = text
        self.watcher.touch(self.root / path)

    def delete(self, path: str = BOARD) -> None:
        self.studio.files.pop(path, None)
        self.watcher.touch(self.root / path)


def play(root: Path, scene: Callable[[Room], Awaitable[None]]) -> Room:
    (root / "storyboards").mkdir(parents=True, exist_ok=True)

    async def main() -> Room:
        clock, watcher = TickingClock(), MemoryWatcher()
        studio = Studio(clock)
        room = Room(root, clock, watcher, studio, Loop(root, studio, watcher, clock, aside=at_once))
        running = asyncio.create_task(room.loop.run())
        try:
            async with asyncio.timeout(120):
                await until(room, lambda: bool(studio.made) or running.done())
                await scene(room)
                if running.done():
                    running.result()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return room

    return asyncio.run(main())


async def at_once(work: Callable[[], Any]) -> Any:
    return work()


async def until(room: Room, is_so: Callable[[], bool]) -> None:
    while not is_so():
        await room.clock.sleep(0.01)


async def rest(room: Room) -> None:
    """Until everything that was saved is read and made."""
    await until(room, lambda: room.studio.made[-1:] == [room.studio.files.get(BOARD, "gone")])
    await room.clock.sleep(0.02)


def test_a_burst_of_saves_is_read_once_when_it_has_been_quiet(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        for n in range(3):
            room.save(f"v{n}")
            await room.clock.sleep(0.03)
        began = room.clock.now()
        await rest(room)
        assert room.studio.shown == ["v0", "v2"]
        assert room.studio.read_at[-1] - began <= QUIET_S

    play(tmp_path, scene)


def test_whoever_saves_ten_times_a_second_still_sees_something(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        for n in range(30):
            room.save(f"v{n}")
            await room.clock.sleep(0.09)
        await rest(room)
        assert room.studio.shown[-1] == "v29"
        assert len(room.studio.shown) >= 2.7 / (LONGEST_S + QUIET_S)

    play(tmp_path, scene)


def test_bytes_decide_and_not_the_time_of_writing(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.save("v0")
        await room.clock.sleep(1)
        assert room.loop.readings == 1
        room.save("v1")
        await rest(room)
        assert room.loop.readings == 2

    play(tmp_path, scene)


def test_what_is_being_made_of_an_older_reading_is_given_up(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.studio.seconds = 30
        room.save("v1")
        await until(room, lambda: room.studio.shown[-1] == "v1")
        await room.clock.sleep(0.5)
        room.save("v2")
        await rest(room)
        assert room.studio.given_up == ["v1"]
        assert room.studio.made == ["v0", "v2"]

    play(tmp_path, scene)


def test_a_file_that_goes_and_comes_back_and_one_that_was_never_there(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.delete()
        await rest(room)
        room.save("v0")
        await rest(room)
        room.save("a logo", LOGO)
        await until(room, lambda: room.loop.readings == 4)
        assert room.studio.shown == ["v0", "gone", "v0", "v0"]

    play(tmp_path, scene)


def test_a_folder_that_appears_is_listened_to(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        assert room.watcher.folders == [frozenset({tmp_path, tmp_path / "storyboards"})]
        (tmp_path / "assets/brand").mkdir(parents=True)
        room.watcher.touch(tmp_path / "assets")
        await until(room, lambda: len(room.watcher.folders) == 2)
        assert tmp_path / "assets/brand" in room.watcher.folders[1]

    play(tmp_path, scene)


def test_a_folder_that_was_replaced_is_listened_to_anew(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.watcher.touch(tmp_path / "storyboards")
        await until(room, lambda: len(room.watcher.folders) == 2)
        assert room.watcher.folders[0] == room.watcher.folders[1]

    play(tmp_path, scene)


def test_what_we_wrote_ourselves_is_no_news(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.save("ours", LOGO)
        room.loop.wrote(LOGO)
        await room.clock.sleep(1)
        assert room.loop.readings == 1

    play(tmp_path, scene)


def test_a_nudge_reads_once_more(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.loop.nudge()
        await until(room, lambda: room.studio.made == ["v0", "v0"])

    play(tmp_path, scene)


def test_a_fault_of_the_work_ends_the_watch(tmp_path: Path) -> None:
    async def scene(room: Room) -> None:
        room.studio.fault = RuntimeError("a bug")
        room.save("v1")
        await until(room, lambda: room.studio.shown[-1] == "v1")
        await room.clock.sleep(0.05)

    with pytest.raises(RuntimeError, match="a bug"):
        play(tmp_path, scene)


@pytest.mark.parametrize("seed", range(4))
def test_no_change_is_lost_whatever_the_order(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)

    async def scene(room: Room) -> None:
        room.studio.seconds = 0.5
        for n in range(60):
            if rng.random() < 0.15:
                room.delete()
            else:
                room.save(f"v{n}")
            await room.clock.sleep(rng.choice((0, 0.01, 0.09, 0.2, 0.9)))
        await rest(room)

    room = play(tmp_path, scene)
    assert room.studio.shown[-1] == room.studio.files.get(BOARD, "gone")
    assert len(room.studio.made) + len(room.studio.given_up) == room.loop.readings


def test_a_burst_is_due_after_its_last_event_but_not_for_ever() -> None:
    burst = Burst(quiet_s=0.1, longest_s=0.4)
    assert burst.due is None
    burst.touch(1.0)
    assert burst.due == pytest.approx(1.1)
    for now in (1.09, 1.18, 1.27, 1.36):
        burst.touch(now)
    assert burst.due == pytest.approx(1.4)
    burst.end()
    assert burst.due is None


def test_folders_are_those_of_the_files_and_all_above_inside_the_project(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    found = folders_of(tmp_path, ["a/b/c.yaml", "linked/x.png", "../out.yaml", "/etc/passwd"])
    assert found == {tmp_path, tmp_path / "a", tmp_path / "a/b", tmp_path / "linked", tmp_path / "real"}
