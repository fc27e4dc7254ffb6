"""Candidates as a user chooses among them: listed, picked, held, released, explained; locks in git."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from storyreel.driver.locks import read_lock
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.media.still import still_at_frame
from tests.emulators.pictures import bytes_of
from tests.emulators.stand import KEYS, Stand, stand
from tests.support.project import Folder
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
  - id: stairs
    start: previous
    shots:
      - {duration: 3, prompt: Somebody climbs the stairs}
"""
LOCK = "storyboards/film.lock.yaml"


@pytest.fixture(scope="module")
def providers() -> Iterator[Stand]:
    with stand(scale=0.25) as found:
        yield found


def project(root: Path, providers: Stand, board: str = BOARD) -> Folder:
    folder = Folder.with_board(root, board)
    folder.write("storyreel.toml", providers.settings())
    render(folder)
    return folder


def render(folder: Folder, *more: str) -> Any:
    made = folder.run("render", "film", "--provider", "fal", "--yes", "--json", *more, env=KEYS)
    assert made.code == 0, made.err
    return made.json


def actions(folder: Folder) -> dict[str, str]:
    """What happens to the take that each scene shows."""
    found = folder.run("plan", "film", "--provider", "fal", "--json").json["films"][0]["scenes"]
    return {scene["id"]: scene["parts"][0]["action"] for scene in found}


def listed(folder: Folder) -> list[tuple[str, int, str]]:
    rows = folder.run("takes", "film", "--json").json["takes"]
    marks = ("is_chosen", "is_held", "is_current", "is_here")
    return [(row["scene"], row["take"], " ".join(m[3:] for m in marks if row[m])) for row in rows]


