"""Orders bought from an emulator through the real adapters, journal and store, with hours that pass in seconds."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from storyreel.base.digest import digest_of
from storyreel.base.money import Usd
from storyreel.driver.purchases import flaw
from storyreel.plan.route import Seller
from storyreel.providers.http import Times
from storyreel.providers.vendors import vendor_of
from storyreel.render.events import Event
from storyreel.render.executor import Executor
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.materials import Supplies
from storyreel.render.office import Office
from storyreel.render.order import Order, Way
from storyreel.render.store import DiskShelf, DiskStore
from storyreel.render.terms import Resubmit, Terms
from tests.emulators.clock import Clock
from tests.emulators.stand import KEYS, Stand

PACE = 60.0
"""Seconds on the rig's clock for each real one."""
TIMES = Times(connect=30, write=30, read=1, whole=4, load=4, doubt=0.01, slow=1)
NAMES = ("fal", "replicate", "lumenfall")
IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
TODAY = NAMES if IS_FULL else NAMES[:1]
"""The suite plays what takes long at one of them; the campaign at all."""
PRICE = {"fal": Usd("0.252"), "replicate": Usd("0.504"), "lumenfall": Usd("0.252")}
PICTURE = Path(__file__).resolve().parents[2] / "assets" / "mara" / "front.png"


class Hurried(Clock):
    """The wall clock of an emulator, at the rig's pace."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.time()

    def now(self) -> float:
        return self._began + (time.time() - self._began) * PACE + self.offset


class Hours:
    """The same pace for who buys."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return time.monotonic() * PACE

    def wall(self) -> float:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / PACE)


def picture(folder: Path) -> Path:
    """One that is too large to go along inside its address."""
    file = folder / "mara.png"
    # What follows the last chunk of a PNG is no part of the picture.
    file.write_bytes(PICTURE.read_bytes() + bytes(300 * 1024))
    return file


