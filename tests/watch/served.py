"""A stage served as people get it: on a real socket, from a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse

from storyreel.watch.server import serving
from storyreel.watch.spec import Stage

PATIENCE_MS = 60_000
"""So long a page may take for anything."""


@dataclass
class Running:
    """A server that is up."""

    address: str
    port: int
    loop: asyncio.AbstractEventLoop
    stop: Callable[[], None]

    @property
    def token(self) -> str:
        return self.address.partition("token=")[2]

    def soon(self, change: Callable[[], object]) -> None:
        """Make a change in the server's own loop, and wait until it is made."""
        done = threading.Event()

        def make() -> None:
            change()
            done.set()

        self.loop.call_soon_threadsafe(make)
        assert done.wait(60)

    def ask(
        self, method: str, path: str, headers: dict[str, str | None] | None = None, body: bytes | None = None
    ) -> Heard:
        """A request exactly as told: nothing is added to the headers but `Host`, unless that is told (None: none)."""
        line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in ({"Host": f"127.0.0.1:{self.port}"} | (headers or {})).items():
                if value is not None:
                    line.putheader(name, value)
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            return Heard(answer.status, answer, answer.read())
        finally:
            line.close()

    def cookie(self) -> str:
        """The cookie that the address with the token gives."""
        return (self.ask("GET", f"/?token={self.token}").answer.getheader("set-cookie") or "").partition(";")[0]


@dataclass
class Heard:
    status: int
    answer: HTTPResponse
    body: bytes

    def header(self, name: str) -> str | None:
        return self.answer.getheader(name)


def _soon(loop: asyncio.AbstractEventLoop, over: asyncio.Event) -> None:
    loop.call_soon_threadsafe(over.set)


@contextmanager
def served(stage: Stage) -> Iterator[Running]:
    up = threading.Event()
    found: list[Running] = []

    async def main() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with serving(stage) as here:
            found.append(Running(here.address, here.port, loop, lambda: _soon(loop, over)))
            up.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.run(main()), daemon=True)
    thread.start()
    assert up.wait(60)
    try:
        yield found[0]
    finally:
        if thread.is_alive():
            found[0].stop()
        thread.join(60)
        assert not thread.is_alive()
