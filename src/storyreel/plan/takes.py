"""What a scene's requests come to at one provider: keys, takes to make or reuse, jobs, prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from storyreel.base.diagnostic import Diagnostic
from storyreel.base.money import NOTHING, Usd
from storyreel.board.model import Scene
from storyreel.plan.catalog import ANIMATIC_ENDPOINT
from storyreel.plan.edit import bought_frames
from storyreel.plan.fit import FittedPart
from storyreel.plan.keys import animatic_key
from storyreel.plan.lock import LockedTake
from storyreel.plan.losses import not_sold
from storyreel.plan.offers import Offer, offers
from storyreel.plan.panels import panel_job
from storyreel.plan.plan import Action, PlannedPart
from storyreel.plan.request import FrameOf, Request
from storyreel.plan.sheet import Lane, Sheet


def planned_takes(
    scene: Scene,
    requests: Sequence[Request],
    keys: Sequence[str],
    parts: Sequence[FittedPart],
    shown: Sequence[int],
    sheet: Sheet,
    lane: Lane,
    found: list[Diagnostic],
) -> tuple[tuple[PlannedPart, ...], ...]:
    """For each part its takes, the one that is in the film first; `found` gains what stands in a request's way.

    `keys` are those of the requests; panels have their own.
    """
    rows = zip(requests, parts, shown, strict=True)
    if lane.is_animatic:
        return tuple((_panels(scene, request, part, frames, sheet, lane),) for request, part, frames in rows)
    return tuple(
        _bought(scene, key, request, part, frames, sheet, lane, found)
        for key, (request, part, frames) in zip(keys, rows, strict=True)
    )


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
    key: str,
    request: Request,
    part: FittedPart,
    shown: int,
    sheet: Sheet,
    lane: Lane,
    found: list[Diagnostic],
) -> tuple[PlannedPart, ...]:
    """Candidates of one request: the same body, bought once for each."""
    found_offers = offers(request, scene, scene.shots[part.first : part.end], sheet, lane)
    best, *rest = found_offers or (None,)
    if best is None:
        found.append(not_sold(lane.sellers, scene, sheet.board, model=request.model, tier=request.tier))
    else:
        found += best.found
    others = tuple((offer.seller.name, offer.lowered) for offer in rest if offer is not None and offer.is_sound)
    rows = []
    chosen = _chosen(key, scene, lane)
    for take in [chosen, *(number for number in range(1, scene.takes + 1) if number != chosen)]:
        is_gone = (key, take) in lane.lock.takes and not lane.takes.has(key, take)
        if is_gone and take != chosen:
            continue  # It was bought and not chosen: nobody misses it.
        which = "" if scene.takes == 1 else f"candidate {take} of {scene.takes}: "
        which = f"take {take}: " if take > scene.takes else which  # Bought by `retake`.
        stand = _stand(key, take, request, best, lane)
        if is_gone and scene.id not in lane.rebuy and stand.action == "generate":
            stand = _missing(lane.lock.takes[key, take])
        rows.append(
            PlannedPart(
                key=key,
                take=take,
                action=stand.action,
                reason=f"{which}{stand.reason}",
                provider=stand.provider,
                endpoint=stand.endpoint,
                seconds=Fraction(request.seconds),
                cost_usd=stand.cost_usd,
                paid_usd=stand.paid_usd,
                request=request,
                shown=shown if take == chosen else 0,
                is_chosen=take == chosen,
                job=best.lowered.body if best is not None else None,
                assets=best.lowered.assets if best is not None else {},
                lowered=best.lowered if best is not None else None,
                others=others,
            )
        )
    return tuple(rows)


def _chosen(key: str, scene: Scene, lane: Lane) -> int:
    """Which take is in the film: as the lock has it, else the first that is here."""
    locked = lane.lock.chosen(key)
    if locked is not None:
        return locked
    return next((take for take in range(1, scene.takes + 1) if lane.takes.has(key, take)), 1)


def _missing(take: LockedTake) -> _Stand:
    reason = f"bought at {take.provider}, and its bytes are not in the store; `--rebuy` pays for it again"
    return _Stand("missing", reason, take.provider, None, Usd(0), take.paid)


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where one candidate stands."""

    action: Action
    reason: str
    provider: str
    endpoint: str | None
    cost_usd: Usd | None
    paid_usd: Usd = NOTHING


def _stand(key: str, take: int, request: Request, best: Offer | None, lane: Lane) -> _Stand:
    provider = best.seller.name if best is not None else lane.provider
    endpoint = best.lowered.endpoint if best is not None else None
    if lane.takes.has(key, take):
        return _Stand("reuse", "made before", provider, endpoint, Usd(0), lane.takes.paid(key, take))
    before = lane.takes.before(key, take)
    if before is not None and before.state == "parked":
        return _Stand("parked", before.message, before.provider, before.endpoint, Usd(0), before.cost_usd)
    if before is not None and before.state == "open":
        return _Stand("resume", before.message, before.provider, before.endpoint, Usd(0), before.cost_usd)
    reason = _first("no take of these words yet", request)
    if before is not None:
        reason = f"{reason}; {before.message}"
    return _Stand("generate", reason, provider, endpoint, best.lowered.cost_usd if best is not None else None)


def _first(reason: str, request: Request) -> str:
    """The reason, and what has to be there first."""
    scenes = dict.fromkeys(f.scene for f in (*request.start, request.end) if isinstance(f, FrameOf))
    return f"{reason}; it waits for the last frame of {' and '.join(scenes)}" if scenes else reason
