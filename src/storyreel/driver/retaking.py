"""One more candidate of a scene: the same requests once more, under the next number."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from storyreel.base.money import NOTHING
from storyreel.driver.known import KnownTakes
from storyreel.driver.locks import locked, read_lock, write_lock
from storyreel.driver.making import Spending, Stopping, made
from storyreel.driver.outcome import Outcome, Tally
from storyreel.driver.project import Compiled, Project
from storyreel.plan.plan import Plan, PlannedPart
from storyreel.render.events import Event


def candidates(plan: Plan, scene: str, count: int, known: KnownTakes) -> tuple[PlannedPart, ...]:
    """The requests of a scene, each `count` times more; numbers go on where those that were ever asked for end."""
    chosen = {
        part.key: part
        for film in plan.films
        for one in film.scenes
        if one.id == scene
        for part in one.parts
        if part.is_chosen and part.lowered is not None
    }
    found = []
    for part in chosen.values():
        first = known.next_number(part.key)
        for number in range(first, first + count):
            again = replace(
                part,
                take=number,
                action="generate",
                reason="one more candidate",
                cost_usd=part.lowered.cost_usd if part.lowered is not None else None,
                paid_usd=NOTHING,
                is_chosen=False,
                shown=0,
            )
            found.append(again)
    return tuple(found)


async def retake(
    project: Project,
    compiled: Compiled,
    wanted: Sequence[PlannedPart],
    spending: Spending,
    stopping: Stopping,
    note: str | None,
) -> AsyncIterator[Event | Outcome]:
    """Buy the candidates, write them into the lock with the note; the film stays as it is. Ends with the `Outcome`."""
    assert compiled.plan is not None
    tally = Tally(parked=[])
    async for event in made(project, compiled, wanted, spending, stopping, tally):
        yield event
    takes = project.known(compiled.lock, compiled.boards)
    before = read_lock(project.root, compiled.path)
    after = locked(compiled.plan, before, takes, is_whole=False, fresh=tally.kept)
    fresh = [after.takes[ident].noted(note) for ident in sorted(tally.kept) if ident in after.takes]
    write_lock(project.root, compiled.path, after.with_takes(fresh))
    yield tally.outcome((), 0, is_stopped=stopping.is_asked)
