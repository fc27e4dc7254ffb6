"""The films of a plan as they can be shown now: what was bought, and panels for the rest. Buys and fetches nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from storyreel.driver.cutting import cut_film, lacking, missing
from storyreel.driver.known import KnownTakes
from storyreel.driver.making import executor, task
from storyreel.driver.outcome import FilmWaits, PanelsStoodIn, ReelReused
from storyreel.driver.project import Compiled, Project
from storyreel.driver.standins import StandIns, stand_ins, stood_in
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.cut import Cut
from storyreel.plan.plan import Plan, PlannedFilm
from storyreel.render.events import Event
from storyreel.render.executor import Task
from storyreel.render.order import Ident
from storyreel.stitch.encoding import Delivery
from storyreel.stitch.events import Joined, StitchEvent
from storyreel.stitch.made import Reel
from storyreel.stitch.standing import StandingReels


@dataclass(frozen=True, slots=True)
class Drawing:
    """So many panels are to be drawn."""

    count: int


@dataclass(frozen=True, slots=True)
class FilmCut:
    """A reel stands, and what it was cut from, panels in the place of what is lacking."""

    film: str
    reel: Reel
    cut: Cut
    is_new: bool


LiveEvent = Event | StitchEvent | FilmWaits | PanelsStoodIn | Drawing | FilmCut


async def animated(
    project: Project, compiled: Compiled, panels: Callable[[], Compiled]
) -> AsyncGenerator[LiveEvent, None]:
    """Draw what is lacking, and cut each film. `panels` compiles the same board for the animatic; called in a thread.

    The caller holds the project. Raises MediaFailed where a reel cannot be written.
    """
    plan = compiled.plan
    assert plan is not None
    takes = project.known(compiled.lock, compiled.boards)
    tasks = [task(part) for part in plan.to_make() if part.provider == ANIMATIC]
    wanting = {film.name: lacking(film.cut, takes) for film in plan.films if is_paid(film)}
    found = await _stand_ins(plan, wanting, panels)
    tasks += [task(part) for part in found.tasks] if found is not None else []
    wanted = _absent(tasks, takes)
    if wanted:
        yield Drawing(len(wanted))
        async with aclosing(executor(project, None).run(tasks)) as events:
            async for event in events:
                yield event
    standing = StandingReels(project.work / "reels.json", project.root)
    for film in plan.films:
        cut = film.cut
        if found is not None and wanting.get(film.name):
            cut = stood_in(cut, found)
            scenes = [s.id for s in film.scenes if any((p.key, p.take) in wanting[film.name] for p in s.parts)]
            yield PanelsStoodIn(film.name, tuple(scenes))
        async with aclosing(_film(project, film, cut, takes, standing)) as steps:
            async for step in steps:
                yield step


def is_paid(film: PlannedFilm) -> bool:
    """True where a take of it is, or would be, bought."""
    return any(part.request is not None and part.provider != ANIMATIC for s in film.scenes for part in s.parts)


async def _stand_ins(
    plan: Plan, wanting: dict[str, frozenset[Ident]], panels: Callable[[], Compiled]
) -> StandIns | None:
    """Panels for what is lacking; None where nothing is, and where the animatic cannot show it."""
    keys = frozenset(key for idents in wanting.values() for key, _ in idents)
    if not keys:
        return None
    drawn = (await asyncio.to_thread(panels)).plan
    return None if drawn is None else stand_ins([f for f in plan.films if wanting.get(f.name)], keys, drawn)


def _absent(tasks: list[Task], takes: KnownTakes) -> list[Task]:
    return [one for one in tasks if not takes.has(*one.ident)]


async def _film(
    project: Project, film: PlannedFilm, cut: Cut, takes: KnownTakes, standing: StandingReels
) -> AsyncGenerator[LiveEvent, None]:
    why = missing(cut, takes)
    if why:
        yield FilmWaits(film.name, why)
        return
    is_new, is_told = True, False
    # Whoever leaves while more is drawn beside the reel ends that, too.
    async with aclosing(cut_film(project, film, cut, takes, standing, Delivery())) as steps:
        async for done in steps:
            if isinstance(done, Reel):
                if not is_told:
                    yield FilmCut(film.name, done, cut, is_new)
            elif isinstance(done, ReelReused):
                is_new = False
            else:
                yield done
                if isinstance(done, Joined):  # It plays, whatever is still drawn beside it.
                    out = project.root / film.output
                    yield FilmCut(
                        film.name, Reel(cut.film, out, cut.frames, cut.rate, cut.width, cut.height), cut, True
                    )
                    is_told = True
