"""The back half of the driver: render what a plan lacks, then stitch each film. Names the concrete adapters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from storyreel.driver.ahead import Ahead
from storyreel.driver.cutting import cut_film, lacking, missing, seams_of
from storyreel.driver.known import KnownTakes
from storyreel.driver.locks import locked, write_lock
from storyreel.driver.making import Spending, Stopping, executor, made, remember, task
from storyreel.driver.outcome import FilmWaits, PanelsStoodIn, ReelReused, RenderEvent, Tally
from storyreel.driver.project import Compiled, Project
from storyreel.driver.standins import needs, stand_ins, stood_in
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.cut import Cut
from storyreel.plan.plan import Plan, PlannedFilm, PlannedPart
from storyreel.plan.request import FrameOf
from storyreel.render.events import Event, TakeFailed
from storyreel.render.order import Ident
from storyreel.stitch.encoding import Delivery
from storyreel.stitch.events import StitchEvent
from storyreel.stitch.made import Reel
from storyreel.stitch.standing import StandingReels


async def render(
    project: Project,
    compiled: Compiled,
    scenes: frozenset[str],
    spending: Spending,
    stopping: Stopping,
    delivery: Delivery = Delivery(),  # noqa: B008 - a frozen value
    *,
    has_report: bool = False,
) -> AsyncIterator[RenderEvent]:
    """Make what the plan lacks, then cut each film; the last event is the `Outcome`. `scenes` narrows what is made.

    Where a paid take is lacking in the end, panels stand in for it. `has_report` looks at every join of the finished
    reels. The caller holds the project. Raises MediaFailed where a reel cannot be written.
    """
    plan = compiled.plan
    assert plan is not None
    tally = Tally(parked=[(p.key, p.take or 1) for p in plan.parts() if p.action == "parked"])
    wanted = _wanted(plan, scenes, spending)
    ahead = Ahead(project, compiled, plan, delivery)
    try:
        async for event in made(project, compiled, wanted, spending, stopping, tally):
            ahead.note(event)
            yield event
        if not stopping.is_asked:
            await ahead.end()
    finally:
        await ahead.stop()
    here = [part for part in plan.parts() if part.request is not None and part.action in ("reuse", "held")]
    reused = len({_ident(part) for part in here})
    if stopping.is_asked:
        yield tally.outcome((), reused, is_stopped=True)
        return
    for early in ahead.events:
        yield early
    if any(part.provider != ANIMATIC for part in wanted):
        # What arrived decides which candidate is shown, and what stands where nothing did.
        lock = compiled.lock.without(tally.kept)
        compiled = project.compile(compiled.path, provider=compiled.provider, only=compiled.only, lock=lock)
        plan = compiled.plan or plan
    takes = project.known(compiled.lock, compiled.boards)
    _write_down(project, compiled, plan, takes, tally)
    cuts: dict[str, Cut] = {film.name: film.cut for film in plan.films}
    async for drawn in _stand_in(project, compiled, plan, cuts, takes):
        tally.note(drawn)
        yield drawn
    reels: list[Reel] = []
    async for step in _cut(project, plan, cuts, takes, delivery):
        if isinstance(step, Reel):
            reels.append(step)
            if has_report:
                seams = await seams_of(project, cuts[step.film], takes, step)
                tally.note(seams)
                yield seams
            continue
        if isinstance(step, FilmWaits):
            tally.waits.append(step)
        yield step
    yield tally.outcome(reels, reused)


async def _cut(
    project: Project, plan: Plan, cuts: Mapping[str, Cut], takes: KnownTakes, delivery: Delivery
) -> AsyncIterator[StitchEvent | ReelReused | Reel | FilmWaits]:
    """Every film that has all it needs, one after the other."""
    standing = StandingReels(project.work / "reels.json", project.root)
    for film in plan.films:
        why = missing(cuts[film.name], takes)
        if why:
            yield FilmWaits(film.name, why)
            continue
        async for step in cut_film(project, film, cuts[film.name], takes, standing, delivery):
            yield step


def _write_down(project: Project, compiled: Compiled, plan: Plan, takes: KnownTakes, tally: Tally) -> None:
    """Put what the films are made of now into the lock; an animatic has none."""
    if any(map(_is_paid, plan.films)):
        lock = locked(plan, compiled.lock, takes, is_whole=compiled.only is None, fresh=tally.kept)
        write_lock(project.root, compiled.path, lock)
        remember(project, plan, {key for key, _ in lock.takes})


async def _stand_in(
    project: Project, compiled: Compiled, plan: Plan, cuts: dict[str, Cut], takes: KnownTakes
) -> AsyncIterator[Event | PanelsStoodIn]:
    """Draw panels for paid takes that are lacking, and put them into the cuts."""
    wanting = {film.name: lacking(film.cut, takes) for film in plan.films if _is_paid(film)}
    keys = frozenset(key for found in wanting.values() for key, _ in found)
    if not keys:
        return
    drawn = project.compile(compiled.path, provider=ANIMATIC, only=compiled.only)
    if drawn.plan is None:
        return  # What the panels cannot show is a finding of the animatic; the film waits.
    films = [film for film in plan.films if wanting.get(film.name)]
    found = stand_ins(films, keys, drawn.plan)
    async for event in executor(project, None).run([task(part) for part in found.tasks]):
        if isinstance(event, TakeFailed):
            yield event
    for film in films:
        cuts[film.name] = stood_in(film.cut, found)
        scenes = [s.id for s in film.scenes if any((p.key, p.take) in wanting[film.name] for p in s.parts)]
        yield PanelsStoodIn(film.name, tuple(scenes))


def _is_paid(film: PlannedFilm) -> bool:
    return any(part.request is not None and part.provider != ANIMATIC for s in film.scenes for part in s.parts)


def _wanted(plan: Plan, scenes: frozenset[str], spending: Spending) -> tuple[PlannedPart, ...]:
    """What to make now: everything, or the named scenes and the scenes whose frames they start from."""
    parts = plan.to_make()
    if not spending.is_allowed:
        parts = tuple(part for part in parts if part.action == "resume" or part.provider == ANIMATIC)
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
    """Takes whose frames it begins or ends on."""
    if part.provider == ANIMATIC or part.request is None:
        return needs(part)
    frames = [frame for frame in (*part.request.start, part.request.end) if isinstance(frame, FrameOf)]
    return frozenset((frame.key, frame.take) for frame in frames)
