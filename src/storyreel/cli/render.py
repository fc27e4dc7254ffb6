"""`render`: makes takes and reels."""

from __future__ import annotations

import asyncio
import errno
import json
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storyreel.cli.check import compile_board, print_diagnostics
from storyreel.cli.context import DONE, FAILED, HELD, INTEGRITY, INTERRUPTED, REFUSED, USAGE, Common, Stop

if TYPE_CHECKING:
    from storyreel.base.diagnostic import Diagnostic
    from storyreel.driver.film import Outcome
    from storyreel.driver.project import Compiled, Project

FREE = "animatic"


def render(
    common: Common,
    boards: Sequence[str],
    provider: str | None,
    film: str | None,
    scenes: Sequence[str],
    is_locked: bool,
    is_agreed: bool,
    as_json: bool,
) -> int:
    """Render every named board; the exit code is the gravest of what happened. JSON is printed on every exit but 2."""
    project = common.open()
    paths = [common.board(project, name) for name in boards]
    compiled = [compile_board(project, path, provider, film) for path in paths]
    for one in compiled:
        print_diagnostics(common, project, one.diagnostics)
        _known_scenes(one, scenes)
    outcomes: list[Outcome] = []
    try:
        _render(common, project, compiled, frozenset(scenes), is_locked, is_agreed, outcomes)
    finally:
        stopped = sys.exc_info()[1]
        if as_json and not (isinstance(stopped, Stop) and stopped.code == USAGE):
            found = [d for one in compiled for d in one.diagnostics]
            print(json.dumps(render_document(project, outcomes, found), indent=2, ensure_ascii=False))
    if not as_json:
        _report(common, project, outcomes)
    failed = any(one.plan is None for one in compiled) or any(o.failures or o.waits for o in outcomes)
    return FAILED if failed else DONE


def _render(
    common: Common,
    project: Project,
    compiled: Sequence[Compiled],
    scenes: frozenset[str],
    is_locked: bool,
    is_agreed: bool,
    outcomes: list[Outcome],
) -> None:
    """Render what compiled, board after board, into `outcomes`; raises Stop."""
    from storyreel.render.hold import HeldByAnother, hold

    good = [one for one in compiled if one.plan is not None]
    _agree(good, is_locked, is_agreed)
    try:
        with hold(project.work, "render"):
            outcomes.extend(_one_board(common, project, one, scenes) for one in good)
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None


def render_document(
    project: Project, outcomes: Sequence[Outcome], diagnostics: Sequence[Diagnostic]
) -> dict[str, object]:
    """The JSON of `render --json`."""
    from storyreel.base.report import render_json
    from storyreel.plan.document import number

    return render_json(diagnostics) | {
        "reels": [
            {
                "film": reel.film,
                "path": reel.path.relative_to(project.root).as_posix(),
                "frames": reel.frames,
                "fps": number(reel.fps),
                "width": reel.width,
                "height": reel.height,
            }
            for outcome in outcomes
            for reel in outcome.reels
        ],
        "requests": {
            "generated": sum(o.generated for o in outcomes),
            "reused": sum(o.reused for o in outcomes),
            "failed": sum(len(o.failures) for o in outcomes),
            "parked": sum(o.parked for o in outcomes),
        },
        "paid_usd": "0.00",
    }


def _known_scenes(one: Compiled, scenes: Sequence[str]) -> None:
    from storyreel.base.nearest import nearest

    if one.plan is None:
        return
    known = {scene.id for film in one.plan.films for scene in film.scenes}
    for wanted in scenes:
        if wanted not in known:
            close = nearest(wanted, known)
            raise Stop(USAGE, f"{one.path} has no scene {wanted}" + (f"; did you mean {close}?" if close else ""))


def _agree(good: Sequence[Compiled], is_locked: bool, is_agreed: bool) -> None:
    """Refuse what would spend without a yes: an animatic costs nothing and never asks."""
    paid = [part for one in good if one.plan for part in one.plan.to_make() if part.provider != FREE]
    if not paid:
        return
    names = ", ".join(sorted({part.provider for part in paid}))
    if is_locked:
        raise Stop(REFUSED, f"--locked buys nothing, and {len(paid)} takes are not in the store (asked from {names})")
    if not is_agreed:
        raise Stop(REFUSED, f"{len(paid)} takes would be bought from {names}; say --yes to spend")
    raise Stop(USAGE, f"this version makes animatics; it does not send requests to {names} yet")


def _one_board(common: Common, project: Project, one: Compiled, scenes: frozenset[str]) -> Outcome:
    from storyreel.cli.progress import Progress
    from storyreel.driver.film import Outcome, render
    from storyreel.media.ffmpeg import MediaFailed
    from storyreel.render.blobs import DamagedBlob

    plan = one.plan
    assert plan is not None

    async def make() -> Outcome:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _cancel, asyncio.current_task())
        outcome = Outcome((), 0, 0, (), ())
        with Progress(common, plan) as progress:
            async for event in render(project, plan, scenes):
                if isinstance(event, Outcome):
                    outcome = event
                else:
                    progress.tell(event)
        return outcome

    try:
        return asyncio.run(make())
    except asyncio.CancelledError:
        raise SystemExit(143) from None
    except KeyboardInterrupt:
        raise Stop(INTERRUPTED, "interrupted; the same command goes on where this one stopped") from None
    except MediaFailed as failed:
        raise Stop(FAILED, failed.message) from None
    except DamagedBlob as damaged:
        raise Stop(INTEGRITY, f"{damaged}; `storyreel store verify` names every such file") from None
    except OSError as failed:
        if failed.errno == errno.ENOSPC:
            raise Stop(FAILED, "the disk is full: make room and run again, what is done stays done") from None
        raise


def _cancel(task: asyncio.Task[object] | None) -> None:
    print("storyreel: terminated; the same command goes on where this one stopped", file=sys.stderr)
    if task is not None:
        task.cancel()


def _report(common: Common, project: Project, outcomes: Sequence[Outcome]) -> None:
    from storyreel.base.timebase import seconds_text

    for outcome in outcomes:
        for failure in outcome.failures:
            common.hint(f"not made: {failure.message} ({failure.reason}, {failure.key[:12]})")
        for waiting in outcome.waits:
            common.hint(f"{waiting.film} is not cut: {waiting.why}")
        for reel in outcome.reels:
            length = seconds_text(reel.frames / reel.fps)
            print(f"{reel.path.relative_to(project.root).as_posix()}  {length} s, {reel.width}x{reel.height}")
    made, reused = sum(o.generated for o in outcomes), sum(o.reused for o in outcomes)
    if outcomes:
        common.hint(f"{made} made, {reused} reused")
