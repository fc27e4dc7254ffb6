"""The program itself, killed at random moments while it buys over HTTP, and started again until it is done."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from storyreel.base.digest import digest_of
from storyreel.render.journal import Journal
from tests.campaign.rig import NAMES, TODAY
from tests.emulators.dialects import PLAIN
from tests.emulators.faults import Fault
from tests.emulators.jobs import Schedule
from tests.emulators.openai_videos import OpenAIVideos
from tests.emulators.serve import running
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import EXE, Folder

IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
KILLS = int(os.environ.get("STORYREEL_KILLS", "200" if IS_FULL else "3"))
SEED = int(os.environ.get("STORYREEL_SEED", "20261122"))
MOST_RUNS = 6
SETTINGS = 'list_delay = 2\nresubmit = "absent"\n'
ENV = {**KEYS, "MYBOX_KEY": "mybox-secret-key", "PATH": "/usr/bin:/bin", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
LOST = (Fault("close"), Fault("close", seen=True), Fault("half_head", seen=True), Fault("status", status=502))


def board(words: str) -> str:
    return (
        "storyreel: 1\ntitle: Kills\nreel: {size: 160x90}\ncaptions: 'off'\nloudness: null\nscenes:\n"
        f"  - {{id: one, shots: [{{duration: 4, prompt: 'A lamp, {words}'}}]}}\n"
        f"  - {{id: two, start: previous, shots: [{{duration: 4, prompt: 'A stair, {words}'}}]}}\n"
        f"  - {{id: three, shots: [{{duration: 4, prompt: 'A door, {words}'}}]}}\n"
    )


@pytest.fixture(scope="module")
def providers() -> Iterator[Stand]:
    with stand(schedule=Schedule(0.1, 0.3), scale=0.1, is_film_fixed=True) as found:
        yield found


def start(root: Path, name: str) -> subprocess.Popen[str]:
    words = [EXE, "render", "film", "--provider", name, "--yes", "--json"]
    return subprocess.Popen(
        words, cwd=root, env=ENV, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished(root: Path, name: str) -> tuple[int, str]:
    process = start(root, name)
    _, err = process.communicate(timeout=300)
    assert "Traceback" not in err, err
    return process.returncode, err


def killed(root: Path, name: str, after: float) -> bool:
    """Whether it was still at work."""
    process = start(root, name)
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    return False


def case(providers: Stand, name: str, number: int, root: Path) -> tuple[int, list[str]]:
    """Kill it one to three times, finish it, and judge; how often it was hit, and what is wrong."""
    draw = random.Random(SEED * 1000 + number)
    folder = Folder.with_board(root, board(f"case {number} at {name}"))
    folder.write("storyreel.toml", providers.settings(more=SETTINGS))
    vendor = providers.vendors[name]
    seen = len(vendor.ledger.submissions)
    vendor.faults.clear()
    if draw.random() < 0.3:
        vendor.faults.add("submit", draw.choice(LOST))
    hits = sum(killed(root, name, draw.uniform(0.3, 1.8)) for _ in range(draw.randint(1, 3)))
    for _ in range(MOST_RUNS):
        code, err = finished(root, name)
        if code == 0:
            break
    wrong = [] if code == 0 else [f"exit {code}: {err[-300:]}"]
    return hits, wrong + problems(root, [made.id for made in vendor.ledger.submissions[seen:]], wanted=3)


def problems(root: Path, accepted: Sequence[str], wanted: int) -> list[str]:
    jobs = Journal.past(root / ".storyreel" / "journal.db", 0.0)
    owned = [job.operation.id for job in jobs if job.operation is not None]
    found = [] if len(accepted) == wanted else [f"{len(accepted)} accepted, not {wanted}"]
    found += [f"lost {name}" for name in accepted if name not in owned]
    found += [f"{job.scene} is {job.state}" for job in jobs if job.is_open]
    store = root / ".storyreel" / "store"
    found += [f"bad blob {b.name[:9]}" for b in (store / "cas").rglob("*") if b.is_file() and not is_sound(b)]
    found += [f"stray {file.name}" for file in (store / "tmp").glob("*")]
    found += [] if (root / "output" / "film" / "film.mp4").is_file() else ["no reel"]
    return found + [f"still running: {words}" for words in at_work(root)]


def is_sound(blob: Path) -> bool:
    return digest_of(blob.read_bytes()) == blob.name


def at_work(root: Path) -> list[str]:
    """Command lines of programs that still have to do with a folder."""
    end = time.monotonic() + 60
    while True:
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if f"{root}/" in words and "pytest" not in words:
                found.append(words[:200])
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.1)


@pytest.mark.parametrize("name", TODAY)
def test_killed_at_random_moments_nothing_is_paid_twice_lost_or_half(
    tmp_path: Path, providers: Stand, name: str
) -> None:
    hits, broken = 0, []
    for number in range(max(1, KILLS // len(NAMES))):
        root = tmp_path / str(number)
        root.mkdir()
        hit, wrong = case(providers, name, number, root)
        hits += hit
        if IS_FULL:
            sys.stdout.write(f"{'WRONG' if wrong else 'ok   '} {name} {number}: {hit} kills {wrong or ''}\n")
            sys.stdout.flush()
        broken += [(number, wrong)] if wrong else []
    assert broken == []
    assert hits > 0
    assert providers.vendors[name].ledger.duplicates == 0
    assert providers.media.ledger.leaked_keys == 0


@pytest.fixture
def mybox(providers: Stand) -> Iterator[tuple[OpenAIVideos, str]]:
    """A server of OpenAI's shape that knows no idempotency keys: nobody can say what became of a lost answer."""
    server = OpenAIVideos(providers.media, PLAIN, key="mybox-secret-key")
    server.scale, server.is_film_fixed, server.schedule = 0.1, True, Schedule(0.1, 0.3)
    with ExitStack() as stack:
        url = stack.enter_context(running(server.app))
        yield (
            server,
            (
                f'[providers.mybox]\nkind = "openai-videos"\ndialect = "openai"\nbase_url = "{url}/v1"\n'
                'key_env = "MYBOX_KEY"\nallow_private = true\n'
                "[providers.mybox.price_per_second]\nstandard = {silent = 0.1, audio = 0.1}\n"
            ),
        )


