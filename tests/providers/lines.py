"""A server that says exactly the bytes it is told, so that a line can break off anywhere."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from storyreel.providers.http import Api, Times
from storyreel.providers.key import Key

PATIENT = Times(connect=60, write=60, read=60, whole=120, load=120, doubt=0.0, slow=60)
"""For whoever answers at all: a busy machine is no fault."""
QUICK = replace(PATIENT, read=0.15, whole=1.0)
"""For whoever never ends."""
SECRET = "fal-key-id:b1946ac92492d2347c6235b4d2611184"
ENVIRON = {"STUDIO_KEY": SECRET}


@dataclass
class Line:
    """One connection: what came in, and how to answer it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def heard(self) -> str:
        """The whole request."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next(
            (row.split(":")[1] for row in head.lower().split("\r\n") if row.startswith("content-length")), "0"
        )
        return head + (await self.reader.readexactly(int(length))).decode("utf-8", "replace")

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        taken = self.writer.get_extra_info("socket")
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass
class Server:
    url: str = ""
    requests: list[str] = field(default_factory=list)
    connections: int = 0


Behaviour = Callable[[Line, Server], Awaitable[None]]


@asynccontextmanager
async def served(behave: Behaviour) -> AsyncIterator[Server]:
    """A server on loopback that treats every connection in one way."""
    found = Server()
    busy: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        found.connections += 1
        try:
            await behave(Line(reader, writer), found)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield found
    finally:
        server.close()
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


def says(
    status: int, body: object = None, headers: Mapping[str, str] | None = None, *, raw: bytes | None = None
) -> Behaviour:
    """Every request is answered like this."""
    data = raw if raw is not None else json.dumps(body).encode()

    async def behave(line: Line, server: Server) -> None:
        server.requests.append(await line.heard())
        await line.say(answer(status, data, headers))

    return behave


Page = tuple[int, object, dict[str, str]]
"""Status, JSON and headers."""


def pages(**steps: Page) -> Behaviour:
    """Fixed answers by the last step of the path, with underlines for hyphens."""

    async def behave(line: Line, server: Server) -> None:
        heard = await line.heard()
        server.requests.append(heard)
        step = heard.split(" ")[1].partition("?")[0].rsplit("/", 1)[-1].replace("-", "_")
        status, body, headers = steps[step]
        await line.say(answer(status, json.dumps(body).encode(), headers))

    return behave


def answer(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    rows = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close"]
    rows += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*rows, "", ""]).encode("latin-1") + body


def api(url: str, *, allow_private: bool = True, environ: Mapping[str, str] = ENVIRON, times: Times = PATIENT) -> Api:
    """A provider's API there, called studio."""
    return Api("studio", [url], Key("STUDIO_KEY", "Key", environ), allow_private=allow_private, times=times)
