"""`retake`: the same request once more, for one more candidate."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, HELD, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.base.money import Usd
    from storyreel.driver.making import Stopping
    from storyreel.driver.outcome import Outcome
    from storyreel.driver.project import Compiled, Project
    from storyreel.plan.plan import PlannedPart


@dataclass(frozen=True, slots=True)
class Again:
    """What the command line asks of a retake."""

    board: str
    scene: str
    count: int = 1
    note: str | None = None
    provider: str | None = None
    max_cost: Usd | None = None
    is_agreed: bool = False
    as_json: bool = False


def retake(common: Common, wish: Again) -> int:
    """Buy more candidates of a scene; the film keeps what it shows until one is picked."""
    from storyreel.cli.bill import accept
    from storyreel.cli.render import gravest, known_scenes, render_document
    from storyreel.driver.making import Stopping
    from storyreel.driver.retaking import candidates
    from storyreel.driver.sellers import paid_provider
    from storyreel.plan.catalog import ANIMATIC
    from storyreel.render.hold import HeldByAnother, hold

    project = common.open()
    name = wish.provider or paid_provider(project.settings)
    if name == ANIMATIC:
        raise Stop(USAGE, "panels are drawn once; name a provider that sells takes, for example fal")
    compiled = compile_board(project, common.board(project, wish.board), name, None)
    print_diagnostics(common, project, compiled.diagnostics)
    known_scenes(compiled, [wish.scene])
    outcomes: list[Outcome] = []
    stopping, run = Stopping(), os.urandom(8).hex()
    try:
        if compiled.plan is not None:
            with hold(project.work, "retake"):
                wanted = candidates(compiled.plan, wish.scene, wish.count, project.known(compiled.lock))
                if not wanted:
                    raise Stop(USAGE, _nothing_to_take(compiled, wish))
                ceiling = wish.max_cost if wish.max_cost is not None else project.settings.render.max_cost
                bought = [(wish.scene, part) for part in wanted]
                accept(common, project, (), bought, ceiling, is_agreed=wish.is_agreed)
                outcomes.append(_made(common, project, compiled, wanted, ceiling, wish.note, stopping, run))
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None
    finally:
        stopped = sys.exc_info()[1]
        if wish.as_json and not (isinstance(stopped, Stop) and stopped.code == USAGE):
            document = render_document(project, run, outcomes, compiled.diagnostics, stopped)
            print(json.dumps(document, indent=2, ensure_ascii=False))
    if any(outcome.is_stopped for outcome in outcomes):
        raise Stop(stopping.code, "interrupted; what was asked for is written down, the next render fetches it")
    code = gravest([compiled], outcomes, is_free=False) if outcomes else FAILED
    if code == DONE and not wish.as_json:
        numbers = sorted({part.take for part in wanted if part.take is not None})
        which = f"take{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))} of {wish.scene}"
        puts = f"`storyreel pick {wish.board} {wish.scene} {numbers[0]}` puts {'one' if len(numbers) > 1 else 'it'}"
        common.hint(f"{which}; {puts} into the film")
    return code


def _nothing_to_take(compiled: Compiled, wish: Again) -> str:
    assert compiled.plan is not None
    scene = wish.scene
    if any(one.id == scene and one.kept is not None for film in compiled.plan.films for one in film.scenes):
        return f"{scene} keeps takes of other words: `storyreel release {wish.board} {scene}`, then take it again"
    return f"{scene} is not bought from anybody: there is nothing to take again"


def _made(
    common: Common,
    project: Project,
    compiled: Compiled,
    wanted: tuple[PlannedPart, ...],
    ceiling: Usd | None,
    note: str | None,
    stopping: Stopping,
    run: str,
) -> Outcome:
    from storyreel.cli.running import followed
    from storyreel.driver.making import Spending
    from storyreel.driver.retaking import retake as take_again

    spending = Spending(run, ceiling)
    assert compiled.plan is not None
    events = take_again(project, compiled, wanted, spending, stopping, note)
    return followed(common, compiled.plan, events, stopping)
