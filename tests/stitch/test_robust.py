"""A render may be killed at any moment, and a disk may be full: the last good reel stays, and nothing goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stitch.coded import coded

PROGRAM = [sys.executable, "-m", "tests.stitch.killable"]
HERE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("sold")
    return [str(coded(folder / f"{name}.mp4", frames=70, sound="sine=f=440")) for name in "AB"]


@pytest.mark.parametrize("programs", [1, 4, 6])
def test_a_render_that_is_killed_leaves_the_last_reel_and_no_child(
    programs: int, sold: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "test.mp4").write_bytes(b"the last good reel")
    argv = [*PROGRAM, str(out), str(tmp_path / "shelf"), *sold]
    with subprocess.Popen([*argv, "0", str(programs)], stdout=subprocess.PIPE, text=True, cwd=HERE) as made:
        assert made.stdout is not None
        for _ in range(programs):
            assert made.stdout.readline() == "run\n"
        made.kill()
    left = (out / "test.mp4").read_bytes()
    assert _gone(str(tmp_path)), "a program went on after its parent was killed"
    again = subprocess.run(argv, capture_output=True, text=True, cwd=HERE, check=False)
    assert again.returncode == 0, again.stderr
    # While the last small pictures are drawn the new reel stands already, and is whole.
    assert left in (b"the last good reel", (out / "test.mp4").read_bytes())
    assert {file.name for file in out.iterdir()} == {"test.mp4", "test.srt", "test.vtt", "test.contact-sheet.png"}


def _gone(word: str) -> bool:
    """True once no process has the word among its arguments; killed ones may take a moment."""
    for _ in range(3000):
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                found.append(word.encode() in entry.read_bytes())
            except OSError:
                continue  # ended while we looked
        if not any(found):
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("most", [20_000, 200_000])
def test_a_file_that_may_not_grow_is_said_plainly(most: int, sold: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    argv = [*PROGRAM, str(out), str(tmp_path / "shelf"), *sold, str(most)]
    ended = subprocess.run(argv, capture_output=True, text=True, cwd=HERE, check=False)
    assert ended.stderr == "a file may not grow that large here (`ulimit -f`): what is done stays done\n"
    assert not (out / "test.mp4").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk can be made by root alone")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_said_plainly(small_disk: Path, sold: list[str], tmp_path: Path) -> None:
    argv = [*PROGRAM, str(tmp_path / "out"), str(small_disk / "shelf"), *sold]
    ended = subprocess.run(argv, capture_output=True, text=True, cwd=HERE, check=False)
    assert ended.stderr == "the disk is full: make room and run again, what is done stays done\n"
    assert [file.name for file in (small_disk / "shelf").iterdir() if file.name.startswith("new-")] == []
