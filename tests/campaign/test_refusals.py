"""What is refused, by whom, with which exit code, and how little is sent before."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.campaign.rig import TODAY
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import EXE, Folder, Ran

BOARD = """\
storyreel: 1
title: Refusals
reel: {size: 160x90}
captions: 'off'
loudness: null
generate_audio: false
scenes:
  - {id: one, shots: [{duration: 3, prompt: A lamp}]}
  - {id: two, shots: [{duration: 4, prompt: A stair}]}
  - {id: three, shots: [{duration: 5, prompt: A door}]}
  - {id: four, shots: [{duration: 6, prompt: A sea}]}
  - {id: five, shots: [{duration: 7, prompt: A boat}]}
"""
FLAGGED = "The content could not be processed because it was flagged by a content checker."
LONG_S = 600.0
"""Seconds on the emulators' clock that no test waits for: it is put forward."""
POLICY = json.dumps(
    {"detail": [{"loc": ["body", "prompt"], "msg": FLAGGED, "type": "content_policy_violation"}]}
).encode()


@pytest.fixture
def providers() -> Iterator[Stand]:
    with stand(schedule=Schedule(0.05, 0.1), scale=0.1, is_film_fixed=True) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path, providers: Stand) -> Folder:
    found = Folder.with_board(tmp_path, BOARD)
    found.write("storyreel.toml", providers.settings())
    return found


def render(folder: Folder, name: str, *more: str, env: dict[str, str] | None = None) -> Ran:
    return folder.run("render", "film", "--provider", name, "--json", *more, env=KEYS if env is None else env)


def heard(providers: Stand) -> int:
    return sum(len(vendor.ledger.heard) for vendor in providers.vendors.values())


def test_what_would_cost_too_much_is_refused_before_any_request(folder: Folder, providers: Stand) -> None:
    over = render(folder, "fal", "--yes", "--max-cost", "1.00")
    assert over.code == 4
    assert "five 0.59 USD, four 0.50 USD" in over.err
    folder.edit("title: Refusals", "title: Refusals\nbudget: 1.50")
    budget = render(folder, "fal", "--yes")
    assert budget.code == 4
    assert "over its budget of 1.50 USD" in budget.err
    folder.edit("\nbudget: 1.50", "")
    unasked = render(folder, "fal", env={})
    assert unasked.code == 4, "a refusal comes before a missing key"
    missing = render(folder, "fal", "--yes", env={})
    assert missing.code == 5
    assert heard(providers) == 0
    assert over.json["reels"] == budget.json["reels"] == missing.json["reels"] == []


def test_a_price_that_nobody_knows_is_refused(folder: Folder) -> None:
    folder.edit("generate_audio: false\n", "")
    folder.write(
        "storyreel.toml",
        '[providers.mybox]\nkind = "openai-videos"\nbase_url = "http://127.0.0.1:9/v1"\nallow_private = true\n',
    )
    refused = render(folder, "mybox", "--yes")
    assert refused.code == 4, refused.err
    assert "price_per_second" in refused.err


@pytest.mark.parametrize("name", TODAY)
def test_a_wrong_key_is_sent_once(folder: Folder, providers: Stand, name: str) -> None:
    wrong = render(folder, name, "--yes", env=dict.fromkeys(KEYS, "no-such-key:at-all"))
    assert wrong.code == 5, wrong.err
    ledger = providers.vendors[name].ledger
    assert (ledger.count("submit"), ledger.submissions) == (1, [])
    assert {failure["reason"] for failure in wrong.json["failures"]} == {"credentials"}


@pytest.mark.parametrize("name", TODAY)
def test_an_empty_account_is_found_out_once(folder: Folder, providers: Stand, name: str) -> None:
    vendor = providers.vendors[name]
    vendor.faults.add("submit", Fault("status", status=402), times=100)
    empty = render(folder, name, "--yes")
    assert empty.code == 5, empty.err
    assert vendor.ledger.count("submit") == 1
    assert {failure["reason"] for failure in empty.json["failures"]} == {"quota"}


