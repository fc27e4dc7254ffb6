"""A provider tried from end to end for nothing: it makes a film up, and no take, journal or lock hears of it."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.probe import probe
from storyreel.media.whole import flaw_of
from storyreel.plan.catalog import catalog
from storyreel.plan.route import Seller
from storyreel.providers.spec import Done, Failed, Fetched, Job, NotSent, Operation, Reason, Unreachable, Unsure

if TYPE_CHECKING:
    from storyreel.providers.spec import Vendor

MOCKING = frozenset({"lumenfall"})
"""Sellers, as the catalog lists them, that make films up when they are asked to."""
LONGEST_S = 120.0
LOOK_S = 1.0
_MODEL, _TIER, _SECONDS = "kling-v3", "standard", 3
_WORDS = "A lighthouse at dusk, waves against the rocks."


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: a film where `reason` is None."""

    message: str
    reason: Reason | None = None
    submit_s: float | None = None
    total_s: float | None = None


async def tried(seller: Seller) -> Tried:
    """Ask for a film that is made up, follow it, fetch it and look at it. Of sellers in `MOCKING` alone."""
    from storyreel.providers.vendors import vendor_of  # Brings httpx: not loaded where nobody is asked.

    assert seller.listed_as in MOCKING
    vendor = vendor_of(seller, is_mock=True)
    try:
        async with asyncio.timeout(LONGEST_S):
            return await _tried(vendor, seller)
    except TimeoutError:
        return Tried(f"{seller.name} has not made its mock film within {LONGEST_S:.0f} s", "transient")
    finally:
        await vendor.close()


async def _tried(vendor: Vendor, seller: Seller) -> Tried:
    endpoint = catalog().endpoint(seller.listed_as, _MODEL, _TIER, has_start=False)
    assert endpoint is not None
    body = {"model": endpoint.name, "prompt": _WORDS, "seconds": str(_SECONDS), "generate_audio": False}
    began = time.monotonic()
    started = await vendor.start(
        Job("", 1, endpoint.name, body, {}, f"{seller.url}/videos"), claim=f"try-{secrets.token_hex(8)}"
    )
    submit_s = time.monotonic() - began
    if isinstance(started, Failed):
        return Tried(started.message, started.reason, submit_s)
    if isinstance(started, NotSent | Unsure):
        return Tried(started.message, "transient", submit_s)
    ended = await _ended(vendor, started)
    if isinstance(ended, Failed):
        return Tried(ended.message, ended.reason, submit_s)
    if ended.billed:
        return Tried(f"{seller.name} charges {ended.billed} USD for what was to be a mock", "internal", submit_s)
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "film.mp4"
        fetched = await vendor.fetch(ended, film)
        if not isinstance(fetched, Fetched):
            reason: Reason = fetched.reason if isinstance(fetched, Failed) else "transient"
            return Tried(fetched.message, reason, submit_s)
        flaw = await flaw_of(film)
        facts = probe(film)
    if flaw is not None or facts is None:
        return Tried(f"what came back is no film: {flaw or 'it cannot be read'}", "internal", submit_s)
    total_s = time.monotonic() - began
    what = f"{float(facts.seconds or 0):.1f} s, {facts.width}x{facts.height}"
    return Tried(f"a mock film came back ({what}); nothing was charged", None, submit_s, total_s)


async def _ended(vendor: Vendor, operation: Operation) -> Done | Failed:
    while True:
        status = await vendor.poll(operation)
        if isinstance(status, Done | Failed):
            return status
        asked_for = status.retry_after or 0.0
        if isinstance(status, Unreachable) and asked_for > LONGEST_S:
            return Failed("transient", status.message)
        await asyncio.sleep(max(LOOK_S, asked_for))
