"""Adapters against the emulators: who is asked, with what, and how a job is seen through to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from storyreel.plan.route import Seller, known_sellers
from storyreel.providers.http import Times
from storyreel.providers.spec import Job, Operation, Pending, Polled, Vendor
from storyreel.providers.vendors import vendor_of
from tests.emulators.stand import KEYS, Stand

PROMPT = "A ship turns for shore while the great lamp gutters."
FAL = "fal-ai/kling-video/v3/standard/text-to-video"
REPLICATE = "kwaivgi/kling-v3-video"
LUMENFALL = "fal/kling-v3"
PATIENT = Times(connect=60, write=60, read=60, whole=120, load=120, doubt=0.01)


def sellers(stand: Stand) -> dict[str, Seller]:
    known = known_sellers()
    return {
        "fal": replace(
            known["fal"],
            url=stand.fal_url,
            storage_url=stand.fal_storage_url,
            platform_url=f"{stand.fal_url}/v1",
            allow_private=True,
        ),
        "replicate": replace(known["replicate"], url=f"{stand.replicate_url}/v1", allow_private=True),
        "lumenfall": replace(known["lumenfall"], url=f"{stand.lumenfall_url}/openai/v1", allow_private=True),
    }


def job(stand: Stand, name: str, **changes: Any) -> Job:
    """Three silent seconds."""
    if name == "fal":
        body = {"prompt": PROMPT, "duration": "3", "generate_audio": False, **changes}
        return Job("key", 1, FAL, body, {}, url=f"{stand.fal_url}/{FAL}")
    if name == "replicate":
        given = {"prompt": PROMPT, "duration": 3, "mode": "standard", "generate_audio": False, **changes}
        return Job(
            "key", 1, REPLICATE, {"input": given}, {}, url=f"{stand.replicate_url}/v1/models/{REPLICATE}/predictions"
        )
    body = {"model": LUMENFALL, "prompt": PROMPT, "seconds": "3", "generate_audio": False, **changes}
    return Job("key", 1, LUMENFALL, body, {}, url=f"{stand.lumenfall_url}/openai/v1/videos")


def using(
    stand: Stand,
    name: str,
    act: Callable[[Any], Awaitable[Any]],
    *,
    environ: Mapping[str, str] = KEYS,
    times: Times = PATIENT,
) -> Any:
    """What `act` finds out with a vendor of its own."""

    async def run() -> Any:
        vendor = vendor_of(sellers(stand)[name], environ=environ, times=times, now=stand.clock.now)
        try:
            return await act(vendor)
        finally:
            await vendor.close()

    return asyncio.run(run())


async def started(vendor: Vendor, asked: Job, claim: str = "claim-1") -> Operation:
    found = await vendor.start(asked, claim=claim)
    assert isinstance(found, Operation), found
    return found


async def ended(vendor: Vendor, operation: Operation) -> Polled:
    """Poll until it is no longer pending."""
    for _ in range(3000):
        found = await vendor.poll(operation)
        if not isinstance(found, Pending):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("it never ended")


def picture(folder: Path, size: int) -> Path:
    """A file that begins like a PNG and is so many bytes long."""
    path = folder / "stored-without-a-suffix"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(index % 251 for index in range(size - 8)))
    return path
