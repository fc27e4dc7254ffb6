"""A job that its provider took and failed for nothing, as a user meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import SMALL, Folder

FAILS = {"fal": "runner", "replicate": "internal", "lumenfall": "upstream"}


@pytest.fixture
def providers() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


def failing(fate: str, times: int) -> Callable[[Mapping[str, Any]], str | None]:
    """The first jobs about the sea end like this."""
    left = [fate] * times
    return lambda body: left.pop() if left and "black sea" in str(body) else None


@pytest.mark.parametrize("name", FAILS)
def test_it_is_asked_once_more_within_what_was_agreed(tmp_path: Path, providers: Stand, name: str) -> None:
    folder = Folder.with_board(tmp_path, SMALL)
    folder.write("storyreel.toml", providers.settings())
    vendor = providers.vendors[name]
    vendor.fate_of = failing(FAILS[name], 1)
    total = folder.run("plan", "film", "--provider", name, "--json").json["total_usd"]
    made = folder.run("render", "film", "--provider", name, "--yes", "--max-cost", total, "--json", env=KEYS)
    assert made.code == 0, made.err
    assert "and charges nothing; asking" in made.err
    assert made.json["requests"] == {"generated": 2, "reused": 0, "failed": 0, "parked": 0}
    assert Decimal(made.json["paid_usd"]) == vendor.ledger.billed == Decimal(total)
    assert len(vendor.ledger.submissions) == 3
    rows = folder.run("jobs", "list", "--json").json["jobs"]
    assert sorted((row["scene"], row["state"]) for row in rows) == [
        ("pier", "stored"), ("sea", "failed"), ("sea", "stored"),
    ]  # fmt: skip


def test_a_refusal_is_final_and_a_second_failure_too(tmp_path: Path, providers: Stand) -> None:
    folder = Folder.with_board(tmp_path, SMALL)
    folder.write("storyreel.toml", providers.settings())
    for fate, sent in (("refused", 2), ("runner", 2)):
        providers.fal.fate_of = failing(fate, 9)
        before = len(providers.fal.ledger.submissions)
        made = folder.run("render", "film", "--provider", "fal", "--yes", "--json", env=KEYS)
        assert made.code == 1, made.err
        assert made.json["requests"]["failed"] == 1
        assert len(providers.fal.ledger.submissions) - before == sent
