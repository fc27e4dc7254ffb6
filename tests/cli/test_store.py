"""The store as a user looks after it: verified, cleared, shared; and whatever byte of it is broken, no wrong film."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import Folder, Ran
from tests.support.repository import Repository

BOARD = """\
storyreel: 1
title: Lamp
reel: {size: 320x180}
scenes:
  - id: pier
    takes: 2
    shots:
      - {duration: 3, prompt: A ship turns for shore}
  - {id: end, card: {title: THE END, duration: 1}}
"""
LOCK = "storyboards/film.lock.yaml"
STORE = ".storyreel/store"


@pytest.fixture(scope="module")
def providers() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory, providers: Stand) -> Path:
    """A project whose two candidates were bought; copied by each test."""
    root = tmp_path_factory.mktemp("bought")
    folder = Folder.with_board(root, BOARD)
    folder.write("storyreel.toml", providers.settings())
    assert render(folder).code == 0
    return root


@pytest.fixture
def folder(tmp_path: Path, bought: Path) -> Folder:
    shutil.copytree(bought, tmp_path / "copy", symlinks=True)
    return Folder(tmp_path / "copy")


def render(folder: Folder, *more: str) -> Ran:
    return folder.run("render", "film", "--provider", "fal", "--yes", "--json", *more, env=KEYS)


def flip(file: Path, at: int) -> None:
    """One bit of one byte is another."""
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.chmod(0o644)
    file.write_bytes(bytes(data))


def takes(folder: Folder) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = folder.run("takes", "film", "--json").json["takes"]
    return found


def blobs(folder: Folder) -> dict[int, Path]:
    """The bytes of each take, by its number."""
    (table,) = (folder.root / STORE / "takes").rglob("*.json")
    rows = json.loads(table.read_text())
    return {int(n): folder.root / STORE / "cas" / r["digest"][:2] / r["digest"] for n, r in rows.items() if n.isdigit()}


def test_a_damaged_take_is_fetched_again_by_its_job_and_never_bought_again(folder: Folder, providers: Stand) -> None:
    submitted = len(providers.fal.ledger.submissions)
    flip(blobs(folder)[1], 100)
    keyless = folder.run("store", "verify", "--json")
    assert keyless.code == 8
    assert [(one["kind"], one["scenes"]) for one in keyless.json["damages"]] == [("take", ["pier"])]
    assert "FAL_KEY" in keyless.json["damages"][0]["message"]
    assert folder.run("render", "film", "--provider", "fal", "--yes", env=KEYS).code == 4, "it is missing, not bought"

    mended = folder.run("store", "verify", "--json", env=KEYS)
    assert mended.code == 0, mended.out
    assert [one["is_mended"] for one in mended.json["damages"]] == [True]
    again = folder.run("store", "verify", "--json")
    assert (again.code, again.json["damages"]) == (0, [])
    assert render(folder).json["requests"]["reused"] == 2
    assert len(providers.fal.ledger.submissions) == submitted


def test_a_broken_table_is_written_anew_from_what_lock_and_journal_know(folder: Folder) -> None:
    (table,) = (folder.root / STORE / "takes").rglob("*.json")
    flip(table, 40)
    found = folder.run("store", "verify", "--json")
    assert (found.code, found.json["takes"]) == (0, 2)
    assert [(one["kind"], one["is_mended"]) for one in found.json["damages"]] == [("table", True)]
    assert [(one["take"], one["paid_usd"]) for one in takes(folder)] == [(1, "0.378"), (2, "0.378")]


def test_bought_takes_go_only_when_asked_and_never_those_of_a_film(folder: Folder) -> None:
    aged = time.time() - 40 * 86_400
    for file in (folder.root / STORE).rglob("*"):
        if file.is_file():
            os.utime(file, (aged, aged))
    kept = folder.run("store", "gc", "--json").json
    assert {one["kind"] for one in kept["gone"]} == {"shelf", "bytes"}
    dry = folder.run("store", "gc", "--older-than", "30", "--dry-run", "--json").json
    assert [(one["kind"], one["paid_usd"]) for one in dry["gone"]] == [("take", "0.378")]
    assert len(takes(folder)) == 2
    assert folder.run("store", "gc", "--older-than", "50", "--json").json["gone"] == []
    folder.run("store", "gc", "--older-than", "30")
    assert [(one["take"], one["is_here"]) for one in takes(folder)] == [(1, True), (2, False)]
    assert render(folder).json["requests"]["generated"] == 0
    assert folder.run("store", "stats", "--json").json["kinds"]["bought takes"]["files"] == 1


def cleared_takes(folder: Folder) -> list[str]:
    """What the bought takes have cost that are cleared now."""
    gone = folder.run("store", "gc", "--older-than", "0", "--json").json["gone"]
    return [row["paid_usd"] for row in gone if row["kind"] == "take"]


def test_what_the_lock_of_another_branch_shows_is_not_cleared(folder: Folder) -> None:
    repository = Repository.at(folder.root)
    folder.write(".gitignore", ".storyreel/\noutput/\n")
    first = repository.commit()
    repository.git("checkout", "-q", "-b", "other")
    assert folder.run("pick", "film", "pier", "2").code == 0
    repository.commit()
    repository.git("checkout", "-q", "main")
    assert not cleared_takes(folder)
    repository.git("checkout", "-q", "other")
    assert folder.run("render", "film", "--provider", "fal", "--locked").code == 0
    repository.git("tag", "cut-1", first)
    repository.git("branch", "-q", "-D", "main")
    assert not cleared_takes(folder)
    repository.git("tag", "-d", "cut-1")
    assert cleared_takes(folder) == ["0.378"], "no lock shows it any more"


def test_two_projects_share_takes_and_neither_clears_the_others(tmp_path: Path, providers: Stand) -> None:
    shared = tmp_path / "disk"
    settings = providers.settings() + f'[store]\nurl = "{shared}"\n'
    one, two = (Folder.with_board(tmp_path / name, BOARD) for name in ("one", "two"))
    for each in (one, two):
        each.write("storyreel.toml", settings)
    assert render(one).json["requests"]["generated"] == 2
    assert render(two).json["requests"] == {"generated": 0, "reused": 2, "failed": 0, "parked": 0}
    two.edit("A ship", "A boat")
    assert render(two).json["requests"]["generated"] == 2
    for file in shared.rglob("*"):
        if file.is_file():
            os.utime(file, (0, 0))
    gone = two.run("store", "gc", "--older-than", "30", "--json").json["gone"]
    assert sorted(row["kind"] for row in gone if row["kind"] == "take") == ["take", "take"], "the unshown candidates"
    assert [(row["take"], row["is_here"]) for row in takes(one)] == [(1, True), (2, False)]
    shutil.rmtree(tmp_path / "one")
    away = two.run("store", "gc", "--older-than", "0", "--json").json
    assert not [row for row in away["gone"] if row["kind"] == "take"]
    assert "one keeps takes in this store" in away["kept"][0]


def test_two_projects_that_buy_the_same_at_once_do_not_disturb_each_other(tmp_path: Path, providers: Stand) -> None:
    shared = tmp_path / "disk"
    both = [Folder.with_board(tmp_path / name, BOARD) for name in ("one", "two")]
    for each in both:
        each.write("storyreel.toml", providers.settings() + f'[store]\nurl = "{shared}"\n')
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(render, both))
    assert [ran.code for ran in made] == [0, 0], [ran.err for ran in made]
    for each in both:
        again = each.run("render", "film", "--provider", "fal", "--locked", "--json").json["requests"]
        assert (again["generated"], again["reused"]) == (0, 2)
        assert each.run("store", "verify").code == 0


def test_other_kinds_of_stores_are_refused_with_a_reason(tmp_path: Path) -> None:
    folder = Folder.with_board(tmp_path, BOARD)
    folder.write("storyreel.toml", '[store]\nurl = "s3://bucket/takes"\n')
    refused = folder.run("plan", "film")
    assert refused.code == 2
    assert "s3:// is not one" in refused.err


RICH = """\
storyreel: 1
title: Lamp
reel: {size: 320x180}
captions: burn
elements: {Mara: {description: "woman, 34"}}
scenes:
  - id: pier
    takes: 2
    shots:
      - {duration: 3, prompt: A ship turns, say: [{who: narrator, line: It is dark.}], text: A PIER}
  - {id: sea, start: previous, transition: dissolve 0.5, shots: [{duration: 3, prompt: "@Mara looks up"}]}
  - {id: end, transition: fade 0.5, card: {title: THE END, duration: 1}}