@dataclass
class Rig:
    """A folder, and one provider. `buy` is one run of the program; what it leaves behind is there for the next."""

    stand: Stand
    seller: Seller
    folder: Path
    resubmit: Resubmit = "absent"
    list_delay: float = 20.0
    deadline: float = 120.0
    ceiling: Usd | None = None
    times: Times = TIMES
    environ: Mapping[str, str] = field(default_factory=lambda: dict(KEYS))
    run: int = 0
    events: list[Event] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.seller.name

    @property
    def journal(self) -> Path:
        return self.folder / "journal.db"

    @property
    def store(self) -> DiskStore:
        return DiskStore(self.folder / "store")

    def order(self, words: str, *, has_picture: bool) -> Order:
        body, endpoint, url = self._body(words, has_picture)
        file = self.folder / "mara.png"
        assets = {digest_of(file.read_bytes()): file.name} if has_picture else {}
        way = Way(self.name, endpoint, url, "json", body, PRICE[self.name], assets)
        return Order(digest_of(words.encode()), 1, words[:8], 3, (way,))

    def buy(self, orders: Sequence[Order]) -> list[Event]:
        """One run to its end; events of all runs are kept."""
        self.run += 1
        found = asyncio.run(self._bought(orders))
        self.events += found
        return found

    async def _bought(self, orders: Sequence[Order]) -> list[Event]:
        journal, store, clock = Journal(self.journal), self.store, Hours(self.stand.clock)
        vendor = vendor_of(self.seller, environ=self.environ, times=self.times, now=self.stand.clock.now)
        terms = Terms(4, self.list_delay, self.resubmit, deadline=self.deadline)

        async def no_still(*_: object) -> None:
            raise AssertionError

        try:
            journal.warm()
            office = Office(
                journal=journal,
                vendors={self.name: vendor},
                terms={self.name: terms},
                store=store,
                supplies=Supplies(self.folder.joinpath, no_still, DiskShelf(store.blobs)),
                accept=flaw,
                ceiling=self.ceiling,
                run=f"run-{self.run}",
                clock=clock,
            )
            return [event async for event in Executor({}, store, lambda *_: None, {}, office=office).run(orders)]
        finally:
            await vendor.close()
            journal.close()

    def jobs(self) -> tuple[PaidJob, ...]:
        return Journal.past(self.journal, 0.0)

    def last(self, order: Order) -> PaidJob | None:
        return next((job for job in reversed(self.jobs()) if job.ident == order.ident), None)

    def problems(self, orders: Sequence[Order], *, is_over: bool = True) -> list[str]:
        """Every broken promise. `is_over`: nothing is to come any more."""
        ledger, jobs, found = self.stand.vendors[self.name].ledger, self.jobs(), []
        if ledger.duplicates:
            found.append(f"paid {ledger.duplicates} times too often")
        owned = {job.operation.id for job in jobs if job.operation is not None}
        doubts = [job for job in jobs if job.state in ("unknown", "parked")]
        lost = [made.id for made in ledger.submissions if made.id not in owned]
        if len(lost) > len(doubts):
            found.append(f"lost: {lost}")
        if self.ceiling is not None and ledger.billed > self.ceiling:
            found.append(f"{ledger.billed} billed, over {self.ceiling}")
        blobs = [file for file in (self.folder / "store" / "cas").rglob("*") if file.is_file()]
        found += [f"bad blob {blob.name[:12]}" for blob in blobs if digest_of(blob.read_bytes()) != blob.name]
        for one in orders:
            job = self.last(one)
            if job is not None and job.state == "stored" and self.store.find(*one.ident) is None:
                found.append(f"{one.scene} is stored and not in the store")
        if is_over and not any(job.is_open for job in jobs):
            found += [f"stray {file.name}" for file in (self.folder / "store" / "tmp").glob("*")]
        if self.stand.media.ledger.leaked_keys:
            found.append("a key was sent where none belongs")
        return found + self._secrets_told()

    def _secrets_told(self) -> list[str]:
        told = repr(self.events).encode() + self.journal.read_bytes()
        for job in self.jobs():
            told += f"{job.message}".encode()
        return [f"{name} is told" for name, key in self.environ.items() if any(s in told for s in spellings(key))]

    def _body(self, words: str, has_picture: bool) -> tuple[dict[str, Any], str, str]:
        file = self.folder / "mara.png"
        asset = f"asset:sha256:{digest_of(file.read_bytes())}" if has_picture else None
        if self.seller.kind == "fal":
            endpoint = f"fal-ai/kling-video/v3/standard/{'image' if asset else 'text'}-to-video"
            body: dict[str, Any] = {"prompt": words, "duration": "3", "generate_audio": False}
            return body | ({"start_image_url": asset} if asset else {}), endpoint, f"{self.seller.url}/{endpoint}"
        if self.seller.kind == "replicate":
            endpoint = "kwaivgi/kling-v3-video"
            given = {"prompt": words, "duration": 3, "mode": "standard", "generate_audio": False}
            given |= {"start_image": asset} if asset else {}
            return {"input": given}, endpoint, f"{self.seller.url}/models/{endpoint}/predictions"
        endpoint = "fal/kling-v3-i2v" if asset else "fal/kling-v3"
        body = {"model": endpoint, "prompt": words, "seconds": "3", "generate_audio": False}
        body |= {"input_reference": {"image_url": asset}} if asset else {}
        return body, endpoint, f"{self.seller.url}/videos"


def spellings(secret: str) -> tuple[bytes, ...]:
    """A secret as it might be written down: plain, its last part, quoted and in base64."""
    plain = {secret, secret.partition(":")[2] or secret, secret.partition(".")[2] or secret}
    found = {each.encode() for each in plain} | {quote(each, safe="").encode() for each in plain}
    return tuple(found | {base64.b64encode(each.encode()).rstrip(b"=") for each in plain})


def fresh(stand: Stand) -> None:
    """Emulators that have seen nothing yet."""
    for each in (stand.media, *stand.vendors.values()):
        each.faults.clear()
        each.faults.spent.clear()
        each.ledger.heard.clear()
        each.ledger.submissions.clear()
        each.ledger.wrong_keys = each.ledger.leaked_keys = 0
        each.ledger.replayed_claims = each.ledger.changed_claims = 0
    for vendor in stand.vendors.values():
        vendor.jobs.clear()
        vendor.fate_of = lambda _body: None