ONE = """\
storyreel: 1
title: One
reel: {size: 160x90}
captions: 'off'
loudness: null
scenes:
  - {id: one, shots: [{duration: 4, prompt: A lamp}]}
"""


@pytest.mark.parametrize("way", ["adopt", "resubmit", "forget"])
def test_nobody_can_say_at_a_blind_server_so_a_person_does(
    tmp_path: Path, mybox: tuple[OpenAIVideos, str], way: str
) -> None:
    server, settings = mybox
    folder = Folder.with_board(tmp_path, ONE)
    folder.write("storyreel.toml", settings)
    server.faults.add("submit", Fault("close", seen=way == "adopt"))
    words = ("render", "film", "--provider", "mybox", "--yes", "--json")
    parked = folder.run(*words, env=ENV)
    assert parked.code == 6, parked.err
    assert parked.json["requests"]["parked"] == 1
    again = folder.run(*words, env=ENV)
    assert again.code == 6, "another run does not ask blindly"
    assert server.ledger.count("submit") == 1
    (row,) = folder.run("jobs", "list", "--json").json["jobs"]
    assert row["state"] == "parked"
    key = row["key"][:12]
    if way == "adopt":
        settled = folder.run("jobs", "adopt", key, server.ledger.submissions[0].id, env=ENV)
    elif way == "resubmit":
        assert folder.run("jobs", "resubmit", key, env=ENV).code == 4
        settled = folder.run("jobs", "resubmit", key, "--yes", env=ENV)
    else:
        settled = folder.run("jobs", "forget", key, env=ENV)
    assert settled.code == 0, settled.err
    done = folder.run(*words, env=ENV)
    assert done.code == 0, done.err
    assert len(server.ledger.submissions) == 1
    assert json.loads(done.out)["reels"]
