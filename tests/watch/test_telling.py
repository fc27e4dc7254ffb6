"""News: every follower sees the newest number, a slow one is let go, and there are never too many."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.types import Message

from storyreel.watch.revisions import Revisions
from storyreel.watch.telling import GAP_S, MOST, Listeners
from storyreel.watch.twin import MemoryStage


def run(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(120):
            await main()

    asyncio.run(bounded())


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.005)


def test_a_late_reader_sees_the_last_number_and_not_those_between() -> None:
    async def main() -> None:
        revisions = Revisions()
        numbers = revisions.follow()
        assert await anext(numbers) == 1
        for _ in range(100):
            revisions.bump()
        assert await anext(numbers) == 101
        revisions.close()
        assert [number async for number in numbers] == []

    run(main)


def test_many_changes_come_as_few_numbers_and_the_last_is_among_them() -> None:
    async def main() -> None:
        stage = MemoryStage()
        listeners = Listeners(stage)
        heard: list[bytes] = []

        async def send(message: Message) -> None:
            heard.append(message.get("body", b""))

        began = time.monotonic()
        telling = asyncio.create_task(listeners.tell(never, send))
        for _ in range(200):
            stage.bump()
            await asyncio.sleep(0.001)
        await until(lambda: b"data: 201\n\n" in heard)
        # Two messages stand before the first number; the slower this machine, the more numbers may come.
        assert len(heard) <= 3 + (time.monotonic() - began) / GAP_S
        listeners.close()
        await telling
        assert listeners.count == 0

    run(main)


def test_a_listener_that_takes_nothing_is_let_go() -> None:
    async def main() -> None:
        listeners = Listeners(MemoryStage(), slowest_s=0.05)

        async def stuck(message: Message) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        await listeners.tell(never, stuck)
        assert listeners.count == 0

    run(main)


def test_a_page_that_went_is_forgotten() -> None:
    async def main() -> None:
        listeners = Listeners(MemoryStage())
        went = asyncio.Event()

        async def receive() -> Message:
            await went.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            pass

        telling = asyncio.create_task(listeners.tell(receive, send))
        await until(lambda: listeners.count == 1)
        went.set()
        await telling
        assert listeners.count == 0

    run(main)


def test_there_are_never_too_many() -> None:
    async def main() -> None:
        listeners = Listeners(MemoryStage())

        async def send(message: Message) -> None:
            pass

        tasks = [asyncio.create_task(listeners.tell(never, send)) for _ in range(MOST)]
        await until(lambda: listeners.count == MOST)
        assert listeners.answer().status_code == 503
        listeners.close()
        await asyncio.gather(*tasks)

    run(main)
