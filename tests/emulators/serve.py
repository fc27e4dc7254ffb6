"""Emulators on real sockets: `with running(app) as url`, or all of them by `python -m tests.emulators.serve`."""

from __future__ import annotations

import argparse
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

from tests.emulators.faults import Fault

MIXED = (
    Fault("status", status=429),
    Fault("status", status=500),
    Fault("html"),
    Fault("status", status=503, seen=True),
    Fault("reset", seen=True),
    Fault("close"),
    Fault("half_body", seen=True),
    Fault("invalid_json"),
    Fault("empty"),
)
"""What a bad day brings, whether the server behind was asked or not."""


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
    assert state.is_up.wait(60)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        state.stop()
        thread.join(60)
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
    from tests.emulators.jobs import Schedule
    from tests.emulators.stand import KEYS, stand

    asked = argparse.ArgumentParser(prog="python -m tests.emulators.serve", description=__doc__)
    asked.add_argument("--queued", type=float, default=1.0, help="seconds that a job waits")
    asked.add_argument("--running", type=float, default=3.0, help="seconds that a job runs")
    asked.add_argument("--scale", type=float, default=1.0, help="of the films' sides; 0.1 for load")
    asked.add_argument("--fixed", action="store_true", help="equal films for equal lengths: nothing is drawn twice")
    asked.add_argument("--fault-rate", type=float, default=0.0, help="share of all requests that are spoiled")
    asked.add_argument("--seed", type=int, default=0)
    options = asked.parse_args()
    schedule = Schedule(options.queued, options.running)
    with stand(schedule=schedule, scale=options.scale, is_film_fixed=options.fixed) as found:
        found.spoil(options.fault_rate, MIXED, seed=options.seed)
        exports = [f"export {name}={value}" for name, value in KEYS.items()]
        seen = " ".join((found.fal_url, found.replicate_url, found.lumenfall_url, found.media.url))
        lines = ["# storyreel.toml", found.settings(), "# in the shell", *exports, f"# GET /_state at {seen}", ""]
        sys.stdout.write("\n".join(lines))
        sys.stdout.flush()
        _wait_for_ever()


if __name__ == "__main__":
    main()
