"""Buying takes as a user does it: the program in a process of its own, providers as emulators on real sockets."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from storyreel.media.probe import probe
from storyreel.render.journal import Journal
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import EXE, SMALL, Folder

NAMES = ("fal", "replicate", "lumenfall")
LONG_S = 600.0
"""Seconds on the emulators' clock that no test waits for: it is put forward."""


@pytest.fixture
def providers() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


def project(root: Path, providers: Stand, more: str = "", board: str = SMALL) -> Folder:
    folder = Folder.with_board(root, board)
    folder.write("storyreel.toml", providers.settings(more=more))
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_each_request_is_bought_once_and_never_again(tmp_path: Path, providers: Stand, name: str) -> None:
    folder = project(tmp_path, providers)
    vendor = providers.vendors[name]

    plan = folder.run("plan", "film", "--provider", name, "--json").json
    made = folder.run("render", "film", "--provider", name, "--yes", "--json", env=KEYS)
    assert made.code == 0, made.err
    assert made.json["requests"] == {"generated": 2, "reused": 0, "failed": 0, "parked": 0}
    assert plan["requests"] == len(vendor.ledger.submissions) == 2
    assert Decimal(made.json["paid_usd"]) == vendor.ledger.billed == Decimal(plan["total_usd"])
    facts = probe(tmp_path / made.json["reels"][0]["path"])
    assert facts is not None
    assert facts.seconds == Decimal("6.5")

    again = folder.run("render", "film", "--provider", name, "--yes", "--json", env=KEYS)
    assert (again.code, again.json["requests"]["generated"], again.json["requests"]["reused"]) == (0, 0, 2)
    elsewhere = folder.run("render", "film", "--provider", "fal", "--json")
    assert elsewhere.code == 0, "what was bought at one provider is not bought again at another, and asks nothing"
    assert len(vendor.ledger.submissions) == 2


