"""`watch`: rebuilds what changed, shows it on a page, and buys nothing that it was not told to buy."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from storyreel.cli.context import FAILED, INTEGRITY, INTERRUPTED, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.base.money import Usd
    from storyreel.driver.project import Project
    from storyreel.driver.watching import Asked, Watching


def watch(
    common: Common,
    board: str,
    provider: str | None,
    film: str | None,
    is_buying: bool,
    max_cost: Usd | None,
    port: int,
    is_opened: bool,
) -> int:
    """Watch until told to end; 0 after `q`, 130 after Ctrl-C, 143 when terminated."""
    if is_buying and max_cost is None:
        raise Stop(USAGE, "--render buys by itself, so it needs a bound: --max-cost USD")
    if max_cost is not None and not is_buying:
        raise Stop(USAGE, "--max-cost bounds what is bought, and nothing is bought without --render")
    from storyreel.driver.live_buying import Leave
    from storyreel.driver.sellers import UnknownProvider, sellers_of
    from storyreel.driver.watching import Asked
    from storyreel.media.failed import MediaFailed
    from storyreel.render.blobs import DamagedBlob
    from storyreel.render.tables import JournalRefused

    project = common.open()
    path = common.board(project, board)
    try:
        sellers_of(provider, project.settings)
    except UnknownProvider as unknown:
        raise Stop(USAGE, str(unknown)) from None
    asked = Asked(path, provider, film, Leave(max_cost) if max_cost is not None else None)
    try:
        return asyncio.run(_watched(common, project, asked, port, is_opened))
    except MediaFailed as failed:
        raise Stop(FAILED, failed.message) from None
    except JournalRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    except DamagedBlob as damaged:
        raise Stop(INTEGRITY, f"{damaged}; `storyreel store verify` names every such file") from None


async def _watched(common: Common, project: Project, asked: Asked, port: int, is_opened: bool) -> int:
    from storyreel.cli.watch_line import WatchLine
    from storyreel.driver.watching import Watching
    from storyreel.watch.server import serving

    with WatchLine(common, asked.board) as line:
        watching = Watching(project, asked, line)
        try:
            async with serving(watching.desk, port) as served:
                line.at(served.address)
                if is_opened and sys.stdout.isatty():
                    await asyncio.to_thread(_open, served.address)
                return await _until_told(watching)
        except OSError as refused:
            if port:
                raise Stop(USAGE, f"port {port} cannot be had: {refused.strerror}; leave --port out") from None
            raise


async def _until_told(watching: Watching) -> int:
    """Run until a signal or a key ends it."""
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(code: int) -> None:
        if not ended.done():
            ended.set_result(code)

    for number, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, 143)):
        asyncio.get_running_loop().add_signal_handler(number, end, code)
    running = asyncio.create_task(watching.run())
    try:
        async with _keys(watching, end):
            over: set[asyncio.Future[Any]] = {running, ended}
            await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        return ended.result()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@asynccontextmanager
async def _keys(watching: Watching, end: Callable[[int], None]) -> AsyncIterator[None]:
    """On a terminal, `s` buys now and `q` ends; elsewhere nothing is read."""
    if not sys.stdin.isatty():
        yield
        return
    import os
    import termios
    import tty

    loop, stdin = asyncio.get_running_loop(), sys.stdin.fileno()
    asked: set[asyncio.Task[object]] = set()

    def read() -> None:
        for key in os.read(stdin, 64).decode(errors="ignore"):
            if key == "s":
                task: asyncio.Task[object] = asyncio.ensure_future(watching.buy(()))
                asked.add(task)
                task.add_done_callback(asked.discard)
            elif key in "q\x04":
                end(0)

    before = termios.tcgetattr(stdin)
    tty.setcbreak(stdin)
    loop.add_reader(stdin, read)
    try:
        yield
    finally:
        loop.remove_reader(stdin)
        termios.tcsetattr(stdin, termios.TCSADRAIN, before)


def _open(address: str) -> None:
    import webbrowser

    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)
