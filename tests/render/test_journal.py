"""The journal: what may follow what, who owns what, what a run may spend, and what a full disk leaves."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from storyreel.base.money import Usd
from storyreel.providers.spec import Operation, Uploaded
from storyreel.render.job import FROM, OPEN, Intent, PaidJob, State
from storyreel.render.journal import AlreadyOpen, AlreadyOwned, CeilingReached, IdOrphaned, Journal, Moved
from storyreel.render.points import Reached, nothing
from storyreel.render.tables import STEPS, JournalRefused, migrate
from tests.render.vendor import SMALL

NOW = 1_000_000.0


def opened(file: Path, reached: Reached = nothing) -> Journal:
    return Journal(file, reached, headroom=SMALL)


def intent(key: str = "a", take: int = 1, price: str = "0.50", run: str = "run", body: str = "words") -> Intent:
    return Intent(
        key, take, "fal", "fal/film", "storm", f"claim-{key}-{take}-{body}-{run}-{price}", run,
        "https://fal.test", "json",
        {"prompt": body}, Usd(price), 5, {"d" * 64: "assets/mara.png"},
    )  # fmt: skip


def ticket(name: str = "1") -> Operation:
    return Operation("fal", {"id": name, "status_url": "https://fal.test/1"})


Step = Callable[[Journal, int], PaidJob]
TO: dict[State, Step] = {
    "submitting": lambda j, n: j.attempt(n, NOW),
    "unsent": lambda j, n: j.unsent(n, "refused", NOW),
    "accepted": lambda j, n: j.accepted(n, ticket(), NOW, 0.1),
    "ready": lambda j, n: j.ready(n, NOW + 3600, NOW, 60.0),
    "stored": lambda j, n: j.stored(n, "f" * 64, Usd("0.42"), NOW, 2.0),
    "failed": lambda j, n: j.failed(n, "internal", "it broke", NOW),
    "unknown": lambda j, n: j.unknown(n, "no answer", NOW),
    "parked": lambda j, n: j.parked(n, "nobody knows", NOW),
    "forgotten": lambda j, n: j.forgotten(n, NOW),
}
WAY: dict[State, tuple[State, ...]] = {
    "submitting": (),
    "unsent": ("unsent",),
    "accepted": ("accepted",),
    "ready": ("accepted", "ready"),
    "stored": ("accepted", "ready", "stored"),
    "failed": ("failed",),
    "unknown": ("unknown",),
    "parked": ("unknown", "parked"),
    "forgotten": ("forgotten",),
}


@pytest.mark.parametrize("state", WAY)
@pytest.mark.parametrize("to", TO)
def test_a_job_goes_only_where_its_state_allows(tmp_path: Path, state: State, to: State) -> None:
    journal = opened(tmp_path / "journal.db")
    number = journal.reserve(intent(), None, NOW).number
    for step in WAY[state]:
        TO[step](journal, number)
    assert journal.job(number).state == state
    if state in FROM[to]:
        assert TO[to](journal, number).state == to
    else:
        before = journal.job(number)
        with pytest.raises(Moved):
            TO[to](journal, number)
        assert journal.job(number) == before
    journal.close()


def test_everything_that_was_said_of_a_job_is_there_for_the_next_process(tmp_path: Path) -> None:
    first = opened(tmp_path / "journal.db")
    number = first.reserve(intent(price="0.8401"), None, NOW).number
    first.accepted(number, ticket("x"), NOW + 1, 0.25)
    first.ready(number, NOW + 3600, NOW + 60, 50.0, 7.5)
    first.stored(number, "f" * 64, Usd("0.840012"), NOW + 70, 2.5)
    first.close()
    journal = opened(tmp_path / "journal.db")
    job = journal.job(number)
    assert (job.state, job.operation, job.seconds, job.assets) == (
        "stored",
        ticket("x"),
        5,
        {"d" * 64: "assets/mara.png"},
    )
    assert (job.reserved, job.billed, job.cost) == (Usd("0.8401"), Usd("0.840012"), Usd("0.840012"))
    assert (job.submit_s, job.queue_s, job.generate_s, job.download_s) == (0.25, 7.5, 50.0, 2.5)
    assert (job.accepted_at, job.ready_at, job.ended_at, job.expires_at) == (NOW + 1, NOW + 60, NOW + 70, NOW + 3600)
    assert [what for _, what in journal.events(number)] == ["intent at fal, 0.8401 USD", "accepted", "ready", "stored"]
    journal.close()


@pytest.mark.parametrize("state", OPEN)
def test_one_open_job_stands_for_a_take(tmp_path: Path, state: State) -> None:
    journal = opened(tmp_path / "journal.db")
    number = journal.reserve(intent(), None, NOW).number
    for step in WAY[state]:
        TO[step](journal, number)
    with pytest.raises(AlreadyOpen):
        journal.reserve(intent(run="other"), None, NOW)
    assert journal.reserve(intent(take=2), None, NOW).state == "submitting"
    journal.close()


def test_a_job_of_the_provider_belongs_to_one_take(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    one, two = (journal.reserve(intent(take=take), None, NOW).number for take in (1, 2))
    journal.accepted(one, ticket("x"), NOW)
    with pytest.raises(AlreadyOwned):
        journal.accepted(two, ticket("x"), NOW)
    assert journal.job(two).state == "submitting"
    assert journal.owned("fal") == {"x"}
    journal.forgotten(one, NOW)
    assert journal.accepted(two, ticket("x"), NOW).state == "accepted"
    journal.close()


def test_a_job_with_the_same_body_that_is_on_its_way_is_seen(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    one, two, other = (
        journal.reserve(intent(take=take, body=body), None, NOW).number for take, body in ((1, "x"), (2, "x"), (3, "y"))
    )
    assert journal.is_sending(one)
    journal.unknown(two, "no answer", NOW)
    assert not journal.is_sending(one)
    assert journal.is_sending(two)
    assert (journal.twins(one), journal.twins(other)) == (1, 0)
    journal.close()


def test_the_ceiling_counts_what_the_run_has_spent_and_all_that_is_open(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    mine = journal.reserve(intent("a", price="0.40"), Usd("1.00"), NOW).number
    journal.reserve(intent("b", price="0.40", run="beside"), Usd("1.00"), NOW)
    with pytest.raises(CeilingReached, match=r"0\.80 USD are spent or reserved; 0\.30 USD more"):
        journal.reserve(intent("c", price="0.30"), Usd("1.00"), NOW)
    journal.accepted(mine, ticket(), NOW)
    journal.stored(mine, "f" * 64, Usd("0.10"), NOW)
    assert (journal.taken("run"), journal.paid("run")) == (Usd("0.50"), Usd("0.10"))
    assert journal.reserve(intent("c", price="0.50"), Usd("1.00"), NOW).state == "submitting"
    journal.close()


def test_what_failed_unbilled_is_free_again_and_what_was_billed_is_not(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    free, dear = (journal.reserve(intent(key), None, NOW).number for key in "ab")
    journal.failed(free, "refused", "no", NOW)
    journal.failed(dear, "canceled", "stopped", NOW, is_billed=True)
    assert journal.taken("run") == Usd("0.50")
    journal.close()


RACE = """
import sys
from decimal import Decimal
from pathlib import Path
from storyreel.render.job import Intent
from storyreel.render.journal import CeilingReached, Journal
journal, run = Journal(Path(sys.argv[1])), sys.argv[2]
sys.stdin.readline()
for number in range(40):
    try:
        name = f"{run}{number}"
        journal.reserve(Intent(name, 1, "fal", "e", "s", name, run, "u", "json", {}, Decimal("0.1")), Decimal(3), 0.0)
    except CeilingReached:
        print("full")
