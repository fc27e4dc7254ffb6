"""Prices that the table lacks, asked of a provider that names them for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.emulators.faults import Fault
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import SMALL, Folder

PRO = SMALL.replace("title: Small", "title: Small\ntier: pro")
AT = ("film", "--provider", "lumenfall")


@pytest.fixture(scope="module")
def shared() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


@pytest.fixture
def providers(shared: Stand) -> Stand:
    shared.lumenfall.faults.clear()
    for seen in (shared.lumenfall.ledger.heard, shared.lumenfall.ledger.submissions):
        seen.clear()
    shared.lumenfall.estimated = 0
    return shared


@pytest.fixture
def folder(tmp_path: Path, providers: Stand) -> Folder:
    made = Folder.with_board(tmp_path, PRO)
    made.write("storyreel.toml", providers.settings())
    return made


def test_a_plan_asks_only_when_told_to_and_remembers_what_was_said(folder: Folder, providers: Stand) -> None:
    silent = folder.run("plan", *AT, "--json", env=KEYS)
    assert (silent.code, silent.json["total_usd"]) == (0, None)
    assert providers.lumenfall.ledger.heard == [], "a plan connects nowhere"

    asked = folder.run("plan", *AT, "--ask-prices", "--json", env=KEYS)
    assert Decimal(asked.json["total_usd"]) == 6 * Decimal("0.252")
    assert (providers.lumenfall.estimated, providers.lumenfall.ledger.submissions) == (1, []), "both last three seconds"
    days = {part["quoted_on"] for scene in asked.json["films"][0]["scenes"][:2] for part in scene["parts"]}
    (day,) = days

    again = folder.run("plan", *AT)
    assert f"1.51 USD  (prices as of 2026-10-31, asked on {day})" in again.out
    folder.edit("A black sea", "A dark sea")
    assert folder.run("plan", *AT, "--json").json["total_usd"] == "1.512", "words cost nothing"
    folder.edit("duration: 3", "duration: 4")
    assert folder.run("plan", *AT, "--json").json["total_usd"] is None
    assert providers.lumenfall.estimated == 1
    listed = folder.run("providers", "--json").json["providers"]
    assert [one["quotes"] for one in listed if one["name"] == "lumenfall"] == [{"count": 1, "asked_on": day}]


def test_a_render_refuses_what_has_no_price_and_asks_nobody(folder: Folder, providers: Stand) -> None:
    refused = folder.run("render", *AT, "--yes", "--json", env=KEYS)
    assert refused.code == 4
    assert "no price is known" in refused.json["message"]
    assert "--ask-prices" in refused.json["message"]
    assert providers.lumenfall.ledger.heard == []


def test_a_render_pays_what_was_said(folder: Folder, providers: Stand) -> None:
    folder.run("plan", *AT, "--ask-prices", env=KEYS)
    dear = folder.run("render", *AT, "--yes", "--max-cost", "1.50", "--json", env=KEYS)
    assert (dear.code, providers.lumenfall.ledger.submissions) == (4, [])
    made = folder.run("render", *AT, "--yes", "--max-cost", "1.52", "--json", env=KEYS)
    assert made.code == 0, made.err
    assert Decimal(made.json["paid_usd"]) == providers.lumenfall.ledger.billed == Decimal("1.512")
    (folder.root / ".storyreel/prices.json").unlink()
    again = ("retake", "film", "sea", "--provider", "lumenfall", "--yes", "--json")
    assert folder.run(*again, env=KEYS).code == 4
    folder.run("plan", *AT, "--ask-prices", env=KEYS)
    taken = folder.run(*again, env=KEYS)
    assert (taken.code, taken.json["paid_usd"]) == (0, "0.756"), taken.err


def test_whoever_does_not_say_leaves_the_price_unknown(folder: Folder, providers: Stand) -> None:
    providers.lumenfall.faults.add("submit", Fault("status", status=503), Fault("status", status=401))
    for said, keys in (("answered 503", KEYS), ("answered 401", KEYS), ("answered 401", {})):
        found = folder.run("plan", *AT, "--ask-prices", "--json", env=keys)
        assert (found.code, found.json["total_usd"]) == (0, None)
        assert said in found.err
    assert not (folder.root / ".storyreel/prices.json").exists()
    other = folder.run("plan", "film", "--provider", "fal", "--ask-prices", env=KEYS)
    assert (other.code, "nobody here names prices" in other.err) == (0, True)


@pytest.mark.parametrize("text", ["{", "[]", '{"quotes": []}', '{"quotes": {"lumenfall": {"a": {"usd": "NaN"}}}}'])
def test_a_file_of_prices_that_is_broken_or_old_is_none(folder: Folder, text: str) -> None:
    folder.write(".storyreel/prices.json", text)
    assert folder.run("plan", *AT, "--json").json["total_usd"] is None


def test_old_prices_are_asked_for_again(folder: Folder, providers: Stand) -> None:
    folder.run("plan", *AT, "--ask-prices", env=KEYS)
    file = folder.root / ".storyreel/prices.json"
    kept = json.loads(file.read_text())
    for quote in kept["quotes"]["lumenfall"].values():
        quote["day"] = "2026-01-01"
    file.write_text(json.dumps(kept))
    assert folder.run("plan", *AT, "--json").json["total_usd"] is None
    assert folder.run("plan", *AT, "--ask-prices", "--json", env=KEYS).json["total_usd"] == "1.512"
