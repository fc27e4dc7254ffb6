"""One film from takes that are there to the reel, unless the reel stands as asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from pathlib import PurePosixPath

from storyreel.driver.known import KnownTakes
from storyreel.driver.outcome import ReelReused, SeamsSeen
from storyreel.driver.project import Project
from storyreel.media.failed import MediaFailed
from storyreel.plan.cut import Cut, TakeSource
from storyreel.plan.plan import PlannedFilm
from storyreel.render.order import Ident
from storyreel.stitch.encoding import Delivery
from storyreel.stitch.events import StitchEvent, TakeShort
from storyreel.stitch.made import Reel, reel_key
from storyreel.stitch.standing import StandingReels


def lacking(cut: Cut, takes: KnownTakes) -> frozenset[Ident]:
    """Takes that the film shows and the store does not have."""
    shown = {(s.key, s.take) for scene in cut.scenes for s in scene.sources if isinstance(s, TakeSource)}
    return frozenset(ident for ident in shown if not takes.has(*ident))


def missing(cut: Cut, takes: KnownTakes) -> str:
    """Which scenes wait for a take, in a sentence; empty where none does."""
    wanting = lacking(cut, takes)
    if not wanting:
        return ""
    names = [
        scene.id
        for scene in cut.scenes
        if any(isinstance(s, TakeSource) and (s.key, s.take) in wanting for s in scene.sources)
    ]
    return f"no take yet for {', '.join(names)}"


async def cut_film(
    project: Project, film: PlannedFilm, cut: Cut, takes: KnownTakes, standing: StandingReels, delivery: Delivery
) -> AsyncGenerator[StitchEvent | ReelReused | Reel, None]:
    digests, files = {}, {}
    for scene in cut.scenes:
        for source in scene.sources:
            record = takes.find(source.key, source.take) if isinstance(source, TakeSource) else None
            if record is not None:
                digests[record.key, record.take] = record.digest
    key = reel_key(cut, digests, delivery)
    output = str(PurePosixPath(film.output).with_suffix(delivery.suffix))
    found = standing.find(output, key)
    if found is not None:
        yield ReelReused(film.name)
        for short in standing.short(output):
            yield short
        yield found
        return
    from storyreel.stitch.reel import make_reel  # Heavy with pictures and samples: not loaded where nothing is cut.

    for take_key, take in digests:
        record = takes.find(take_key, take)
        assert record is not None
        files[take_key, take] = project.store.path(record)
    events: asyncio.Queue[StitchEvent | None] = asyncio.Queue()
    folder = (project.root / film.output).parent
    if not folder.resolve().is_relative_to(project.root):
        raise MediaFailed(f"{folder.relative_to(project.root)} leads out of the project; films are written inside it")
    made = asyncio.create_task(
        make_reel(
            cut,
            files,
            lambda asset: project.source.resolve(asset.path),
            project.shelf,
            folder,
            on_event=events.put_nowait,
            jobs=os.cpu_count() or 1,
            digests=digests,
            delivery=delivery,
        )
    )
    made.add_done_callback(lambda _: events.put_nowait(None))
    lacks: dict[TakeShort, None] = {}
    try:
        while (event := await events.get()) is not None:
            if isinstance(event, TakeShort):
                lacks[event] = None
            yield event
        reel = made.result()
    finally:
        made.cancel()
        await asyncio.gather(made, return_exceptions=True)
    standing.note(output, key, reel, reel.files, tuple(lacks))
    yield reel


async def seams_of(project: Project, cut: Cut, takes: KnownTakes, reel: Reel) -> SeamsSeen:
    """Look at every join of a reel that was just made, or stands. Raises MediaFailed."""
    from storyreel.stitch.seams import report_seams  # Heavy with samples: not loaded where nobody asks.

    shown = {(s.key, s.take) for scene in cut.scenes for s in scene.sources if isinstance(s, TakeSource)}
    records = {ident: takes.find(*ident) for ident in shown}
    files = {ident: project.store.path(record) for ident, record in records.items() if record is not None}
    report = await report_seams(
        reel.path, cut, files, lambda asset: project.source.resolve(asset.path), jobs=os.cpu_count() or 1
    )
    return SeamsSeen(reel.film, report)