"""
"""Pictures, words, voices, stills of seams, dissolves: what leads to files of every kind."""
GUARDS = re.compile(r"hold|store/takes\.lock")
"""Files that hold nothing: only whether somebody has them open."""


@dataclass(frozen=True)
class Rich:
    root: Path
    films: dict[str, bytes]
    """The reel by provider."""


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory, providers: Stand) -> Rich:
    """A project that was rendered, drawn, listed, exported."""
    root = tmp_path_factory.mktemp("rich")
    folder = Folder.with_board(root, RICH)
    folder.write("storyreel.toml", providers.settings())
    films = {}
    for provider in ("fal", "animatic"):
        made = folder.run("render", "film", "--provider", provider, "--yes", env=KEYS)
        assert made.code == 0, made.err
        films[provider] = (root / "output/film/film.mp4").read_bytes()
    assert folder.run("takes", "film").code == 0
    laid = ("--format", "otio", "--media", "laid", "--handles", "12f", "--stems", "-o", "laid/film.otio")
    assert folder.run("export", "film", "--provider", "fal", *laid).code == 0
    checkpointed(root / ".storyreel/journal.db")
    return Rich(root, films)


def kind_of(root: Path, file: Path) -> str | None:
    """What a stored file is; None for one that nobody has thought of."""
    path = file.relative_to(root / ".storyreel").as_posix() if file.is_relative_to(root / ".storyreel") else ""
    store = root / STORE
    if path.startswith("store/cas/"):
        rows = [row for table in (store / "takes").rglob("*.json") for row in json.loads(table.read_text()).values()]
        owners = {row["provider"] for row in rows if isinstance(row, dict) and row["digest"] == file.name}
        entries = {entry.read_text().strip() for entry in (store / "shelf").rglob("*") if entry.is_file()}
        shelved = "shelved" if file.name in entries else None
        return ("panel" if owners == {"animatic"} else "take") if owners else shelved
    kinds = {"store/takes/": "table", "store/asked/": "asked", "store/shelf/": "entry", "reels.json": "reels"}
    kinds |= {"journal.db": "journal", "journal.reserve": "reserve"}
    found = next((kind for start, kind in kinds.items() if path.startswith(start)), None)
    return found or ("guard" if GUARDS.fullmatch(path) else "lock" if file == root / LOCK else None)


def stored(root: Path) -> dict[str, list[Path]]:
    """Every stored file by its kind."""
    found: dict[str, list[Path]] = {}
    for file in [root / LOCK, *sorted((root / ".storyreel").rglob("*"))]:
        if file.is_file():
            kind = kind_of(root, file)
            assert kind is not None, f"{file} is of a new kind: say here which, so that its bytes are broken, too"
            found.setdefault(kind, []).append(file)
    return found


KINDS = ("take", "panel", "shelved", "table", "asked", "entry", "reels", "journal", "reserve", "lock", "guard")


def test_every_kind_of_stored_file_is_among_those_that_are_broken(rich: Rich) -> None:
    assert set(stored(rich.root)) == set(KINDS)
    assert not any(file.stat().st_size for file in stored(rich.root)["guard"])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "guard"])
def test_a_broken_byte_is_a_named_error_or_a_miss_and_never_a_wrong_film(
    tmp_path: Path, rich: Rich, providers: Stand, kind: str
) -> None:
    folder = Folder(tmp_path / "copy")
    shutil.copytree(rich.root, folder.root, symlinks=True)
    reel = folder.root / "output/film/film.mp4"
    submitted = len(providers.fal.ledger.submissions)
    for file in stored(folder.root)[kind]:
        flip(file, file.stat().st_size * 2 // 3)
    for provider, film in rich.films.items():
        reel.unlink(missing_ok=True)
        locked = ["--locked"] if provider == "fal" else []
        made = folder.run("render", "film", "--provider", provider, *locked, "--json")
        if made.code == 0:
            assert reel.read_bytes() == film
        else:
            assert made.code in (4, 8), made.err
            assert not reel.exists()
            assert "bug" not in made.err
            assert made.err.strip()
    assert folder.run("explain", "pier", "--board", "film", "--provider", "fal").code in (0, 8)
    assert folder.run("takes", "film", "--json").code in (0, 8)
    assert folder.run("diff").code == 2, "there is no repository here"
    assert folder.run("export", "film", "--provider", "fal", "--format", "otio", "-o", "cut.otio").code in (0, 8)
    assert folder.run("store", "verify").code in (0, 8)
    assert len(providers.fal.ledger.submissions) == submitted


def checkpointed(journal: Path) -> Path:
    """The journal in one file."""
    db = sqlite3.connect(journal)
    db.execute("pragma wal_checkpoint(truncate)")
    db.close()
    return journal
