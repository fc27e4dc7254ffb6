"""Thirteen ways in which the line of a paid POST ends in doubt, over a real proxy: one set of promises for all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from storyreel.plan.route import Seller
from storyreel.providers.http import Times
from storyreel.render.terms import Resubmit
from tests.campaign.rig import NAMES, PRICE, Hurried, Rig, fresh
from tests.emulators.jobs import Schedule
from tests.emulators.stand import Stand, stand
from tests.emulators.wire import Manner, Upset, Wire, wired
from tests.providers.rounds import sellers

BRIEF = Times(connect=30, write=30, read=1, whole=4, load=30, doubt=0.01, slow=30)


@dataclass(frozen=True, slots=True)
class Behaviour:
    manner: Manner | None
    seen: bool = False

    def __str__(self) -> str:
        return f"{self.manner or 'refused'}{' seen' if self.seen else ''}"


IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
BEHAVIOURS = (
    Behaviour(None),
    Behaviour("accept_and_close"),
    Behaviour("reset_before_read"),
    Behaviour("silent_before_read"),
    *(
        Behaviour(manner, seen)
        for manner in ("reset_after_read", "close_after_read", "half_head", "half_body", "silent_after_read")
        for seen in (False, True)
        if seen or manner != "half_body"
    ),
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(schedule=Schedule(1, 2), scale=0.1, is_film_fixed=True, clock=Hurried()) as found:
        yield found


def through(stand: Stand, name: str, wire: Wire) -> Seller:
    """The seller, asked through the proxy."""
    found = sellers(stand)[name]
    origin = "/".join(found.url.split("/")[:3])
    return replace(
        found, url=found.url.replace(origin, wire.url), platform_url=found.platform_url.replace(origin, wire.url)
    )


def test_there_are_as_many_as_was_promised() -> None:
    assert len(BEHAVIOURS) == 13


@pytest.mark.parametrize("resubmit", ["absent", "never"])
@pytest.mark.parametrize("name", NAMES)
def test_a_doubtful_end_of_the_line_is_paid_for_once(
    tmp_path: Path, shared: Stand, name: str, resubmit: Resubmit
) -> None:
    vendor, broken = shared.vendors[name], []
    # Each is met at two of the six in the suite, and at all of them in the whole campaign.
    place = 2 * NAMES.index(name) + (resubmit == "never")
    chosen = BEHAVIOURS if IS_FULL else BEHAVIOURS[place % 3 :: 3]
    for number, behaviour in enumerate(chosen):
        fresh(shared)
        folder = tmp_path / str(number)
        folder.mkdir()
        origin = "/".join(sellers(shared)[name].url.split("/")[:3])
        with wired(origin) as wire:
            seller = through(shared, name, wire)
            rig = Rig(shared, seller, folder, resubmit, deadline=3600, ceiling=PRICE[name], times=BRIEF)
            order = rig.order(f"A lamp, {behaviour}", has_picture=False)
            if behaviour.manner is None:
                with wire.refusing():
                    rig.buy([order])
            else:
                wire.upsets.append(Upset(behaviour.manner, behaviour.seen, "POST /"))
                rig.buy([order])
            first = rig.last(order)
            rig.buy([order])
            last = rig.last(order)
        assert last is not None
        wrong = rig.problems([order])
        is_lost = behaviour.manner is not None and not behaviour.seen
        is_parked = resubmit == "never" and is_lost and name != "lumenfall"
        wrong += [] if last.state == ("parked" if is_parked else "stored") else [f"{last.state}: {last.message}"]
        wrong += [] if len(vendor.ledger.submissions) == (not is_parked) else [f"{len(vendor.ledger.submissions)} paid"]
        wrong += [] if is_parked or behaviour.manner is None or first == last else ["not settled in one run"]
        broken += [(str(behaviour), wrong)] if wrong else []
    assert broken == []
