"""Connections for httpx that lead to checked addresses only: a name is looked up once, and that answer is used."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from storyreel.providers.address import AddressRefused, is_allowed

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""A name and a port to addresses; raises OSError."""

_SPARE_S = 3.0
_IDLE = 20
_IDLE_S = 4.0


@cache
def tls() -> ssl.SSLContext:
    """One for the whole process: reading the authorities takes longer than a request."""
    return httpx.create_ssl_context(trust_env=False)


async def resolve(host: str, port: int) -> list[str]:
    """The system's answer, in its order, each address once."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedTransport(httpx.AsyncBaseTransport):
    """Without `keep_alive` every request has a connection of its own: a stale one would leave a doubt."""

    def __init__(self, *, allow_private: bool, keep_alive: bool, resolve: Resolve = resolve) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls(),
            max_connections=None,
            max_keepalive_connections=_IDLE if keep_alive else 0,
            keepalive_expiry=_IDLE_S,
            network_backend=_Checked(allow_private, resolve),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        assert isinstance(request.stream, httpx.AsyncByteStream)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        with _spoken():
            answer = await self._pool.handle_async_request(asked)
        assert not isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Checked(httpcore.AsyncNetworkBackend):
    def __init__(self, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._net = httpcore.AnyIOBackend()

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
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as late:
            raise httpcore.ConnectTimeout(f"looking up {host} took too long") from late
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError(f"{host} is not known") from unknown
        allowed = [address for address in found if is_allowed(address, allow_private=self._allow_private)]
        if not allowed:
            raise AddressRefused("which is not a public address")
        for number, address in enumerate(allowed, start=1):
            left = None if end is None else max(0.05, end - loop.time())
            wait = left if number == len(allowed) else _SPARE_S if left is None else min(left, _SPARE_S)
            try:
                return await self._net.connect_tcp(address, port, wait, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(allowed):
                    raise
        raise AssertionError("there is a last address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _spoken():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        with _spoken():
            await self._answer.aclose()


@contextmanager
def _spoken() -> Iterator[None]:
    """Failures of httpcore under the names that httpx has for them; they are the same words."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        httpcore.ProxyError,
    ) as failed:
        raise getattr(httpx, type(failed).__name__)(str(failed)) from failed
