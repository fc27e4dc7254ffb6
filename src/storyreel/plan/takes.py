"""What a scene's requests come to at one provider: keys, takes to make or reuse, jobs, prices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from storyreel.base.diagnostic import Diagnostic
from storyreel.base.money import Usd
from storyreel.board.model import Scene
from storyreel.plan.catalog import ANIMATIC_ENDPOINT
from storyreel.plan.edit import bought_frames
from storyreel.plan.fit import FittedPart
from storyreel.plan.keys import animatic_key, request_key
from storyreel.plan.losses import not_sold, told
from storyreel.plan.lower import Written, lower
from storyreel.plan.panels import panel_job
from storyreel.plan.plan import PlannedPart
from storyreel.plan.request import FrameOf, Request
from storyreel.plan.sheet import Lane, Sheet


def planned_takes(
    scene: Scene,
    requests: Sequence[Request],
    parts: Sequence[FittedPart],
    shown: Sequence[int],
    sheet: Sheet,
    lane: Lane,
    found: list[Diagnostic],
) -> tuple[tuple[PlannedPart, ...], ...]:
    """For each part its takes, the one that is in the film first; `found` gains what stands in a request's way."""
    rows = zip(requests, parts, shown, strict=True)
    if lane.is_animatic:
        return tuple((_panels(scene, request, part, frames, sheet, lane),) for request, part, frames in rows)
    return tuple(_bought(scene, request, part, frames, sheet, lane, found) for request, part, frames in rows)


def _panels(scene: Scene, request: Request, part: FittedPart, shown: int, sheet: Sheet, lane: Lane) -> PlannedPart:
    frames = bought_frames(part, sheet.format.rate)
    job, assets = panel_job(request, scene.shots[part.first : part.end], frames, sheet)
    key = animatic_key(job)
    is_there = lane.takes.has(key, 1)
    reason = "drawn before" if is_there else _first("no panels drawn for it yet", request)
    return PlannedPart(
        key=key,
        take=1,
        action="reuse" if is_there else "generate",
        reason=reason,
        provider=lane.provider,
        endpoint=ANIMATIC_ENDPOINT,
        seconds=Fraction(request.seconds),
        cost_usd=Usd(0),
        request=request,
        shown=shown,
        job=job,
        assets=assets,
    )


def _bought(
    scene: Scene,
    request: Request,
    part: FittedPart,
    shown: int,
    sheet: Sheet,
    lane: Lane,
    found: list[Diagnostic],
) -> tuple[PlannedPart, ...]:
    """Candidates of one request: the same body, bought once for each."""
    assert lane.seller is not None
    key = request_key(request)
    route = lane.route(request)
    lowered = None
    if route is None:
        found.append(not_sold(lane.seller, scene, sheet.board, model=request.model, tier=request.tier))
    else:
        size, resolution = (sheet.board.setting(scene, name) for name in ("size", "resolution"))
        lowered = lower(request, route, Written(size, resolution, scene.takes))
        shots = scene.shots[part.first : part.end]
        found += told(lowered.problems, scene, shots, sheet.board, lane.on_loss)
    parts = []
    for take in range(1, scene.takes + 1):
        is_there = lane.takes.has(key, take)
        which = f"candidate {take} of {scene.takes}: " if scene.takes > 1 else ""
        reason = f"{which}made before" if is_there else f"{which}{_first('no take of these words yet', request)}"
        parts.append(
            PlannedPart(
                key=key,
                take=take,
                action="reuse" if is_there else "generate",
                reason=reason,
                provider=lane.provider,
                endpoint=lowered.endpoint if lowered is not None else None,
                seconds=Fraction(request.seconds),
                cost_usd=Usd(0) if is_there else lowered.cost_usd if lowered is not None else None,
                request=request,
                shown=shown if take == 1 else 0,
                job=lowered.body if lowered is not None else None,
                assets=lowered.assets if lowered is not None else {},
                lowered=lowered,
            )
        )
    return tuple(parts)


def _first(reason: str, request: Request) -> str:
    """The reason, and what has to be there first."""
    scenes = dict.fromkeys(f.scene for f in (*request.start, request.end) if isinstance(f, FrameOf))
    return f"{reason}; it waits for the last frame of {' and '.join(scenes)}" if scenes else reason