def test_it_refuses_before_any_request_where_the_ceiling_is_below_the_plan(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    refused = folder.run("render", "film", "--provider", "fal", "--yes", "--max-cost", "0.50", "--json", env=KEYS)
    assert refused.code == 4
    assert "sea 0.38 USD" in refused.err
    assert refused.json["reels"] == []
    assert providers.fal.ledger.heard == []
    asked = folder.run("render", "film", "--provider", "fal", env=KEYS)
    assert asked.code == 4
    assert "--yes" in asked.err


def test_a_key_that_is_missing_or_wrong_is_said_once(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    missing = folder.run("render", "film", "--provider", "fal", "--yes")
    assert missing.code == 5
    assert "FAL_KEY" in missing.err
    assert providers.fal.ledger.heard == []
    wrong = folder.run("render", "film", "--provider", "fal", "--yes", "--json", env={"FAL_KEY": "no:such-secret-key"})
    assert wrong.code == 5
    assert "no:such-secret-key" not in wrong.err + wrong.out
    assert wrong.json["requests"]["failed"] == 2
    assert providers.fal.ledger.submissions == []


def test_without_buying_panels_stand_in(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    shown = folder.run("render", "film", "--provider", "fal", "--no-buy", "--json")
    assert shown.code == 0, shown.err
    assert shown.json["stand_ins"] == {"film": ["pier", "sea"]}
    assert shown.json["reels"][0]["frames"] == 156
    assert providers.fal.ledger.heard == []


def test_a_refused_scene_is_shown_as_a_panel_and_the_rest_is_kept(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    providers.fal.fate_of = lambda body: "refused" if "black sea" in str(body) else None
    made = folder.run("render", "film", "--provider", "fal", "--yes", "--json", env=KEYS)
    assert made.code == 1, made.err
    assert made.json["requests"]["generated"] == 1
    assert [failure["reason"] for failure in made.json["failures"]] == ["refused"]
    assert len(made.json["stand_ins"]["film"]) == 1
    assert len(providers.fal.ledger.submissions) == 2


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_was_lost_is_settled_as_its_provider_allows(
    tmp_path: Path, providers: Stand, name: str, is_accepted: bool
) -> None:
    folder = project(tmp_path, providers, more="list_delay = 2\n")
    vendor = providers.vendors[name]
    vendor.faults.add("submit", Fault("close", seen=is_accepted), times=1)
    made = folder.run("render", "film", "--provider", name, "--yes", "--json", env=KEYS)
    is_settled = is_accepted or name == "lumenfall"
    assert made.code == (0 if is_settled else 6), made.err
    assert len(vendor.ledger.submissions) == (2 if is_settled else 1)
    assert vendor.ledger.duplicates == 0
    if not is_settled:
        rows = folder.run("jobs", "list", "--json").json["jobs"]
        parked = next(row for row in rows if row["state"] == "parked")
        refused = folder.run("jobs", "resubmit", parked["key"][:12])
        assert refused.code == 4
        sent = folder.run("jobs", "resubmit", parked["key"][:12], "--yes", env=KEYS)
        assert sent.code == 0, sent.err
        done = folder.run("render", "film", "--provider", name, "--yes", "--json", env=KEYS)
        assert done.code == 0, done.err
        assert len(vendor.ledger.submissions) == 2


def test_a_killed_render_is_gone_on_with(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    words = [EXE, "render", "film", "--provider", "fal", "--yes"]
    providers.fal.schedule = Schedule(0, LONG_S)
    process = subprocess.Popen(words, cwd=tmp_path, env={**KEYS, "PATH": "/usr/bin:/bin"}, stderr=subprocess.PIPE)
    journal = tmp_path / ".storyreel/journal.db"
    until(lambda: len(providers.fal.ledger.submissions) == 2)
    until(lambda: [job.state for job in Journal.past(journal, 0.0)] == ["accepted"] * 2)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    resumed = folder.run("plan", "film", "--provider", "fal", "--json").json
    assert {part["action"] for scene in resumed["films"][0]["scenes"][:2] for part in scene["parts"]} == {"resume"}
    providers.clock.offset += LONG_S
    done = folder.run("render", "film", "--provider", "fal", "--json", env=KEYS)  # Nothing new is bought: no --yes.
    assert done.code == 0, done.err
    assert len(providers.fal.ledger.submissions) == 2


@pytest.mark.parametrize(("interrupt", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_writes_down_what_was_sent_and_says_how_to_go_on(
    tmp_path: Path, providers: Stand, interrupt: signal.Signals, code: int
) -> None:
    folder = project(tmp_path, providers)
    providers.fal.schedule = Schedule(0, LONG_S)
    words = [EXE, "render", "film", "--provider", "fal", "--yes", "--json"]
    process = subprocess.Popen(
        words,
        cwd=tmp_path,
        env={**KEYS, "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: len(providers.fal.ledger.submissions) >= 1)
    process.send_signal(interrupt)
    out, err = process.communicate(timeout=300)
    assert process.returncode == code
    assert json.loads(out)["requests"]["reused"] == 0
    assert "storyreel render film --provider fal --yes" in err
    providers.fal.schedule = Schedule()
    providers.clock.offset += LONG_S
    done = folder.run("render", "film", "--provider", "fal", "--yes", "--json", env=KEYS)
    assert done.code == 0, done.err
    assert len(providers.fal.ledger.submissions) == 2


def test_takes_that_were_not_asked_for_are_not_called_reused(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    one = folder.run("render", "film", "--provider", "fal", "--scene", "sea", "--yes", "--json", env=KEYS)
    assert one.json["requests"] == {"generated": 1, "reused": 0, "failed": 0, "parked": 0}
    assert one.code == 1, "a panel stands in for the other scene"


def test_json_is_printed_where_a_job_cannot_be_settled(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    assert folder.run("jobs", "list", "--json").json == {"jobs": []}
    unsure = folder.run("jobs", "resubmit", "abc", "--json")
    assert (unsure.code, unsure.json["job"]) == (4, None)
    nothing = folder.run("jobs", "adopt", "abc", "id", "--json")
    assert (nothing.code, nothing.json["job"]) == (1, None)
    (tmp_path / ".storyreel/journal.db").write_bytes(b"not a journal" * 1000)
    damaged = folder.run("jobs", "list", "--json")
    assert (damaged.code, damaged.json["jobs"]) == (8, [])
    assert folder.run("providers", "--stats").code == 8


def until(is_so: object, seconds: float = 60) -> None:
    assert callable(is_so)
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)
