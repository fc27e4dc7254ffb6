"""A whole watch in a browser: its button buys from an emulator while the board is edited, each take once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from storyreel.base.diagnostic import Diagnostic
from storyreel.driver.live_buying import Leave
from storyreel.driver.project import open_project
from storyreel.driver.watching import Asked, Watching
from storyreel.watch.server import serving
from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, stand
from tests.support.project import SMALL, Folder
from tests.watch.served import PATIENCE_MS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BOARD = "storyboards/film.yaml"


class Nobody:
    """A terminal that nobody reads."""

    def read(self, words: str, diagnostics: Sequence[Diagnostic], texts: Mapping[str, str]) -> None:
        pass

    def doing(self, words: str) -> None:
        pass

    def say(self, words: str) -> None:
        pass


@contextmanager
def watched(folder: Folder, ceiling: str) -> Iterator[str]:
    """The address of a watch that may buy, which runs in a thread."""
    up = threading.Event()
    found: list[tuple[str, Callable[[], object]]] = []

    async def main() -> None:
        asked = Asked(BOARD, "fal", None, Leave(Decimal(ceiling)))
        watching, over = Watching(open_project(folder.root), asked, Nobody()), asyncio.Event()
        async with serving(watching.desk) as served:
            running = asyncio.create_task(watching.run())
            loop = asyncio.get_running_loop()
            found.append((served.address, lambda: loop.call_soon_threadsafe(over.set)))
            up.set()
            try:
                await over.wait()
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert up.wait(60)
    address, stop = found[0]
    try:
        yield address
    finally:
        stop()
        thread.join(60)
        assert not thread.is_alive()


def scene_says(page: Page, scene: str, words: str) -> None:
    """Wait until the timeline tells this of a scene."""
    page.wait_for_function(
        "([id, words]) => [...document.querySelectorAll('.scene-button')].some(b => "
        "b.ariaLabel.includes(`, ${id},`) && b.ariaLabel.includes(words))",
        arg=[scene, words],
    )


def until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_MS // 50):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError


def test_a_click_buys_once_whatever_is_edited_meanwhile(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    monkeypatch.setattr("storyreel.driver.live_buying.REST_S", 600)
    folder = Folder.with_board(tmp_path, SMALL)
    complaints: list[str] = []
    with stand(scale=0.25) as providers:
        folder.write("storyreel.toml", providers.settings())
        providers.fal.schedule = Schedule(1.0, 2.0)
        with watched(folder, "20") as address:
            page = browser.new_page(reduced_motion="reduce")
            page.set_default_timeout(PATIENCE_MS)
            page.on("pageerror", lambda problem: complaints.append(str(problem)))
            page.goto(address)
            scene_says(page, "sea", "animatic")
            buy = page.get_by_role("button", name="Buy 2 takes")
            buy.dblclick()
            until(page, lambda: len(providers.fal.ledger.submissions) == 2)
            folder.edit("A black sea", "A red sea")  # What is on its way is of no use to the board any more.
            scene_says(page, "sea", "changed")
            scene_says(page, "pier", "cached")
            page.get_by_role("button", name="Buy 1 take").wait_for()
            folder.edit("A red sea", "A black sea")
            scene_says(page, "sea", "cached")
            page.get_by_role("button", name="Nothing to buy", disabled=True).wait_for()
            page.close()
        assert len(providers.fal.ledger.submissions) == 2
        assert providers.fal.ledger.duplicates == 0
    assert complaints == []
