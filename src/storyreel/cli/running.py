"""A render as it runs: its events shown, signals heard, and what goes wrong said in a sentence."""

from __future__ import annotations

import asyncio
import errno
import signal
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from storyreel.cli.context import FAILED, INTEGRITY, INTERRUPTED, Common, Stop

if TYPE_CHECKING:
    from storyreel.driver.making import Stopping
    from storyreel.driver.outcome import Outcome, RenderEvent
    from storyreel.plan.plan import Plan


def followed(common: Common, plan: Plan, events: AsyncIterator[RenderEvent], stopping: Stopping) -> Outcome:
    """Run to the `Outcome`. The first signal lets requests on their way be recorded, the second ends it."""
    from storyreel.media.ffmpeg import MediaFailed
    from storyreel.render.blobs import DamagedBlob
    from storyreel.render.tables import JournalRefused

    try:
        return asyncio.run(_followed(common, plan, events, stopping))
    except asyncio.CancelledError:
        raise Stop(stopping.code, "stopped at once; the same command goes on where this one stopped") from None
    except MediaFailed as failed:
        raise Stop(FAILED, failed.message) from None
    except JournalRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    except DamagedBlob as damaged:
        raise Stop(INTEGRITY, f"{damaged}; `storyreel store verify` names every such file") from None
    except OSError as failed:
        if failed.errno == errno.ENOSPC:
            raise Stop(FAILED, "the disk is full: make room and run again, what is done stays done") from None
        raise


async def _followed(common: Common, plan: Plan, events: AsyncIterator[RenderEvent], stopping: Stopping) -> Outcome:
    from storyreel.cli.progress import Progress
    from storyreel.driver.outcome import Outcome

    task = asyncio.current_task()
    assert task is not None

    def hear(number: signal.Signals) -> None:
        stopping.code = INTERRUPTED if number == signal.SIGINT else 128 + number
        if stopping.is_asked or not stopping.is_buying:
            task.cancel()
        else:
            common.hint("stopping: requests on their way are written down first (again to stop at once)")
            stopping.ask()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, hear, number)
    outcome = Outcome()
    with Progress(common, plan) as progress:
        async for event in events:
            if isinstance(event, Outcome):
                outcome = event
            else:
                progress.tell(event)
    return outcome
