"""What carries httpx's requests: connections of our own, kept or not, to checked addresses."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import cache

import httpcore
import httpx

from storyreel.providers.network import CheckedNetwork, Resolve, resolve

_MOST_IDLE = 64
"""Connections that wait for their next request, for each origin."""
_IDLE_S = 4.0


@cache
def tls() -> ssl.SSLContext:
    """One for the whole process: reading the authorities takes longer than a request."""
    context = httpx.create_ssl_context(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])
    return context


class CheckedTransport(httpx.AsyncBaseTransport):
    """Without `keep_alive` every request has a connection of its own: a stale one would leave a doubt.

    httpcore's pool looks at every connection for every request, and its own connection waits for itself at a lock;
    hundreds side by side are cheaper without both.
    """

    def __init__(self, *, allow_private: bool, keep_alive: bool, resolve: Resolve = resolve) -> None:
        self._network = CheckedNetwork(allow_private=allow_private, resolve=resolve)
        self._keep_alive = keep_alive
        self._idle: dict[str, list[httpcore.AsyncHTTP11Connection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        assert isinstance(request.stream, httpx.AsyncByteStream)
        asked = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        if url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"{url.scheme} is not spoken")
        with _spoken():
            line = await self._line(target.origin, request.extensions["timeout"]["connect"])
            try:
                answer = await line.handle_async_request(asked)
            except BaseException:
                await line.aclose()
                raise
        body = _Body(self, target.origin, line, answer)
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=answer.extensions)

    async def aclose(self) -> None:
        idle = [line for lines in self._idle.values() for line in lines]
        self._idle.clear()
        for line in idle:
            await line.aclose()

    async def put_back(self, origin: httpcore.Origin, line: httpcore.AsyncHTTP11Connection) -> None:
        """A connection whose answer was read or let go."""
        idle = self._idle.setdefault(str(origin), [])
        if self._keep_alive and line.is_idle() and len(idle) < _MOST_IDLE:
            idle.append(line)
        else:
            await line.aclose()

    async def _line(self, origin: httpcore.Origin, wait: float) -> httpcore.AsyncHTTP11Connection:
        idle = self._idle.get(str(origin), [])
        while idle:
            line = idle.pop()
            if line.is_idle() and not line.has_expired():
                return line
            await line.aclose()
        host = origin.host.decode("ascii")
        stream = await self._network.connect_tcp(host, origin.port, wait)
        if origin.scheme == b"https":
            stream = await stream.start_tls(tls(), host, wait)
        return httpcore.AsyncHTTP11Connection(origin, stream, keepalive_expiry=_IDLE_S)


class _Body(httpx.AsyncByteStream):
    def __init__(
        self,
        transport: CheckedTransport,
        origin: httpcore.Origin,
        line: httpcore.AsyncHTTP11Connection,
        answer: httpcore.Response,
    ) -> None:
        self._transport = transport
        self._origin = origin
        self._line = line
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _spoken():
            async for part in self._answer.aiter_stream():
                yield part

    async def aclose(self) -> None:
        with _spoken():
            await self._answer.aclose()
        await self._transport.put_back(self._origin, self._line)


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
    ) as failed:
        raise getattr(httpx, type(failed).__name__)(str(failed)) from failed
