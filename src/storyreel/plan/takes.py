"""What a scene's requests come to at one provider: keys, takes to make or reuse, jobs, prices."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from storyreel.base.money import Usd
from storyreel.board.model import Scene
from storyreel.plan.catalog import ANIMATIC_ENDPOINT, catalog
from storyreel.plan.edit import bought_frames
from storyreel.plan.fit import FittedPart
from storyreel.plan.keys import animatic_key, request_key
from storyreel.plan.panels import panel_job, request_assets
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
) -> tuple[tuple[PlannedPart, ...], ...]:
    """For each part its takes, the one that is in the film first."""
    if lane.is_animatic:
        rows = zip(requests, parts, shown, strict=True)
        return tuple((_panels(scene, request, part, frames, sheet, lane),) for request, part, frames in rows)
    return tuple(_bought(scene, request, frames, lane) for request, frames in zip(requests, shown, strict=True))


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


def _bought(scene: Scene, request: Request, shown: int, lane: Lane) -> tuple[PlannedPart, ...]:
    key = request_key(request)
    endpoint = catalog().endpoint(lane.provider, request.model, request.tier, has_start=bool(request.start))
    cost = take_cost(request, lane.provider)
    assets = request_assets(request)
    found = []
    for take in range(1, scene.takes + 1):
        is_there = lane.takes.has(key, take)
        which = f"candidate {take} of {scene.takes}: " if scene.takes > 1 else ""
        reason = f"{which}made before" if is_there else f"{which}{_first('no take of these words yet', request)}"
        found.append(
            PlannedPart(
                key=key,
                take=take,
                action="reuse" if is_there else "generate",
                reason=reason,
                provider=lane.provider,
                endpoint=endpoint,
                seconds=Fraction(request.seconds),
                cost_usd=Usd(0) if is_there else cost,
                request=request,
                shown=shown if take == 1 else 0,
                assets=assets,
            )
        )
    return tuple(found)


def take_cost(request: Request, provider: str) -> Usd | None:
    """Of one take by the dated table; None where it has no price."""
    has_voice = any(element.voice_id for element in request.elements)
    return catalog().cost(
        provider, request.model, request.tier, request.seconds, audio=request.generate_audio, voice=has_voice
    )


def _first(reason: str, request: Request) -> str:
    """The reason, and what has to be there first."""
    scenes = dict.fromkeys(f.scene for f in (*request.start, request.end) if isinstance(f, FrameOf))
    return f"{reason}; it waits for the last frame of {' and '.join(scenes)}" if scenes else reason
