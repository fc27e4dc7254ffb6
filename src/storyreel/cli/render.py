"""`render`: makes takes and reels."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from storyreel.cli.check import compile_board, compile_boards, print_diagnostics
from storyreel.cli.context import (
    DONE,
    FAILED,
    HELD,
    INTEGRITY,
    PROVIDER,
    REFUSED,
    UNKNOWN,
    USAGE,
    Common,
    Stop,
)
from storyreel.cli.wish import Wish

if TYPE_CHECKING:
    from storyreel.base.diagnostic import Diagnostic
    from storyreel.driver.making import Spending, Stopping
    from storyreel.driver.outcome import Outcome
    from storyreel.driver.project import Compiled, Project


def render(common: Common, wish: Wish) -> int:
    """Render every named board; the exit code is the gravest of what happened. JSON is printed on every exit but 2."""
    if wish.delivery is not None and wish.delivery.format == "gif" and (wish.has_report or wish.is_strict):
        raise Stop(USAGE, "a GIF has no sound and few frames: look at the joins of another --format")
    project = common.open()
    compiled: list[Compiled] = []
    outcomes: list[Outcome] = []
    run = os.urandom(8).hex()
    try:
        paths = [common.board(project, name) for name in wish.boards]
        compiled += compile_boards(project, paths, wish.provider, wish.film, wish.rebuy)
        for one in compiled:
            print_diagnostics(common, project, one.diagnostics)
        for one in compiled:
            known_scenes(one, [*wish.scenes, *sorted(wish.rebuy)])
        _render(common, project, compiled, wish, run, outcomes)
    finally:
        stopped = sys.exc_info()[1]
        if wish.as_json and not (isinstance(stopped, Stop) and stopped.code == USAGE):
            found = [d for one in compiled for d in one.diagnostics]
            document = render_document(project, run, outcomes, found, stopped)
            print(json.dumps(document, indent=2, ensure_ascii=False))
    if not wish.as_json:
        _report(common, project, outcomes)
    crossed = any(not seen.report.is_clean for outcome in outcomes for seen in outcome.seams)
    code = gravest(compiled, outcomes, is_free=wish.is_free)
    return max(code, FAILED) if crossed and wish.is_strict else code


def _render(
    common: Common, project: Project, compiled: Sequence[Compiled], wish: Wish, run: str, outcomes: list[Outcome]
) -> None:
    """Render what compiled, board after board, into `outcomes`; raises Stop."""
    from storyreel.cli.bill import agree
    from storyreel.driver.making import Spending, Stopping
    from storyreel.render.hold import HeldByAnother, hold

    good = [one for one in compiled if one.plan is not None]
    ceiling = wish.max_cost if wish.max_cost is not None else project.settings.render.max_cost
    try:
        with hold(project.work, "render"):
            good = [_as_locked(project, one, wish) for one in good]
            # What is in the store or on its way may have changed while somebody else held the project.
            agree(common, project, good, wish, ceiling)
            spending = Spending(run, ceiling, not wish.is_free)
            for one in good:
                stopping = Stopping()
                outcomes.append(_one_board(common, project, one, wish, spending, stopping))
                if outcomes[-1].is_stopped:
                    raise Stop(stopping.code, _resume(wish))
    except HeldByAnother as held:
        raise Stop(HELD, f"{held} is working in this project; try again when it is done") from None


def _as_locked(project: Project, one: Compiled, wish: Wish) -> Compiled:
    """The board by its lock as it is now: somebody may have chosen a take since it was compiled."""
    from storyreel.driver.locks import LockRefused, read_lock
    from storyreel.driver.sellers import sellers_of

    try:
        if not sellers_of(wish.provider, project.settings) or read_lock(project.root, one.path) == one.lock:
            return one
    except LockRefused as refused:
        raise Stop(INTEGRITY, str(refused)) from None
    again = compile_board(project, one.path, wish.provider, wish.film, wish.rebuy)
    return again if again.plan is not None else one


def _resume(wish: Wish) -> str:
    """What goes on where this run stopped."""
    words = ["storyreel render", *wish.boards]
    for flag, value in (("--provider", wish.provider), ("--film", wish.film), ("--max-cost", wish.max_cost)):
        words += [flag, str(value)] if value is not None else []
    for scene in wish.scenes:
        words += ["--scene", scene]
    words += ["--yes"] if wish.is_agreed else []
    return f"interrupted; what was asked for is written down. Go on with: {' '.join(words)}"


def render_document(
    project: Project,
    run: str,
    outcomes: Sequence[Outcome],
    diagnostics: Sequence[Diagnostic],
    stopped: BaseException | None,
) -> dict[str, object]:
    """The JSON of `render --json`. What was paid comes from the journal, which knows it however the run ended."""
    from storyreel.base.money import usd_text
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
            "failed": sum(len(o.failures) + len(o.refused) for o in outcomes),
            "parked": sum(len(o.parked) for o in outcomes),
        },
        "paid_usd": usd_text(project.paid_by(run)),
        "message": str(stopped) if isinstance(stopped, Stop) else None,
        "failures": [
            {"key": failure.key, "take": failure.take, "reason": failure.reason, "message": failure.message}
            for o in outcomes
            for failure in o.failures
        ],
        "unknown": [{"key": key, "take": take} for o in outcomes for key, take in o.unknown],
        "seams": {seen.film: seen.report.document() for o in outcomes for seen in o.seams},
        "stand_ins": {stood.film: list(stood.scenes) for o in outcomes for stood in o.stood_in},
    }


def known_scenes(one: Compiled, scenes: Sequence[str]) -> None:
    """Refuse names of scenes that the board does not have. Raises Stop."""
    from storyreel.base.nearest import nearest

    if one.plan is None:
        return
    known = {scene.id for film in one.plan.films for scene in film.scenes}
    for wanted in scenes:
        if wanted not in known:
            close = nearest(wanted, known)
            raise Stop(USAGE, f"{one.path} has no scene {wanted}" + (f"; did you mean {close}?" if close else ""))


def gravest(compiled: Sequence[Compiled], outcomes: Sequence[Outcome], *, is_free: bool) -> int:
    """8, 6, 5, 4 or 1, in this order; 0 where all went well."""
    codes = {DONE}
    for outcome in outcomes:
        if outcome.parked:
            codes.add(UNKNOWN)
        if outcome.refused:
            codes.add(REFUSED)
        reasons = {*(failure.reason for failure in outcome.failures), *(shut.reason for shut in outcome.shut)}
        if reasons & {"credentials", "quota"}:
            codes.add(PROVIDER)
        if outcome.failures or outcome.waits or (outcome.stood_in and not is_free):
            codes.add(FAILED)
    if any(one.plan is None for one in compiled):
        codes.add(FAILED)
    return max(codes)


def _one_board(
    common: Common, project: Project, one: Compiled, wish: Wish, spending: Spending, stopping: Stopping
) -> Outcome:
    from storyreel.cli.running import followed
    from storyreel.driver.film import render
    from storyreel.stitch.encoding import Delivery

    scenes = frozenset(wish.scenes)
    assert one.plan is not None
    delivery, has_report = wish.delivery or Delivery(), wish.has_report or wish.is_strict
    events = render(project, one, scenes, spending, stopping, delivery, has_report=has_report)
    return followed(common, one.plan, events, stopping)


def _report(common: Common, project: Project, outcomes: Sequence[Outcome]) -> None:
    from storyreel.base.money import NOTHING, usd_label
    from storyreel.base.timebase import seconds_text

    for outcome in outcomes:
        for failure in outcome.failures:
            common.hint(f"not made: {failure.message} ({failure.reason}, {failure.key[:12]})")
        for refused in outcome.refused:
            common.hint(f"not bought: {refused.message} ({refused.key[:12]})")
        count = len(outcome.parked) - len(outcome.unknown)
        if count:
            common.hint(f"parked: {count} {'take' if count == 1 else 'takes'}; `storyreel jobs list` says what to do")
        count = len(outcome.unknown)
        if count:
            common.hint(f"unknown: {count} {'take' if count == 1 else 'takes'}; run again to look it up again")
        for stood in outcome.stood_in:
            common.hint(f"{stood.film} shows panels in place of takes: {', '.join(stood.scenes)}")
        for seen in outcome.seams:
            print(seen.report.text())
        for waiting in outcome.waits:
            common.hint(f"{waiting.film} is not cut: {waiting.why}")
        for reel in outcome.reels:
            length = seconds_text(reel.frames / reel.fps)
            print(f"{reel.path.relative_to(project.root).as_posix()}  {length} s, {reel.width}x{reel.height}")
    made, reused = sum(o.generated for o in outcomes), sum(o.reused for o in outcomes)
    paid = sum((o.paid_usd for o in outcomes), NOTHING)
    if outcomes:
        common.hint(f"{made} made, {reused} reused" + (f", {usd_label(paid)} paid" if paid else ""))