def test_choosing_tells_its_ripple_first_and_freezing_spares_it(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    lock = (tmp_path / LOCK).read_text()
    assert listed(folder) == [
        ("pier", 1, "chosen current here"),
        ("pier", 2, "current here"),
        ("stairs", 1, "chosen current here"),
    ]
    with Image.open(tmp_path / "output/film/takes.contact-sheet.png") as sheet:
        assert sheet.width > 900
        assert (0xF2, 0xA3, 0x3A) in {color for _, color in sheet.convert("RGB").getcolors(1 << 24) or ()}

    assert folder.run("pick", "film", "pier", "7").err.strip().endswith("pier has no take 7; there are 1, 2")
    refused = folder.run("pick", "film", "pier", "2", "--json")
    assert (refused.code, refused.json["ripple"][0]["scene"], refused.json["ripple_usd"]) == (4, "stairs", "0.378")
    assert (tmp_path / LOCK).read_text() == lock
    assert folder.run("pick", "film", "pier", "1").code == 0, "what is in the film already costs nothing"
    assert (tmp_path / LOCK).read_text() == lock

    chosen = folder.run("pick", "film", "pier", "2", "--note", "better light", "--yes")
    assert chosen.code == 0
    assert "1 film (film)" in chosen.out
    assert actions(folder) == {"pier": "reuse", "stairs": "generate"}
    why = folder.run("explain", "stairs", "--board", "film", "--provider", "fal", "--json").json["because"]
    assert [(one["field"], "take 2" in one["new"]) for one in why["changes"]] == [("start", True)]
    folder.edit("start: previous", "start: previous\n    freeze: true")
    assert actions(folder) == {"pier": "reuse", "stairs": "reuse"}


def test_a_held_take_stays_and_follows_its_words_again_when_released(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    assert folder.run("pick", "film", "stairs", "1", "--hold").code == 0
    folder.edit("climbs the stairs", "runs down the stairs")
    assert actions(folder)["stairs"] == "held"
    render(folder)
    written = (tmp_path / LOCK).read_text()
    folder.edit("id: stairs", "id: steps")
    assert actions(folder)["steps"] == "held", "a hold is not forgotten by a render, nor with its name"
    assert "`steps` is held (it was `stairs`)" in folder.run("plan", "film", "--provider", "fal").err
    folder.edit("id: steps", "id: stairs")
    render(folder)
    assert (tmp_path / LOCK).read_text() == written
    why = folder.run("explain", "stairs", "--board", "film", "--provider", "fal")
    assert "[-climbs-]{+runs down+} the stairs" in why.out
    released = folder.run("release", "film", "stairs", "--json").json
    assert released["ripple"][0]["cost_usd"] == "0.378"
    assert actions(folder)["stairs"] == "generate"
    assert folder.run("release", "film", "stairs").code == 2
    render(folder)
    assert listed(folder)[-2:] == [("stairs", 1, "chosen current here"), ("stairs", 1, "here")]


def test_what_is_not_a_word_of_the_film_costs_nothing(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    assert folder.run("pick", "film", "pier", "2", "--yes").code == 0
    render(folder)
    text = (tmp_path / "storyboards/film.yaml").read_text()
    head, pier, stairs = text[: text.index("  - id: pier")], *text[text.index("  - id: pier") :].split("  - id: stairs")
    moved = head + "  - id: steps" + stairs.replace("previous", "quay@last") + pier.replace("pier", "quay")
    folder.write("storyboards/film.yaml", "# a comment\n" + moved)
    assert folder.run("fmt", "film").code == 0
    assert set(actions(folder).values()) == {"reuse"}
    folder.edit("for shore", "for land")
    assert actions(folder) == {"steps": "generate", "quay": "generate"}, "its last frame is another"
    folder.edit("for land", "for shore")
    folder.edit("Somebody", "Nobody")
    assert actions(folder) == {"steps": "generate", "quay": "reuse"}


def test_an_older_commit_comes_back_frame_by_frame_for_nothing(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    repository = Repository.at(tmp_path)
    folder.write(".gitignore", ".storyreel/\noutput/\n")
    first = repository.commit()
    seen = frames(tmp_path)
    folder.edit("A ship turns", "A boat turns")
    render(folder)
    assert frames(tmp_path) != seen
    repository.commit()
    submitted = len(providers.fal.ledger.submissions)

    repository.git("checkout", "-q", first)
    again = folder.run("render", "film", "--provider", "fal", "--locked", "--json")
    assert (again.code, again.json["paid_usd"]) == (0, "0.00"), again.err
    assert frames(tmp_path) == seen
    assert repository.git("status", "--porcelain") == ""
    assert len(providers.fal.ledger.submissions) == submitted

    folder.edit("A ship turns", "A raft turns")
    refused = folder.run("render", "film", "--provider", "fal", "--locked", "--json")
    assert refused.code == 4
    assert "pier: take 1" in refused.err
    assert "stairs: take 1" in refused.err


def test_an_older_cut_is_gone_on_from_as_its_lock_has_it(tmp_path: Path, providers: Stand) -> None:
    """The first scene was paid for a second time since, under the same number: both films are in the store."""
    folder = project(tmp_path, providers)
    repository = Repository.at(tmp_path)
    folder.write(".gitignore", ".storyreel/\noutput/\n")
    first = repository.commit()
    old = stored(folder, "pier", 1)
    aside = old.rename(tmp_path / ".storyreel/aside.mp4")
    render(folder, "--rebuy", "pier")
    new = stored(folder, "pier", 1)
    assert new != old
    aside.rename(old)
    repository.commit()
    repository.git("checkout", "-q", first)
    folder.edit("Somebody climbs", "Nobody climbs")
    render(folder)
    sent = bytes_of(str(providers.fal.ledger.submissions[-1].body["start_image_url"]))
    assert sent is not None
    assert pixels(sent) == pixels(last_frame(old, tmp_path)) != pixels(last_frame(new, tmp_path))
    out = folder.run("export", "film", "--provider", "fal", "--format", "otio", "-o", str(tmp_path / "cut.otio"))
    assert out.code == 0, out.err
    assert old.name in (tmp_path / "cut.otio").read_text()
    assert new.name not in (tmp_path / "cut.otio").read_text()


def test_a_choice_is_a_difference_as_the_locks_of_both_sides_have_it(tmp_path: Path, providers: Stand) -> None:
    folder = project(tmp_path, providers)
    repository = Repository.at(tmp_path)
    folder.write(".gitignore", ".storyreel/\noutput/\n")
    repository.commit()
    assert folder.run("diff").out.startswith("nothing differs")
    assert folder.run("pick", "film", "pier", "2", "--yes").code == 0
    differs = folder.run("diff", "--json").json
    pier, stairs = differs["boards"][0]["scenes"]
    assert (pier["scene"], pier["kinds"], pier["cost_usd"]) == ("pier", ["changed"], "0.00")
    assert [(one["field"], one["old"], one["new"]) for one in pier["changes"]] == [("take", "1", "2")]
    assert (stairs["scene"], stairs["cost_usd"], differs["total_usd"]) == ("stairs", "0.378", "0.378")
    repository.commit()
    (tmp_path / LOCK).write_text("storyreel_lock: 1\ntakes: [\n")
    repository.commit()
    repository.git("checkout", "-q", "HEAD~1", LOCK)
    broken = folder.run("diff")
    assert broken.code == 8
    assert f"{LOCK} at HEAD" in broken.err


def test_work_on_two_scenes_merges(tmp_path: Path, providers: Stand) -> None:
    separate = BOARD.replace("    start: previous\n", "").replace("    takes: 2\n", "")
    folder = project(tmp_path, providers, separate)
    repository = Repository.at(tmp_path)
    folder.write(".gitignore", ".storyreel/\noutput/\n")
    repository.commit()
    for branch, old, new in (("one", "A ship", "A boat"), ("two", "Somebody climbs", "Nobody climbs")):
        repository.git("checkout", "-q", "-b", branch, "main")
        folder.edit(old, new)
        render(folder)
        repository.commit()
    repository.git("merge", "-q", "--no-edit", "one")
    assert set(actions(folder).values()) == {"reuse"}
    text = (tmp_path / LOCK).read_text()
    assert render(folder)["requests"] == {"generated": 0, "reused": 2, "failed": 0, "parked": 0}
    assert (tmp_path / LOCK).read_text() == text


def stored(folder: Folder, scene: str, number: int) -> Path:
    """The bytes of a take, as the lock names them."""
    lock = read_lock(folder.root, "storyboards/film.yaml")
    ((key, _), *_) = lock.films["film"][scene].parts
    digest = lock.takes[key, number].digest
    return folder.root / ".storyreel/store/cas" / digest[:2] / digest


def last_frame(film: Path, room: Path) -> bytes:
    out = room / "last.png"
    asyncio.run(still_at_frame(film, 71, Fraction(24), out))
    return out.read_bytes()


def pixels(png: bytes) -> bytes:
    with Image.open(BytesIO(png)) as picture:
        return bytes(picture.convert("RGB").tobytes())


def frames(root: Path) -> str:
    """Digest of every decoded frame of the reel."""
    words = [
        ffmpeg_path(),
        "-v",
        "error",
        "-i",
        str(root / "output/film/film.mp4"),
        "-map",
        "0:v",
        "-f",
        "framemd5",
        "-",
    ]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout
