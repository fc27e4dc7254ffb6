"""Pulled plugs: SIGKILL at every named point, for every class of provider; then the same command until it is done.

`STORYREEL_CAMPAIGN=full` kills 3,000 productions at random (`STORYREEL_KILLS`: as many). No failure in n of them bounds
the rate of failures below 3/n, at 95 % confidence.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from storyreel.render.points import POINTS
from tests.crash.vendor import BEHAVIOURS

CLASSES = ("keyed", "listed", "blind")
OF_THE_VENDOR = ("vendor: received", "vendor: accepted", "vendor: half sent")
IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
RANDOM_KILLS = int(os.environ.get("STORYREEL_KILLS", "3000")) if IS_FULL else 60
LATE = {
    # Points that only a second run meets: the first is killed here.
    "taken over: before commit": "poll: leaving",
    "taken over: after commit": "poll: leaving",
}
FULL_DISK = ("orphan: written",)
ONLY_AT = {
    "reconcile: looking": {"listed"},
    "reconcile: seen": {"listed"},
    "reconcile: absent": {"listed"},
    "adopted: before commit": {"listed"},
    "adopted: after commit": {"listed"},
    "parked: before commit": {"blind"},
    "parked: after commit": {"blind"},
}


def campaign(cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Verdicts on cases, from a process of their own."""
    text = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        [sys.executable, "-m", "tests.crash.nursery"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def assert_kept(verdicts: list[dict[str, Any]]) -> None:
    assert verdicts
    broken = [(v["case"], v["problems"]) for v in verdicts if v["problems"]]
    assert broken == []


def case(recovery: str, point: str) -> dict[str, Any]:
    before = [LATE[point]] if point in LATE else []
    return {"recovery": recovery, "kills": [*before, point], "is_full": point in FULL_DISK}


@pytest.mark.parametrize("recovery", CLASSES)
def test_killed_at_every_point_nothing_is_paid_twice_lost_or_half(recovery: str) -> None:
    points = [p for p in (*POINTS, *OF_THE_VENDOR) if recovery in ONLY_AT.get(p, set(CLASSES))]
    verdicts = campaign(case(recovery, point) for point in points)
    assert_kept(verdicts)
    spared = [v["case"]["kills"] for v in verdicts if v["killed"] != len(v["case"]["kills"])]
    assert spared == []
    if recovery == "keyed":
        assert not any("parked" in v["states"].values() for v in verdicts)


def test_the_points_are_at_least_as_many_as_was_promised_and_all_are_met_somewhere() -> None:
    # That each is met is what the matrix asserts: no case may be spared its kill.
    assert len(POINTS) >= 29
    assert len(set(POINTS)) == len(POINTS)
    assert all(any(recovery in ONLY_AT.get(point, set(CLASSES)) for recovery in CLASSES) for point in POINTS)


@pytest.mark.parametrize("recovery", CLASSES)
def test_killed_anywhere_again_and_again(recovery: str) -> None:
    draw = random.Random(20261122)
    cases = [
        {"recovery": recovery, "kills": [draw.randint(1, 300) for _ in range(draw.randint(1, 4))]}
        for _ in range(RANDOM_KILLS // 3)
    ]
    assert_kept(campaign(cases))


@pytest.mark.parametrize("recovery", CLASSES)
def test_an_ambiguous_answer_is_never_paid_for_twice_with_and_without_a_crash_after_it(recovery: str) -> None:
    kills: tuple[list[str], ...] = ([], ["submission: answered"], ["unknown: after commit"])
    verdicts = campaign({"recovery": recovery, "first": name, "kills": k} for name in BEHAVIOURS for k in kills)
    assert_kept(verdicts)
    for verdict in verdicts:
        in_doubt = BEHAVIOURS[verdict["case"]["first"]].answer
        is_doubted = type(in_doubt).__name__ == "Unsure" or verdict["case"]["kills"] == ["submission: answered"]
        is_parked = "parked" in verdict["states"].values()
        if recovery == "listed" and verdict["killed"]:
            continue  # Killed and then unlucky, it may have used up its one more POST.
        assert is_parked == (recovery == "blind" and is_doubted), verdict


def test_without_leave_a_listed_job_that_is_not_there_is_parked_and_never_sent_again() -> None:
    points = ("reconcile: absent", "parked: before commit", "parked: after commit", "unknown: after commit")
    verdicts = campaign({"recovery": "listed", "resubmit": "never", "kills": [p]} for p in points)
    assert_kept(verdicts)
    assert all(v["states"]["dropped"] == "parked" and v["states"]["lost"] == "stored" for v in verdicts)
