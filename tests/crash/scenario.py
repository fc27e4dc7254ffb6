"""A small production that meets every named point: one run of it, in a process that may be killed anywhere."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from storyreel.base.digest import digest_of
from storyreel.base.money import Usd
from storyreel.providers.spec import Recovery
from storyreel.render.clock import TickingClock
from storyreel.render.desk import Desk
from storyreel.render.events import Event
from storyreel.render.executor import Executor
from storyreel.render.job import PaidJob
from storyreel.render.journal import Journal
from storyreel.render.materials import Supplies, VoiceMaker
from storyreel.render.office import Office
from storyreel.render.order import FrameNeeded, Order, Way
from storyreel.render.points import Reached
from storyreel.render.store import DiskShelf, DiskStore
from storyreel.render.terms import Resubmit, Terms
from tests.crash.vendor import DurableVendor

FACE = b"a face"
VOICE_SAMPLE = b"a voice"


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a production stands on disk."""

    folder: Path
    recovery: Recovery
    resubmit: Resubmit = "absent"

    @property
    def journal(self) -> Path:
        return self.folder / "work" / "journal.db"

    @property
    def store(self) -> DiskStore:
        return DiskStore(self.folder / "store")

    def vendor(self) -> DurableVendor:
        return DurableVendor(self.folder / "vendor", self.recovery, TickingClock())

    def epoch(self) -> float:
        """A run begins seconds after the last one ended."""
        rows = [*self.vendor().rows("received"), *self.vendor().rows("accepted")]
        return max((row["at"] for row in rows), default=1_000_000.0) + 2.0


def order(name: str, body: Mapping[str, Any] | None = None, assets: Mapping[str, str] | None = None) -> Order:
    way = Way("city", "city/film", "https://city.test/film", "json", {"prompt": name, **(body or {})}, Usd("0.50"))
    if assets:
        way = Way(way.provider, way.endpoint, way.url, way.encoding, way.body, way.price, assets)
    return Order(digest_of(name.encode()), 1, name, 5, (way,))


def production(folder: Path) -> tuple[Order, ...]:
    """Orders that upload, wait for a frame, need a voice, lose answers, are put off, refused, and slow."""
    face, sample = digest_of(FACE), digest_of(VOICE_SAMPLE)
    (folder / "face.png").write_bytes(FACE)
    (folder / "voice.wav").write_bytes(VOICE_SAMPLE)
    first = order("first", {"image": f"asset:sha256:{face}"}, {face: "face.png"})
    frame = f"frame:{first.key}:1"
    second = order("second", {"start": frame})
    return (
        first,
        Order(second.key, 1, "second", 5, second.ways, {frame: FrameNeeded(first.key, 1, 119, "24")}),
        order("voiced", {"voice": f"voice:sha256:{sample}"}, {sample: "voice.wav"}),
        order("lost", {"first": "reset after reading"}),
        order("dropped", {"first": "reset before reading"}),
        order("busy", {"first": "429"}),
        order("refused", {"then": "refused"}),
        order("slow", {"then": "slow"}),
        order("hopeless", {"then": "slow"}),
    )


def play(stage: Stage, orders: Sequence[Order], reached: Reached, *, ends_at_desk: bool = True) -> list[Event]:
    """One run: buy, and then what a person does at the desk with what is too slow."""
    return asyncio.run(_play(stage, orders, reached, ends_at_desk))


async def _play(stage: Stage, orders: Sequence[Order], reached: Reached, ends_at_desk: bool) -> list[Event]:
    clock = TickingClock(stage.epoch())
    journal = Journal(stage.journal, reached, headroom=4096)
    try:
        journal.warm()
        store = DiskStore(stage.folder / "store", reached)
        vendors = {"city": DurableVendor(stage.folder / "vendor", stage.recovery, clock, reached)}
        supplies = Supplies(
            asset_path=lambda path: stage.folder / path,
            still=_still,
            shelf=DiskShelf(store.blobs),
            voices={"city": VoiceMaker("city/voice", "https://city.test/voice", Usd("0.02"))},
        )
        office = Office(
            journal=journal,
            vendors=vendors,
            terms={"city": Terms(concurrency=3, list_delay=30.0, resubmit=stage.resubmit, deadline=200.0)},
            store=store,
            supplies=supplies,
            accept=_accept,
            ceiling=Usd(20),
            clock=clock,
            reached=reached,
            draw=lambda: 0.5,
        )
        executor = Executor({}, store, lambda job, file: None, {}, clock, office)
        wanted = [one for one in orders if not _is_given_up(journal, one)]
        events = [event async for event in executor.run(wanted)]
        if ends_at_desk:
            desk = Desk(journal, vendors, store, supplies, clock, reached)
            for name, does in (("slow", desk.cancel), ("hopeless", desk.forget)):
                job = journal.open_job(digest_of(name.encode()), 1)
                if job is not None and job.state == "accepted":
                    done = does(job.key)
                    _ = await done if asyncio.iscoroutine(done) else done
        return events
    finally:
        journal.close()


def full_disk(reached: Reached) -> Reached:
    """The disk is full whenever an accepted id would be written."""

    def reach(point: str) -> None:
        if point == "accepted: before commit":
            raise OSError(errno.ENOSPC, "the disk is full")
        reached(point)

    return reach


def _is_given_up(journal: Journal, one: Order) -> bool:
    """A person has decided on it."""
    return any(
        job.ident == one.ident and (job.state == "forgotten" or job.reason == "canceled") for job in journal.jobs()
    )


async def _still(film: Path, which: FrameNeeded | Fraction, out: Path) -> None:
    assert isinstance(which, FrameNeeded)
    out.write_bytes(b"frame %d of " % which.frame + film.read_bytes()[:20])  # noqa: ASYNC240  # small


def _accept(job: PaidJob, file: Path) -> str | None:
    return None if file.read_bytes().startswith(b"film job-") else "it is no film"
