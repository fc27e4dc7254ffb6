"""A TCP proxy that misbehaves as a network does: before a request is read, after it, and in the middle of an answer.

It stands before any server, knows nothing of ASGI, and says of each connection whether the server behind was asked.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlsplit

Manner = Literal[
    "accept_and_close", "reset_before_read", "silent_before_read", "reset_after_read", "close_after_read", "half_head",
    "half_body", "silent_after_read",
]  # fmt: skip
MANNERS: tuple[Manner, ...] = get_args(Manner)
BEFORE_READ: tuple[Manner, ...] = ("accept_and_close", "reset_before_read", "silent_before_read")
"""These cannot be seen by the server behind, nor matched by what is asked for."""


@dataclass(frozen=True, slots=True)
class Upset:
    """What happens to one connection."""

    manner: Manner
    seen: bool = False
    """True: the server behind gets the request, and answers to nobody."""
    match: str = ""
    """Only a request whose first line holds this, such as `POST /`."""


@dataclass(slots=True)
class Wire:
    """`url` is where clients go; `upsets` are used up one by one, in order; what matches none is passed on."""

    target: tuple[str, int]
    port: int = 0
    upsets: list[Upset] = field(default_factory=list)
    spent: list[Upset] = field(default_factory=list)
    passed: int = 0
    """Requests that went through whole."""
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens at `url` in this block: connections are refused."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(60)
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(60)

    async def _open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, backlog=256)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            blind = self._take(lambda upset: upset.manner in BEFORE_READ)
            if blind is None:
                await self._requests(reader, writer)
            else:
                await _end(blind.manner, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, which is its right
        finally:
            writer.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One after the other, as long as the client keeps the line."""
        while (request := await _message(reader)) is not None:
            first = request.split(b"\r\n", 1)[0].decode("latin-1")
            upset = self._take(lambda each, first=first: each.manner not in BEFORE_READ and each.match in first)
            if upset is None:
                answer = await self._asked(request)
                self.passed += 1
                writer.write(answer)
                await writer.drain()
                continue
            answer = await self._asked(request) if upset.seen else _NEVER
            if upset.manner == "half_head":
                writer.write(answer[:20])
            elif upset.manner == "half_body":
                head = answer.index(b"\r\n\r\n") + 4
                writer.write(answer[: head + (len(answer) - head) // 2])
            await writer.drain()
            await _end(upset.manner, reader, writer)
            return

    def _take(self, fits: object) -> Upset | None:
        for place, upset in enumerate(self.upsets):
            if callable(fits) and fits(upset):
                self.spent.append(upset)
                return self.upsets.pop(place)
        return None

    async def _asked(self, request: bytes) -> bytes:
        """What the server behind answers, whole."""
        reader, writer = await asyncio.open_connection(*self.target)
        try:
            head, _, rest = request.partition(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            writer.write(b"\r\n".join([*lines, b"connection: close"]) + b"\r\n\r\n" + rest)
            await writer.drain()
            answer = await reader.read()
        finally:
            writer.close()
        return answer.replace(b"\r\nconnection: close", b"", 1)


_NEVER = b'HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n{"id": "nobody-has-asked-me!"}'


async def _message(reader: asyncio.StreamReader) -> bytes | None:
    """One request with its body; None where the client has hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    names = {name.strip().lower(): value.strip() for name, _, value in (e.partition(b":") for e in head.split(b"\r\n"))}
    if names.get(b"transfer-encoding") == b"chunked":
        return head + await _chunks(reader)
    return head + await reader.readexactly(int(names.get(b"content-length", b"0")))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    found = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        chunk = await reader.readexactly(int(line, 16) + 2)
        found += line + chunk
        if line.strip() == b"0":
            return found


async def _end(manner: Manner, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if manner.startswith("silent"):
        with suppress(ConnectionError):
            while await reader.read(65536):
                pass
    elif manner.startswith("reset"):
        taken: socket.socket = writer.get_extra_info("socket")
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()


@contextmanager
def wired(url: str) -> Iterator[Wire]:
    """A proxy before the server at `url`, until the block ends."""
    parts = urlsplit(url)
    wire = Wire((parts.hostname or "127.0.0.1", parts.port or 80))
    thread = threading.Thread(target=wire._loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(wire._open(), wire._loop).result(60)
    try:
        yield wire
    finally:
        asyncio.run_coroutine_threadsafe(_finish(wire), wire._loop).result(60)
        wire._loop.call_soon_threadsafe(wire._loop.stop)
        thread.join(60)
        wire._loop.close()


async def _finish(wire: Wire) -> None:
    await wire._close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
