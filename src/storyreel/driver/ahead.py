"""While takes are still being made, what rests on those that are here, and on none, is put on the shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from storyreel.driver.project import Compiled, Project
from storyreel.plan.cut import Cut, TakeSource
from storyreel.plan.plan import Plan, PlannedFilm
from storyreel.plan.request import Asset
from storyreel.render.events import TakeKept
from storyreel.render.order import Ident
from storyreel.stitch.encoding import Delivery
from storyreel.stitch.events import StitchEvent


class Ahead:
    """Works beside the takes; `events` tell afterwards what it did."""

    def __init__(self, project: Project, compiled: Compiled, plan: Plan, delivery: Delivery) -> None:
        self._project = project
        self._takes = project.known(compiled.lock, compiled.boards)
        self._delivery = delivery
        self._films = [film for film in plan.films if _waits(film)]
        self._news = asyncio.Event()
        self._fresh: set[Ident] = set()
        self._is_over = False
        self._task = asyncio.create_task(self._work()) if self._films else None
        self.events: list[StitchEvent] = []

    def note(self, event: object) -> None:
        """A take that arrived is conformed at once."""
        if isinstance(event, TakeKept):
            self._fresh.add((event.key, event.take))
            self._news.set()

    async def end(self) -> None:
        """Finish what is being done; raises MediaFailed where that failed."""
        self._is_over = True
        self._news.set()
        if self._task is not None:
            await self._task

    async def stop(self) -> None:
        """Give up at once."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        from storyreel.stitch.reel import conform_takes, prepare_reel  # Heavy: not loaded where nothing is cut.

        for film in self._films:
            if not self._is_over:
                await prepare_reel(
                    film.cut, self._asset, self._project.shelf, on_event=self.events.append, delivery=self._delivery
                )
        while not self._is_over:
            await self._news.wait()
            self._news.clear()
            fresh, self._fresh = self._fresh, set()
            for film in self._films:
                if self._is_over or not fresh & set(_shown(film.cut)):
                    continue
                files = self._files(film.cut)
                await conform_takes(
                    film.cut,
                    files,
                    self._asset,
                    self._project.shelf,
                    on_event=self.events.append,
                    digests={ident: record.digest for ident in files if (record := self._takes.find(*ident))},
                    delivery=self._delivery,
                )

    def _files(self, cut: Cut) -> dict[Ident, Path]:
        found = {ident: self._takes.find(*ident) for ident in _shown(cut)}
        return {ident: self._project.store.path(record) for ident, record in found.items() if record is not None}

    def _asset(self, asset: Asset) -> Path:
        return self._project.source.resolve(asset.path)


def _waits(film: PlannedFilm) -> bool:
    return any(part.action in ("generate", "resume") for scene in film.scenes for part in scene.parts)


def _shown(cut: Cut) -> Iterable[Ident]:
    return ((s.key, s.take) for scene in cut.scenes for s in scene.sources if isinstance(s, TakeSource))
