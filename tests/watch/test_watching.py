"""A whole watch over a project on disk, but for the terminal and the browser: what it makes, keeps and buys."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storyreel.base.diagnostic import Diagnostic
from storyreel.driver import live_buying
from storyreel.driver.live_buying import Leave
from storyreel.driver.project import open_project
from storyreel.driver.watching import Asked, Watching
from storyreel.render.hold import hold
from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import SMALL, Folder

BOARD = "storyboards/film.yaml"
TINY = """\
storyreel: 1
title: Tiny
reel: {size: 160x90}
scenes:
  - id: pier
    card: {title: ONE, duration: 0.5}
  - include: acts/two.yaml
"""
ACT = """\
scenes:
  - id: sea
    card: {title: TWO, duration: 0.5}
"""
LONG_S = 600.0
"""Seconds on the emulators' clock that no test waits for: it is put forward."""


@dataclass
class Heard:
    """What a terminal would show."""

    words: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def read(self, words: str, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
        self.words.append(words)
        self.codes = [found.code for found in diagnostics]

    def doing(self, words: str) -> None:
        pass

    def say(self, words: str) -> None:
        self.said.append(words)


@dataclass
class Watched:
    folder: Folder
    watching: Watching
    heard: Heard
    running: asyncio.Task[None]

    def state(self) -> Mapping[str, Any]:
        return self.watching.desk.state()

    def film(self, number: int = 0) -> Mapping[str, Any]:
        found = self.watching.desk.film(self.state()["films"][number]["id"])
        assert found is not None
        return found

    def standings(self) -> dict[str, str]:
        return {scene["id"]: scene["standing"] for scene in self.film()["scenes"]}

    async def until(self, is_so: Callable[[], object], seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not is_so():
            if self.running.done():
                self.running.result()
            assert time.monotonic() < end, (self.heard, self.state())
            await asyncio.sleep(0.02)

    async def settled(self) -> None:
        """Until the film is cut as the board says."""
        await self.until(lambda: self.state()["phase"] == "ready" and self.state()["films"])
        await self.until(lambda: self.state()["condition"] in ("done", "pending") and self.film()["reel"])
        await self.until(lambda: self.state()["films"][0]["is_current"])


@asynccontextmanager
async def watched(folder: Folder, provider: str | None = None, ceiling: str | None = None) -> AsyncIterator[Watched]:
    leave = None if ceiling is None else Leave(Decimal(ceiling))
    heard = Heard()
    watching = Watching(open_project(folder.root), Asked(BOARD, provider, None, leave), heard)
    running = asyncio.create_task(watching.run())
    try:
        yield Watched(folder, watching, heard, running)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def play(main: Callable[[], Awaitable[None]], seconds: float = 600) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(seconds):
            await main()

    asyncio.run(bounded())


def tiny(root: Path) -> Folder:
    folder = Folder.with_board(root, TINY)
    folder.write("acts/two.yaml", ACT)
    return folder


def children() -> list[str]:
    """Programs that this process has started and that are still there, zombies too."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == os.getpid():
            found.append(name)
    return found


def test_an_error_keeps_the_last_good_reel_and_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        folder = tiny(tmp_path)
        async with watched(folder) as watch:
            await watch.settled()
            reel = watch.film()["reel"]["id"]
            folder.edit("title: ONE", "title: [ONE")
            await watch.until(lambda: watch.heard.codes == ["SR035"])
            assert watch.state()["errors"] == 1
            assert watch.film()["reel"]["id"] == reel
            assert "last good reel" in watch.heard.words[-1]
            folder.edit("title: [ONE", "title: UNO")
            await watch.until(lambda: watch.film()["reel"]["id"] != reel)
            await watch.settled()
            assert watch.state()["errors"] == 0

    play(main)


def test_files_that_go_come_and_are_renamed_into_place(tmp_path: Path) -> None:
    async def main() -> None:
        folder = tiny(tmp_path)
        async with watched(folder) as watch:
            await watch.settled()
            (tmp_path / "acts/two.yaml").unlink()
            (tmp_path / "acts").rmdir()
            await watch.until(lambda: "SR001" in watch.heard.codes)
            folder.write("acts/two.yaml", ACT.replace("sea", "ocean"))
            await watch.until(lambda: [s["id"] for s in watch.film()["scenes"]] == ["pier", "ocean"])
            fresh = tmp_path / "storyboards/.film.yaml.swp"
            fresh.write_text(TINY.replace("pier", "quay"))
            fresh.replace(tmp_path / BOARD)
            await watch.until(lambda: [s["id"] for s in watch.film()["scenes"]] == ["quay", "ocean"])
            folder.write("storyreel.toml", "[render]\nprovider = 3\n")
            await watch.until(lambda: watch.heard.codes == ["SR036"])
            folder.write("storyreel.toml", "")
            await watch.until(lambda: watch.heard.codes == [])
            await watch.settled()

    play(main)


def test_another_process_in_the_project_is_waited_for(tmp_path: Path) -> None:
    async def main() -> None:
        folder = tiny(tmp_path)
        with hold(tmp_path / ".storyreel", "render"):
            async with watched(folder) as watch:
                await watch.until(lambda: watch.state()["films"])
                await asyncio.sleep(0.3)
                assert watch.film()["reel"] is None
        async with watched(folder) as watch:
            await watch.settled()

    play(main)


@pytest.fixture
def providers(monkeypatch: pytest.MonkeyPatch) -> Any:
    # Nothing is bought by itself while a test on a slow machine gets around to asking for it.
    monkeypatch.setattr(live_buying, "REST_S", 3600.0)
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    with stand(scale=0.25) as found:
        yield found


def paid(root: Path, providers: Stand) -> Folder:
    folder = Folder.with_board(root, SMALL)
    folder.write("storyreel.toml", providers.settings())
    return folder


def test_without_leave_nothing_is_asked_of_anybody(tmp_path: Path, providers: Stand) -> None:
    async def main() -> None:
        folder = paid(tmp_path, providers)
        async with watched(folder, "fal") as watch:
            await watch.settled()
            assert watch.standings() == {"pier": "animatic", "sea": "animatic", "title": "local"}
            assert "1.01 USD to make" in watch.heard.words[-1] or "to make" in watch.heard.words[-1]
            answer = await watch.watching.buy(())
            assert not answer.is_done
            assert "--render" in answer.words
        assert providers.fal.ledger.heard == []
        assert not (tmp_path / "storyboards/film.lock.yaml").exists()

    play(main)


def test_what_is_bought_while_the_board_changes_is_bought_once_and_kept(tmp_path: Path, providers: Stand) -> None:
    providers.fal.schedule = Schedule(0, LONG_S)

    async def main() -> None:
        folder = paid(tmp_path, providers)
        async with watched(folder, "fal", "20") as watch:
            await watch.settled()
            assert (await watch.watching.buy(())).is_done
            assert not (await watch.watching.buy(())).is_done, "what is on its way is not asked for again"
            await watch.until(lambda: len(providers.fal.ledger.submissions) == 2)
            folder.edit("A black sea", "A red sea")
            await watch.until(lambda: watch.standings()["sea"] == "animatic")
            providers.clock.offset += LONG_S
            await watch.until(lambda: watch.standings()["pier"] == "cached")
            await watch.until(lambda: not watch.watching.buying.is_busy)
            assert len(providers.fal.ledger.submissions) == 2
            folder.edit("A red sea", "A black sea")
            await watch.until(lambda: watch.standings() == {"pier": "cached", "sea": "cached", "title": "local"})
            await watch.settled()
            assert "pier" in (tmp_path / "storyboards/film.lock.yaml").read_text()
        assert len(providers.fal.ledger.submissions) == 2
        assert providers.fal.ledger.duplicates == 0

    play(main)


def test_an_edit_that_rested_is_bought_within_the_ceiling(
    tmp_path: Path, providers: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_buying, "REST_S", 1.5)

    async def main() -> None:
        folder = paid(tmp_path, providers)
        began = time.monotonic()
        async with watched(folder, "fal", "0.50") as watch:
            await watch.until(lambda: len(providers.fal.ledger.submissions) == 1)
            assert time.monotonic() - began > 1.5
            await watch.until(lambda: any("ceiling" in said for said in watch.heard.said))
            await watch.until(lambda: "cached" in watch.standings().values())
        assert len(providers.fal.ledger.submissions) == 1

    play(main)


def test_what_a_policy_refused_is_not_asked_for_again_by_itself(
    tmp_path: Path, providers: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_buying, "REST_S", 0.3)
    providers.fal.fate_of = lambda body: "refused" if "black sea" in str(body) else None

    async def main() -> None:
        folder = paid(tmp_path, providers)
        async with watched(folder, "fal", "20") as watch:
            await watch.until(lambda: len(providers.fal.ledger.submissions) == 2)
            await watch.until(lambda: not watch.watching.buying.is_busy)
        async with watched(folder, "fal", "20") as watch:
            await watch.settled()
            folder.edit("title: THE END", "title: FIN")
            await asyncio.sleep(1.0)
            assert not watch.watching.buying.is_busy
        assert len(providers.fal.ledger.submissions) == 2

    play(main)


def test_a_fault_of_a_purchase_ends_the_watch(
    tmp_path: Path, providers: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: object) -> AsyncIterator[None]:
        if given:
            raise OSError(5, "the disk is broken")
        yield

    monkeypatch.setattr(live_buying, "made", broken)

    async def main() -> None:
        async with watched(paid(tmp_path, providers), "fal", "20") as watch:
            await watch.settled()
            await watch.watching.buy(())
            with pytest.raises(OSError, match="broken"):
                await watch.running

    play(main)


def test_a_take_is_picked_from_the_page(tmp_path: Path, providers: Stand) -> None:
    async def main() -> None:
        folder = paid(tmp_path, providers)
        folder.edit("  - id: sea\n", "  - id: sea\n    takes: 2\n")
        async with watched(folder, "fal", "20") as watch:
            await watch.settled()
            await watch.watching.buy(())
            await watch.until(lambda: watch.standings()["sea"] == "cached")
            await watch.until(lambda: not watch.watching.buying.is_busy)
            await watch.settled()
            answer = await watch.watching.desk.pick(only(watch), "sea", 2)
            assert answer.is_done, answer.words
            await watch.until(lambda: chosen(watch) == [2])
            assert not (await watch.watching.desk.pick(only(watch), "sea", 7)).is_done

    play(main)


def only(watch: Watched) -> str:
    return str(watch.state()["films"][0]["id"])


def chosen(watch: Watched) -> list[int]:
    scene = watch.watching.desk.scene(only(watch), 2)
    assert scene is not None
    return [take["take"] for take in scene["takes"] if take["is_chosen"]]
