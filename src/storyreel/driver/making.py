"""Takes made: panels drawn, requests sent, and what is open in the journal gone on with."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.money import Usd
from storyreel.driver.outcome import Tally
from storyreel.driver.project import Compiled, Project
from storyreel.driver.standins import needs
from storyreel.plan.catalog import ANIMATIC
from storyreel.plan.plan import Plan, PlannedPart
from storyreel.plan.requestfile import Asked, request_text
from storyreel.providers.animatic import Animatic, accept_take
from storyreel.providers.spec import Job
from storyreel.render.events import Event
from storyreel.render.executor import Executor, Task
from storyreel.render.order import Order

if TYPE_CHECKING:
    from storyreel.render.office import Office


@dataclass(slots=True)
class Stopping:
    """How a render is asked to end: nothing new is begun, what is on its way out is recorded."""

    is_asked: bool = False
    code: int = 130
    """What the program exits with: the signal that asked decides."""
    is_buying: bool = False
    """True while requests may be on their way out."""
    _executor: Executor | None = None

    def ask(self) -> None:
        self.is_asked = True
        if self._executor is not None:
            self._executor.stop()

    def attach(self, executor: Executor, *, is_buying: bool) -> None:
        self._executor, self.is_buying = executor, is_buying
        if self.is_asked:
            executor.stop()


@dataclass(frozen=True, slots=True)
class Spending:
    """What one render may buy."""

    run: str
    """Names the process in the journal: what it reserves counts together."""
    ceiling: Usd | None = None
    is_allowed: bool = True
    """False: only what was bought before is fetched."""


async def made(
    project: Project,
    compiled: Compiled,
    wanted: Sequence[PlannedPart],
    spending: Spending,
    stopping: Stopping,
    tally: Tally,
) -> AsyncGenerator[Event, None]:
    """Draw and buy what is wanted; what is open in the journal is gone on with, whoever began it."""
    plan = compiled.plan
    assert plan is not None
    project.store.blobs.sweep()
    drawn = [task(part) for part in wanted if part.provider == ANIMATIC]
    bought = [part for part in wanted if part.provider != ANIMATIC]
    with ExitStack() as stack:
        buying: Office | None = None
        work: list[Task | Order] = [*drawn]
        if bought or any(part.action == "resume" for part in plan.parts()):
            from storyreel.driver.purchases import office, orders  # Brings httpx: not loaded where nothing is bought.

            names = {name for part in bought for name in (part.provider, *(name for name, _ in part.others))}
            remember(project, plan, {part.key for part in bought})
            buying = stack.enter_context(office(project, names, spending.ceiling, spending.run))
            work += orders(plan, bought, spending.ceiling, project.known(compiled.lock, compiled.boards))
        if not work and buying is None:
            return
        making = executor(project, buying)
        stopping.attach(making, is_buying=buying is not None)
        async with aclosing(making.run(work)) as events:
            async for event in events:
                tally.note(event)
                yield event
        stopping.is_buying = False


def remember(project: Project, plan: Plan, keys: Collection[str]) -> None:
    """Keep what is asked for under these keys beside the takes, so that it can be told later what has changed."""
    project.store.used_by(project.root)
    for film in plan.films:
        for scene in film.scenes:
            for part in scene.parts if scene.kept is None else ():
                if part.key in keys and part.request is not None and project.store.asked(part.key) is None:
                    asked = Asked(part.request, plan.board, scene.id)
                    project.store.remember(part.key, request_text(asked))


def task(part: PlannedPart) -> Task:
    """The panels of a part, to be drawn."""
    assert part.job is not None
    assert part.take is not None
    assert part.endpoint is not None
    return Task(Job(part.key, part.take, part.endpoint, part.job, part.assets), part.provider, needs(part))


def executor(project: Project, buying: Office | None) -> Executor:
    """Draws as many takes at once as there are processors; buys where there is an office for it."""

    def take_path(key: str, take: int) -> Path | None:
        record = project.store.find(key, take)
        return project.store.path(record) if record is not None else None

    animatic = Animatic(project.source.resolve, take_path, project.store.new_file)
    drawing = {animatic.name: os.cpu_count() or 1}
    return Executor({animatic.name: animatic}, project.store, accept_take, drawing, office=buying)
