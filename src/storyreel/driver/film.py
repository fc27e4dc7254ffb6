"""The back half of the driver: render what a plan lacks, then stitch each film. Names the concrete adapters."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from storyreel.driver.project import Project
from storyreel.media.failed import MediaFailed
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart
from storyreel.providers.animatic import Animatic, accept_take
from storyreel.providers.spec import Job
from storyreel.render.events import Event, TakeFailed, TakeKept
from storyreel.render.executor import Executor, Ident, Task
from storyreel.stitch.events import StitchEvent
from storyreel.stitch.made import Reel, reel_key
from storyreel.stitch.standing import StandingReels


@dataclass(frozen=True, slots=True)
class ReelReused:
    """The reel already stands as asked."""

    film: str


@dataclass(frozen=True, slots=True)
class FilmWaits:
    """A film that cannot be cut yet, and why."""

    film: str
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a render came to."""

    reels: tuple[Reel, ...]
    generated: int
    reused: int
    failures: tuple[TakeFailed, ...]
    waits: tuple[FilmWaits, ...]
    parked: int = 0


RenderEvent = Event | StitchEvent | ReelReused | FilmWaits | Outcome


async def render(project: Project, plan: Plan, scenes: frozenset[str] = frozenset()) -> AsyncIterator[RenderEvent]:
    """Make what the plan lacks, then cut each film; the last event is the `Outcome`. `scenes` narrows what is made.

    The caller holds the project. Raises MediaFailed where a reel cannot be written.
    """
    generated, failures, waits, reels = 0, [], [], []
    tasks = tuple(_task(part) for part in _wanted(plan, scenes))
    asked = {(p.key, p.take) for f in plan.films for s in f.scenes for p in s.parts if p.request is not None}
    prepared: list[StitchEvent] = []
    ahead = asyncio.create_task(_prepare(project, plan, prepared.append)) if tasks else None
    try:
        async for event in _executor(project).run(tasks):
            generated += isinstance(event, TakeKept)
            if isinstance(event, TakeFailed):
                failures.append(event)
            yield event
        if ahead is not None:
            await ahead
    finally:
        if ahead is not None:
            ahead.cancel()
            await asyncio.gather(ahead, return_exceptions=True)
    for step in prepared:
        yield step
    standing = StandingReels(project.work / "reels.json", project.root)
    for film in plan.films:
        missing = _missing(project, film)
        if missing:
            waits.append(FilmWaits(film.name, missing))
            yield waits[-1]
            continue
        async for done in _cut(project, film, standing):
            if isinstance(done, Reel):
                reels.append(done)
            else:
                yield done
    reused = len(asked) - len(tasks)
    yield Outcome(tuple(reels), generated, reused, tuple(failures), tuple(waits))


async def _prepare(project: Project, plan: Plan, on_event: Callable[[StitchEvent], None]) -> None:
    """While takes are made, make what no film waits for takes with."""
    from storyreel.stitch.reel import prepare_reel  # Heavy with pictures and samples: not loaded where nothing is cut.

    for film in plan.films:
        if any(part.action in ("generate", "resume") for scene in film.scenes for part in scene.parts):
            await prepare_reel(
                film.cut, lambda asset: project.source.resolve(asset.path), project.shelf, on_event=on_event
            )


def _wanted(plan: Plan, scenes: frozenset[str]) -> tuple[PlannedPart, ...]:
    """What to make now: everything, or the named scenes and the scenes whose frames they start from."""
    parts = plan.to_make()
    if not scenes:
        return parts
    named = {_ident(p) for f in plan.films for s in f.scenes if s.id in scenes for p in s.parts}
    by_ident = {_ident(part): part for part in parts}
    pending = [ident for ident in by_ident if ident in named]
    while pending:
        fresh = [
            need for ident in pending for need in _needs(by_ident[ident]) if need in by_ident and need not in named
        ]
        named.update(fresh)
        pending = fresh
    return tuple(part for ident, part in by_ident.items() if ident in named)


def _ident(part: PlannedPart) -> Ident:
    return (part.key, part.take or 0)  # What is drawn here has no take, and is never made by a provider.


def _needs(part: PlannedPart) -> frozenset[Ident]:
    frames = [part.job.get(end) for end in ("start", "end")] if part.job else []
    return frozenset((f["frame_of"], f["take"]) for f in frames if isinstance(f, dict) and "frame_of" in f)


def _task(part: PlannedPart) -> Task:
    assert part.job is not None
    assert part.take is not None
    assert part.endpoint is not None
    return Task(Job(part.key, part.take, part.endpoint, part.job, part.assets), part.provider, _needs(part))


def _executor(project: Project) -> Executor:
    def asset_path(path: str) -> Path:
        return project.source.resolve(path)

    def take_path(key: str, take: int) -> Path | None:
        record = project.store.find(key, take)
        return project.store.path(record) if record is not None else None

    animatic = Animatic(asset_path, take_path, project.store.new_file)
    return Executor({animatic.name: animatic}, project.store, accept_take, {animatic.name: os.cpu_count() or 1})


def _missing(project: Project, film: PlannedFilm) -> str:
    lacking = [s.id for s in film.scenes for p in s.parts if p.request and not project.store.has(p.key, p.take or 1)]
    return f"no take yet for {', '.join(dict.fromkeys(lacking))}" if lacking else ""


async def _cut(
    project: Project, film: PlannedFilm, standing: StandingReels
) -> AsyncIterator[StitchEvent | ReelReused | Reel]:
    digests, files = {}, {}
    for scene in film.scenes:
        for part in scene.parts:
            record = project.store.find(part.key, part.take) if part.request is not None and part.take else None
            if record is not None:
                digests[record.key, record.take] = record.digest
    key = reel_key(film.cut, digests)
    found = standing.find(film.output, key)
    if found is not None:
        yield ReelReused(film.name)
        yield found
        return
    from storyreel.stitch.reel import make_reel  # Heavy with pictures and samples: not loaded where nothing is cut.

    for take_key, take in digests:
        record = project.store.find(take_key, take)
        assert record is not None
        files[take_key, take] = project.store.path(record)
    events: asyncio.Queue[StitchEvent | None] = asyncio.Queue()
    folder = (project.root / film.output).parent
    if not folder.resolve().is_relative_to(project.root):
        raise MediaFailed(f"{folder.relative_to(project.root)} leads out of the project; films are written inside it")
    made = asyncio.create_task(
        make_reel(
            film.cut,
            files,
            lambda asset: project.source.resolve(asset.path),
            project.shelf,
            folder,
            on_event=events.put_nowait,
            jobs=os.cpu_count() or 1,
            digests=digests,
        )
    )
    made.add_done_callback(lambda _: events.put_nowait(None))
    try:
        while (event := await events.get()) is not None:
            yield event
        reel = made.result()
    finally:
        made.cancel()
        await asyncio.gather(made, return_exceptions=True)
    standing.note(film.output, key, reel, sorted(folder.glob(f"{film.name}.*")))
    yield reel
