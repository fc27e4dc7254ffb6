"""Which provider makes a take where several could: by price, by speed, by reliability; never one that cannot."""

from __future__ import annotations

import pytest

from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.plan import PlannedPart
from storyreel.plan.route import Record, known_sellers
from storyreel.plan.sheet import Policy
from tests.plan.boards import Made, film, planned, scene, shot
from tests.support.cases import BOARD
from tests.support.pipeline import compiled

FAL, REPLICATE, LUMENFALL = (known_sellers()[name] for name in ("fal", "replicate", "lumenfall"))
RECORDS = {
    "fal": Record(p50_s=90, p95_s=200, success=0.90),
    "replicate": Record(p50_s=60, p95_s=90, success=0.95),
    "lumenfall": Record(p50_s=120, p95_s=130, success=0.99),
}


def part(policy: Policy, *, tier: str = "standard") -> PlannedPart:
    board = film(scene("sea", shot()), tier=tier)
    found = planned(board, provider="replicate", sellers=[REPLICATE, FAL, LUMENFALL], policy=policy, records=RECORDS)
    return found.scenes[0].parts[0]


@pytest.mark.parametrize(
    ("policy", "chosen", "others"),
    [
        ("cheapest", "replicate", ["fal", "lumenfall"]),
        ("fastest", "replicate", ["fal", "lumenfall"]),
        ("reliable", "lumenfall", ["replicate", "fal"]),
    ],
)
def test_the_policy_ranks_who_can_make_it(policy: Policy, chosen: str, others: list[str]) -> None:
    found = part(policy)
    assert found.provider == chosen
    assert [name for name, _ in found.others] == others


def test_at_equal_prices_the_order_of_preference_holds() -> None:
    board = film(scene("sea", shot()))
    for sellers in ([FAL, REPLICATE], [REPLICATE, FAL]):
        found = planned(board, provider=sellers[0].name, sellers=sellers).scenes[0].parts[0]
        assert found.provider == sellers[0].name


def test_who_would_lose_a_parameter_is_not_asked() -> None:
    text = "storyreel: 1\ncfg_scale: 0.5\nscenes:\n  - {id: sea, shots: [{duration: 4, prompt: A sea}]}\n"
    source = MemorySource({BOARD: text})
    films, _ = compiled(source, BOARD)
    sellers = [REPLICATE, FAL]  # Replicate has no `cfg_scale`, and a loss is an error.
    made = build_plan(films, source, Made(), provider="replicate", board="board", sellers=sellers, policy="fastest")
    assert made.value is not None, made.diagnostics
    found = made.value.films[0].scenes[0].parts[0]
    assert (found.provider, found.others) == ("fal", ())


def test_a_price_that_is_not_known_comes_last() -> None:
    found = part("cheapest", tier="pro")
    assert found.provider == "replicate"
    assert [name for name, _ in found.others][-1] == "lumenfall"