"""


def test_two_processes_share_one_ceiling(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    opened(file).close()
    command = [sys.executable, "-c", RACE, str(file)]
    both = [
        subprocess.Popen([*command, run], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for run in ("a", "b")
    ]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    refused = sum(one.communicate()[0].count("full") for one in both)
    assert refused == 50
    assert sum(job.reserved for job in Journal.past(file, 0.0)) == 3


def test_only_its_owner_reads_the_journal(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        journal = opened(tmp_path / "journal.db")
        journal.warm()
        journal.reserve(intent(), None, NOW)
    finally:
        os.umask(before)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert set(modes) == {"journal.db", "journal.db-wal", "journal.db-shm", "journal.reserve"}
    assert set(modes.values()) == {0o600}
    journal.close()


def test_a_journal_of_a_newer_storyreel_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    opened(file).close()
    with sqlite3.connect(file) as db:
        db.execute("pragma user_version = 99")
    db.close()
    before = file.read_bytes()
    with pytest.raises(JournalRefused, match="newer storyreel"):
        opened(file)
    with pytest.raises(JournalRefused, match="newer storyreel"):
        Journal.read(file)
    assert file.read_bytes() == before


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    file.write_text("dear diary, " * 100)
    with pytest.raises(JournalRefused, match="no journal"):
        opened(file)


def in_a_mood(db: sqlite3.Connection) -> None:
    db.execute("alter table job add column mood text")


def test_a_migration_leaves_a_copy_of_what_was(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    journal = opened(file)
    journal.reserve(intent(), None, NOW)
    journal.close()
    db = sqlite3.connect(file, isolation_level=None)
    migrate(db, file, nothing, (*STEPS, in_a_mood))
    assert db.execute("select mood from job").fetchall() == [(None,)]
    db.close()
    with pytest.raises(JournalRefused):
        opened(file)
    copy = tmp_path / f"journal.v{len(STEPS)}.db"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [job.key for job in Journal.past(copy, 0.0)] == ["a"]


def test_a_migration_that_breaks_changes_nothing(tmp_path: Path) -> None:
    def broken(db: sqlite3.Connection) -> None:
        db.execute("drop table event")
        raise ZeroDivisionError

    file = tmp_path / "journal.db"
    opened(file).close()
    db = sqlite3.connect(file, isolation_level=None)
    with pytest.raises(ZeroDivisionError):
        migrate(db, file, nothing, (*STEPS, broken))
    db.close()
    journal = opened(file)
    journal.reserve(intent(), None, NOW)
    journal.close()


def test_reading_creates_nothing_and_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    assert Journal.read(file).open == {}
    assert Journal.past(file, 0.0) == ()
    assert list(tmp_path.iterdir()) == []
    journal = opened(file)
    for key, end in (("open", None), ("lost", "failed"), ("again", "failed")):
        number = journal.reserve(intent(key), None, NOW).number
        if end:
            journal.failed(number, "internal", "it broke", NOW)
    journal.reserve(intent("again", run="later"), None, NOW)
    journal.close()
    before = {entry.name: (entry.stat().st_mtime_ns, entry.stat().st_size) for entry in tmp_path.iterdir()}
    found = Journal.read(file)
    assert set(found.open) == {("open", 1), ("again", 1)}
    assert {ident: job.message for ident, job in found.failed.items()} == {("lost", 1): "it broke"}
    assert {entry.name: (entry.stat().st_mtime_ns, entry.stat().st_size) for entry in tmp_path.iterdir()} == before


def test_reading_sees_what_a_running_process_has_written(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.reserve(intent(), None, NOW)
    assert set(Journal.read(tmp_path / "journal.db").open) == {("a", 1)}
    journal.close()


def test_an_upload_is_reused_while_it_lives_long_enough(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db")
    journal.keep_upload("d", "fal", Uploaded("https://fal.test/d", NOW + 7200))
    journal.keep_upload("e", "fal", Uploaded("https://fal.test/e"))
    journal.keep_upload("f", "fal", Uploaded(None))
    assert journal.uploaded("d", "fal", NOW) == "https://fal.test/d"
    assert journal.uploaded("d", "fal", NOW + 5000) is None
    assert journal.uploaded("d", "replicate", NOW) is None
    assert journal.uploaded("e", "fal", NOW * 2) == "https://fal.test/e"
    assert journal.uploaded("f", "fal", NOW) is None
    journal.close()


class Disk:
    """Full from the named point on, as often as `times` says."""

    def __init__(self, times: int) -> None:
        self.times = times

    def reached(self, point: str) -> None:
        if point == "accepted: before commit" and self.times > 0:
            self.times -= 1
            raise OSError(errno.ENOSPC, "no space")


def test_a_full_disk_gives_up_its_headroom_for_an_accepted_id(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db", Disk(2).reached)
    number = journal.reserve(intent(), None, NOW).number
    assert (tmp_path / "journal.reserve").exists()
    assert journal.accepted(number, ticket("x"), NOW).state == "accepted"
    assert not (tmp_path / "journal.reserve").exists()
    journal.close()


def test_an_id_that_the_journal_cannot_take_stands_beside_it_until_it_can(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal.db", Disk(4).reached)
    number = journal.reserve(intent(), None, NOW).number
    with pytest.raises(IdOrphaned, match=r"fal's job x .* orphans\.jsonl"):
        journal.accepted(number, ticket("x"), NOW)
    journal.close()
    orphans = tmp_path / "orphans.jsonl"
    assert stat.S_IMODE(orphans.stat().st_mode) == 0o600
    with orphans.open("a") as file:
        file.write('{"claim": "cut o')
    again = opened(tmp_path / "journal.db")
    job = again.job(number)
    assert (job.state, job.operation, job.accepted_at) == ("accepted", ticket("x"), NOW)
    assert not orphans.exists()
    again.close()


FULL = """
import os, subprocess, sys
from pathlib import Path
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", sys.argv[1]], check=True)
from tests.render.test_journal import NOW, intent, ticket
from storyreel.render.journal import Journal
folder = Path(sys.argv[1])
journal = Journal(folder / "journal.db")
journal.warm()
numbers = [journal.reserve(intent(body=f"{n} " * 500, take=n + 1), None, NOW).number for n in range(200)]
with (folder / "filler").open("wb", buffering=0) as file:
    try:
        while file.write(b"x" * 4096):
            pass
    except OSError:
        pass
for number in numbers:
    journal.accepted(number, ticket(f"job-{number}" + "y" * 500), NOW)
try:
    for n in range(200):
        journal.reserve(intent("more", n + 1), None, NOW)
except OSError:
    print("refused")
journal.close()
print(sum(job.state == "accepted" for job in Journal.past(folder / "journal.db", 0.0)))
"""


def test_on_a_disk_that_is_really_full_every_accepted_id_is_kept_and_nothing_new_begins(tmp_path: Path) -> None:
    probe = ["unshare", "--user", "--map-root-user", "--mount"]
    try:
        can = subprocess.run([*probe, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        can = False
    if not can:
        pytest.skip("this machine lets nobody mount a small disk")
    done = subprocess.run(
        [*probe, sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["refused", "200"]
