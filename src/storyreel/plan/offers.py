"""Who could make a take, best first: each candidate's request on the wire, and what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.model import Scene, Shot
from storyreel.plan.budget import check_words
from storyreel.plan.catalog import catalog
from storyreel.plan.losses import told
from storyreel.plan.lower import Lowered, Written, lower
from storyreel.plan.lowering.words import manner_of
from storyreel.plan.request import Request
from storyreel.plan.route import Seller, route_of
from storyreel.plan.sheet import Lane, Sheet


@dataclass(frozen=True, slots=True)
class Offer:
    """One provider's way to a take."""

    seller: Seller
    lowered: Lowered
    found: tuple[Diagnostic, ...]

    @property
    def is_sound(self) -> bool:
        return not any(diagnostic.is_error for diagnostic in self.found)


def offers(request: Request, scene: Scene, shots: Sequence[Shot], sheet: Sheet, lane: Lane) -> tuple[Offer, ...]:
    """Every seller that has an endpoint: those that can honour the request first, then as the policy ranks them."""
    size, resolution = (sheet.board.setting(scene, name) for name in ("size", "resolution"))
    found = []
    for seller in lane.sellers:
        route = route_of(request, seller)
        if route is None:
            continue
        lowered = lower(request, route, Written(size, resolution, scene.takes))
        words = check_words(request, shots, catalog().profiles[request.model], manner_of(request, route.endpoint.form))
        found.append(Offer(seller, lowered, (*words, *told(lowered.problems, scene, shots, sheet.board, lane.on_loss))))
    return tuple(sorted(found, key=lambda offer: _rank(offer, lane)))


def _rank(offer: Offer, lane: Lane) -> tuple[bool, tuple[float, ...]]:
    """Smaller is better; what is not known comes last, and the order of preference settles the rest."""
    record = lane.records.get(offer.seller.name)
    price = float("inf") if offer.lowered.cost_usd is None else float(offer.lowered.cost_usd)
    speed = float("inf") if record is None or record.p50_s is None else record.p50_s
    failure = float("inf") if record is None or record.success is None else 1 - record.success
    order = {"cheapest": (price,), "fastest": (speed, price), "reliable": (failure, speed, price)}
    return (not offer.is_sound, order[lane.policy])
