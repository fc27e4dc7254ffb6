"""Server-sent events: the number of the newest revision, to everyone who listens. What changed, the page asks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from storyreel.watch.spec import Stage

MOST = 24
"""Listeners at once. Tabs of one browser share one."""
GAP_S = 0.1
"""At least so long between two numbers."""
BEAT_S = 15.0
SLOWEST_S = 10.0
"""A listener that takes nothing for so long is let go."""


class Listeners:
    """Everyone who listens; to be made in the loop that serves."""

    def __init__(self, stage: Stage, *, slowest_s: float = SLOWEST_S) -> None:
        self._stage = stage
        self._slowest_s = slowest_s
        self._over = asyncio.Event()
        self.count = 0

    def close(self) -> None:
        """Let everyone go."""
        self._over.set()

    def answer(self) -> Response:
        """The endless answer, or 503 where there are too many."""
        if self.count >= MOST or self._over.is_set():
            return PlainTextResponse("Too many pages are open.", 503, {"retry-after": "5"})
        return _Stream(self)

    async def tell(self, receive: Receive, send: Send) -> None:
        """Until the page goes, is too slow, or nothing more will come."""
        self.count += 1
        ends = {asyncio.create_task(_gone(receive)), asyncio.create_task(self._is_over())}
        try:
            async with aclosing(self._stage.revisions()) as numbers:
                await self._numbers(numbers, ends, send)
        except TimeoutError:
            pass  # Too slow: it comes back by itself, and then sees the newest.
        finally:
            self.count -= 1
            for task in ends:
                task.cancel()

    async def _numbers(self, numbers: AsyncGenerator[int, None], ends: set[asyncio.Task[None]], send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._say(send, "retry: 1000\n\n")
        coming = asyncio.ensure_future(anext(numbers))
        try:
            while True:
                done, _ = await asyncio.wait({coming, *ends}, timeout=BEAT_S, return_when=asyncio.FIRST_COMPLETED)
                if done & ends:
                    break
                if not done:
                    await self._say(send, ":\n\n")
                    continue
                try:
                    await self._say(send, f"data: {coming.result()}\n\n")
                except StopAsyncIteration:
                    break
                await asyncio.sleep(GAP_S)
                coming = asyncio.ensure_future(anext(numbers))
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await send({"type": "http.response.body", "body": b""})

    async def _say(self, send: Send, text: str) -> None:
        async with asyncio.timeout(self._slowest_s):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    async def _is_over(self) -> None:
        await self._over.wait()


class _Stream(Response):
    def __init__(self, listeners: Listeners) -> None:
        super().__init__()
        self._listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._listeners.tell(receive, send)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
