"""Emulators on real sockets: `with running(app) as url`, or all of them by `python -m tests.emulators.serve`."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class _OpenLine(H11Protocol):
    """Puts the connection's transport into `scope["extensions"]`, for faults that no ASGI message can express."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app = partial(_with_line, self.app, transport)


async def _with_line(app: ASGIApp, line: asyncio.Transport, scope: Scope, receive: Receive, send: Send) -> None:
    scope.setdefault("extensions", {})["transport"] = line
    await app(scope, receive, send)


@contextmanager
def running(app: Any, port: int = 0) -> Iterator[str]:
    """The origin of `app`, served from a thread with a loop of its own until the block ends."""
    # Named as TCP so that asyncio switches Nagle's delay off: it does so only for sockets that say what they are.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen(512)
    config = uvicorn.Config(
        app, log_config=None, log_level=60, access_log=False, lifespan="off", ws="none", loop="asyncio",
        http=_OpenLine, proxy_headers=False, server_header=False, date_header=False, timeout_keep_alive=30,
    )  # fmt: skip
    state = _Served()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(uvicorn.Server(config), door, state)), daemon=True)
    thread.start()
    state.is_up.wait(10)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        state.stop()
        thread.join(10)
        door.close()


class _Served:
    def __init__(self) -> None:
        self.is_up = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.over = asyncio.Event()

    def stop(self) -> None:
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.over.set)


async def _serve(server: uvicorn.Server, door: socket.socket, state: _Served) -> None:
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup(sockets=[door])
    state.loop = asyncio.get_running_loop()
    state.is_up.set()
    await state.over.wait()
    for listening in server.servers:
        listening.close()
    for connection in list(server.server_state.connections):
        if connection.transport is not None:  # uvicorn's own shutdown sleeps, and waits for what is meant to be silent
            connection.transport.abort()
    await asyncio.sleep(0)


def _wait_for_ever() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return


def main() -> None:
    """Start everything and print how to use it."""
    from tests.emulators.stand import KEYS, stand

    with stand() as found:
        exports = [f"export {name}={value}" for name, value in KEYS.items()]
        seen = " ".join((found.fal_url, found.replicate_url, found.lumenfall_url))
        lines = ["# storyreel.toml", found.settings(), "# in the shell", *exports, f"# GET /_state at {seen}", ""]
        sys.stdout.write("\n".join(lines))
        sys.stdout.flush()
        _wait_for_ever()


if __name__ == "__main__":
    main()
