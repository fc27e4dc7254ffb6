"""Sockets to checked addresses only: a name is looked up once, and that very answer is connected to."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore

from storyreel.providers.address import AddressRefused, is_allowed

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""A name and a port to addresses; raises OSError."""

_SPARE_S = 3.0
"""For an address that is not the last one."""
_BUFFER = 256 * 1024


async def resolve(host: str, port: int) -> list[str]:
    """The system's answer, in its order, each address once."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Raises AddressRefused where a name leads to no address that may be connected to."""

    def __init__(self, *, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        allowed = [address for address in found if is_allowed(address, allow_private=self._allow_private)]
        if not allowed:
            raise AddressRefused("which is not a public address")
        for address in allowed[:-1]:
            wait = _SPARE_S if end is None else min(_SPARE_S, end - loop.time())
            try:
                return await _connected(address, port, wait)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await _connected(allowed[-1], port, None if end is None else end - loop.time())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _connected(address: str, port: int, wait: float | None) -> httpcore.AsyncNetworkStream:
    with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
        async with asyncio.timeout(wait):
            loop = asyncio.get_running_loop()
            reader = _Reader(limit=_BUFFER, loop=loop)
            protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
            transport, _ = await loop.create_connection(lambda: protocol, address, port)
            return _Stream(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
    raise AssertionError("unreachable")


class _Reader(asyncio.StreamReader):
    """Counts what has come in and was not read yet; a line that has ended counts as something."""

    unread = 0

    def feed_data(self, data: Any) -> None:
        self.unread += len(data)
        super().feed_data(data)

    def feed_eof(self) -> None:
        self.unread += 1
        super().feed_eof()


class _Stream(httpcore.AsyncNetworkStream):
    """Asyncio's own streams: a third of the time that the general ones take."""

    def __init__(self, reader: _Reader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        with _named(httpcore.ReadTimeout, httpcore.ReadError):
            async with asyncio.timeout(timeout):
                data = await self._reader.read(max_bytes)
        self._reader.unread -= len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        with _named(httpcore.WriteTimeout, httpcore.WriteError):
            async with asyncio.timeout(timeout):
                self._writer.write(buffer)
                await self._writer.drain()

    async def aclose(self) -> None:
        self._writer.close()
        # What has to be said was said; a peer that does not answer a farewell is not waited for.
        await asyncio.sleep(0)
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        try:
            with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
                async with asyncio.timeout(timeout):
                    await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            self._writer.transport.abort()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        # An idle connection on which something has come in was hung up.
        return self._reader.unread > 0 or self._writer.is_closing() if info == "is_readable" else None


@contextmanager
def _named(late: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Failures of sockets under httpcore's names; a TimeoutError is an OSError too, so it comes first."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except (OSError, UnicodeError) as error:
        raise failed(str(error)) from error