@pytest.mark.parametrize("is_late", [False, True])
def test_refused_words_are_asked_for_once_and_nowhere_else(folder: Folder, providers: Stand, is_late: bool) -> None:
    if is_late:
        providers.fal.fate_of = lambda body: "refused" if "A door" in str(body) else None
    else:
        providers.fal.faults.add("submit", Fault("status", status=422, body=POLICY))
    refused = render(folder, "fal,replicate", "--yes", "--max-cost", "20")
    assert refused.code == 1, refused.err
    assert [failure["reason"] for failure in refused.json["failures"]] == ["refused"]
    assert providers.fal.ledger.count("submit") == 5
    assert providers.replicate.ledger.heard == []
    assert refused.json["requests"]["generated"] == 4


@pytest.mark.parametrize("fault", [Fault("status", status=402), Fault("status", status=401)], ids=["402", "401"])
def test_another_is_asked_where_acceptance_is_excluded(folder: Folder, providers: Stand, fault: Fault) -> None:
    providers.fal.faults.add("submit", fault, times=100)
    made = render(folder, "fal,replicate", "--yes", "--max-cost", "20")
    assert made.json["requests"]["generated"] == 5, made.err
    assert len(providers.replicate.ledger.submissions) == 5
    assert providers.fal.ledger.submissions == []
    assert providers.fal.ledger.count("submit") == 1


def test_nobody_else_is_asked_while_an_answer_is_in_doubt(folder: Folder, providers: Stand) -> None:
    folder.write("storyreel.toml", providers.settings(more="list_delay = 1\n"))
    providers.fal.faults.add("submit", Fault("status", status=503), Fault("close", seen=True))
    made = render(folder, "fal,replicate", "--yes", "--max-cost", "20")
    assert made.code == 6, made.err
    assert made.json["requests"] == {"generated": 4, "reused": 0, "failed": 0, "parked": 1}
    assert providers.replicate.ledger.heard == []


def begun(folder: Folder, *words: str) -> subprocess.Popen[str]:
    command = [EXE, "render", *words, "--provider", "fal", "--yes", "--json"]
    environ = {**KEYS, "PATH": "/usr/bin:/bin"}
    return subprocess.Popen(
        command, cwd=folder.root, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_two_at_once_buy_each_request_once_and_the_loser_names_the_holder(folder: Folder, providers: Stand) -> None:
    providers.fal.schedule = Schedule(0, LONG_S)
    both = [begun(folder, "film"), begun(folder, "film")]
    until(lambda: any(process.poll() is not None for process in both))
    providers.fal.schedule = Schedule(0.05, 0.1)
    providers.clock.offset += LONG_S
    said = [process.communicate(timeout=300) for process in both]
    codes = [process.returncode for process in both]
    assert sorted(codes) == [0, 7], said
    loser = codes.index(7)
    assert f"process {both[1 - loser].pid} (storyreel render)" in said[loser][1]
    assert len(providers.fal.ledger.submissions) == 5
    assert providers.fal.ledger.duplicates == 0


def test_what_a_run_left_open_counts_against_the_ceiling_of_the_next(folder: Folder, providers: Stand) -> None:
    providers.fal.schedule = Schedule(0, LONG_S)
    folder.write("storyboards/other.yaml", BOARD.replace("A lamp", "Another lamp").split("  - {id: two")[0])
    first = begun(folder, "film")
    until(lambda: len(providers.fal.ledger.submissions) == 4)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    refused = folder.run("render", "other", "--provider", "fal", "--yes", "--max-cost", "1.00", "--json", env=KEYS)
    assert refused.code == 4, refused.err
    assert "reserved by jobs that are open" in refused.err
    assert len(providers.fal.ledger.submissions) == 4
    providers.fal.schedule = Schedule(0.05, 0.1)
    providers.clock.offset += LONG_S
    allowed = folder.run("render", "other", "--provider", "fal", "--yes", "--max-cost", "2.50", "--json", env=KEYS)
    assert allowed.code == 0, allowed.err
    assert providers.fal.ledger.billed <= Decimal("2.50")
