"""A thousand scenes at an emulator of fal on loopback, 50 in flight, 5 % of all requests spoiled.

Beside it, in the same run, the same load through fal's own async client. The emulator runs in a process of its own, so
that CPU is what the buyer uses. Nothing is decoded or cut here.

.venv/bin/python benchmarks/load.py [--jobs 1000] [--at-once 50] [--rate 0.05]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ENDPOINT = "fal-ai/kling-video/v3/standard/text-to-video"
LATENCY = (0.05, 0.5)
"""Seconds that a job takes there."""


@dataclass(frozen=True)
class Figures:
    """What one buyer made of the load."""

    wall: float
    cpu_ms: float
    """A job."""
    submit: Sequence[float]
    """Seconds."""
    succeeded: int
    accepted: int
    peak_mb: float


def serve(rate: float) -> None:
    """The emulator, until its standard input ends; its addresses go to standard output."""
    from tests.emulators.faults import Fault
    from tests.emulators.jobs import Schedule
    from tests.emulators.stand import stand

    with stand(schedule=Schedule(LATENCY[0], LATENCY[1]), scale=0.1, is_film_fixed=True) as found:
        lost = [Fault("close"), Fault("close", seen=True), Fault("reset", seen=True), Fault("half_head", seen=True)]
        busy = [Fault("status", status=429, headers={"retry-after": "1"})]
        broken = [Fault("status", status=500, seen=True), Fault("html", status=502), Fault("status", status=503)]
        found.fal.faults.at_rate(rate, [*lost, *busy, *broken], phases=["submit"], seed=1)
        late = [*busy, Fault("status", status=504), Fault("close")]
        found.fal.faults.at_rate(rate, late, phases=["poll", "result"], seed=2)
        found.media.faults.at_rate(rate, [Fault("cut"), Fault("status", status=503)], phases=["download"], seed=3)
        addresses = {"queue": found.fal_url, "storage": found.fal_storage_url, "platform": f"{found.fal_url}/v1"}
        print(json.dumps(addresses), flush=True)
        sys.stdin.read()


@contextmanager
def emulator(rate: float) -> Iterator[dict[str, str]]:
    process = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(rate)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(10)


def body(number: int) -> dict[str, Any]:
    return {"prompt": f"A black sea, wave {number}.", "duration": "3", "generate_audio": False, "aspect_ratio": "16:9"}


def storyreel(addresses: dict[str, str], jobs: int, at_once: int) -> Figures:
    """Through storyreel's own journal, executor and store."""
    return asyncio.run(_storyreel(addresses, jobs, at_once))


async def _storyreel(addresses: dict[str, str], jobs: int, at_once: int) -> Figures:
    from dataclasses import replace

    from storyreel.plan.route import known_sellers
    from storyreel.providers.vendors import vendor_of
    from storyreel.render.events import TakeKept
    from storyreel.render.executor import Executor
    from storyreel.render.journal import Journal
    from storyreel.render.materials import Supplies
    from storyreel.render.office import Office
    from storyreel.render.order import Order, Way
    from storyreel.render.store import DiskShelf, DiskStore
    from storyreel.render.terms import Terms

    seller = replace(
        known_sellers()["fal"],
        url=addresses["queue"],
        storage_url=addresses["storage"],
        platform_url=addresses["platform"],
        allow_private=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        store, journal = DiskStore(Path(folder) / "store"), Journal(Path(folder) / "journal.db")
        journal.warm()

        async def no_still(*_: object) -> None:
            raise AssertionError

        office = Office(
            journal=journal,
            vendors={"fal": vendor_of(seller)},
            terms={"fal": Terms(at_once, 3.0, "absent")},
            store=store,
            supplies=Supplies(asset_path=Path, still=no_still, shelf=DiskShelf(store.blobs)),
            accept=lambda _job, _file: None,
        )
        executor = Executor({}, store, lambda _job, _file: None, {}, office=office)
        price = Decimal("0.252")
        url = f"{seller.url}/{ENDPOINT}"
        orders = [
            Order(f"{n:064x}", 1, f"s{n}", 3, (Way("fal", ENDPOINT, url, "json", body(n), price),)) for n in range(jobs)
        ]
        began, used = time.perf_counter(), time.process_time()
        kept = 0
        async for event in executor.run(orders):
            kept += isinstance(event, TakeKept)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        submit = [job.submit_s for job in journal.jobs() if job.submit_s is not None]
        journal.close()
    return Figures(wall, cpu / jobs * 1000, submit, kept, await _accepted(addresses), _peak())


def fal_client(addresses: dict[str, str], jobs: int, at_once: int) -> Figures:
    """Through fal's own async client, as its documentation shows it, each result downloaded."""
    return asyncio.run(_fal_client(addresses, jobs, at_once))


async def _fal_client(addresses: dict[str, str], jobs: int, at_once: int) -> Figures:
    import fal_client.client
    import httpx

    fal_client.client.QUEUE_URL_FORMAT = f"{addresses['queue']}/"
    client = fal_client.client.AsyncClient(key=os.environ["FAL_KEY"])
    gate, submit, done = asyncio.Semaphore(at_once), [], 0

    async def one(number: int) -> None:
        nonlocal done
        async with gate:
            began = time.perf_counter()
            handle = await client.submit(ENDPOINT, arguments=body(number))
            submit.append(time.perf_counter() - began)
            result = await handle.get()
            answer = await http.get(result["video"]["url"])
            answer.raise_for_status()
            done += 1

    async with httpx.AsyncClient() as http:
        began, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(one(n) for n in range(jobs)), return_exceptions=True)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
    return Figures(wall, cpu / jobs * 1000, submit, done, await _accepted(addresses), _peak())


async def _accepted(addresses: dict[str, str]) -> int:
    def ask() -> int:
        with urlopen(f"{addresses['queue']}/_state") as answer:
            return int(json.load(answer)["accepted"])

    return await asyncio.to_thread(ask)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(name: str, found: Figures, jobs: int) -> str:
    ordered = sorted(found.submit)
    p50, p95 = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.95)] * 1000
    twice = found.accepted - jobs
    return (
        f"| {name} | {found.succeeded / jobs:.1%} | {max(0, twice)} | {found.cpu_ms:.1f} | {p50:.0f} | {p95:.0f} "
        f"| {found.wall:.1f} | {found.peak_mb:.0f} |"
    )


def child(name: str, rate: float, jobs: int, at_once: int) -> None:
    """One buyer in a process of its own, so that its CPU and memory are its own."""
    with emulator(rate) as addresses:
        found = {"storyreel": storyreel, "fal-client": fal_client}[name](addresses, jobs, at_once)
    print(row(name, found, jobs), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--at-once", type=int, default=50)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--serve", type=float)
    parser.add_argument("--child")
    parser.add_argument("--clients", default="storyreel,fal-client")
    chosen = parser.parse_args()
    if chosen.serve is not None:
        serve(chosen.serve)
        return
    if chosen.child:
        child(chosen.child, chosen.rate, chosen.jobs, chosen.at_once)
        return
    from tests.emulators.stand import KEYS

    print(f"{chosen.jobs} jobs, {chosen.at_once} at once, {chosen.rate:.0%} of all requests spoiled\n")
    print("| client | success | paid twice | CPU ms a job | submit p50 ms | p95 ms | wall s | peak MB |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in chosen.clients.split(","):
        words = [sys.executable, __file__, "--child", name, "--jobs", str(chosen.jobs)]
        words += ["--at-once", str(chosen.at_once), "--rate", str(chosen.rate)]
        subprocess.run(words, check=True, env={**os.environ, **KEYS})


if __name__ == "__main__":
    main()
