"""The shot list: one row a shot, prices that add up, nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from storyreel.board.source import MemorySource
from storyreel.plan.build import build_plan
from storyreel.plan.plan import Plan
from storyreel.stitch.export.shots import COLUMNS, shots_csv
from tests.support.pipeline import NoTakes, compiled

BOARD = """\
storyreel: 1
title: Shots
scenes:
  - id: pier
    takes: 2
    shots:
      - {id: wide, duration: 3, camera: wide, prompt: "=SUM(A1:A9)", sound: wind}
      - {duration: 2, prompt: A gull, say: ["narrator: Until tonight."]}
  - id: long
    transition: dissolve 0.5
    shots:
      - {duration: 9, prompt: One}
      - {duration: 8, prompt: Two}
  - {id: title, card: {title: THE END, subtitle: soon, duration: 2}}
"""


def planned() -> Plan:
    source = MemorySource({"storyboards/film.yaml": BOARD})
    films, _ = compiled(source, "storyboards/film.yaml")
    plan = build_plan(films, source, NoTakes(), provider="fal", board="film").value
    assert plan is not None
    return plan


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shots_csv(planned().films))))


def test_one_row_a_shot_in_film_order() -> None:
    found = rows()
    assert list(found[0]) == list(COLUMNS)
    assert [(row["scene"], row["shot"], row["start"], row["duration_s"]) for row in found] == [
        ("pier", "wide", "00:00:00:00", "3"),
        ("pier", "2", "00:00:03:00", "2"),
        ("long", "1", "00:00:04:12", "9"),
        ("long", "2", "00:00:13:12", "8"),
        ("title", "", "00:00:21:12", "2"),
    ]
    assert (found[2]["transition"], found[3]["transition"]) == ("dissolve 0.5", "cut")
    assert found[0]["sound"] == "wind"
    assert found[1]["lines"] == "narrator: Until tonight."
    assert found[4]["prompt"] == "THE END / soon"


def test_a_price_stands_once_for_what_it_buys() -> None:
    found, plan = rows(), planned()
    prices = [row["price_usd"] for row in found]
    assert [bool(price) for price in prices] == [
        True,
        False,
        True,
        True,
        False,
    ]  # the long scene is bought in two parts
    one_take_of_each = {part.key: part.cost_usd or Decimal(0) for part in plan.to_make()}
    assert sum(Decimal(price) for price in prices if price) == sum(one_take_of_each.values(), Decimal(0))
    assert len({row["key"] for row in found[:2]}) == 1


def test_a_formula_stays_text() -> None:
    assert rows()[0]["prompt"] == "'=SUM(A1:A9)"
