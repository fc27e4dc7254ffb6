"""`watch` as a process of its own: what it refuses, what it says without a terminal, and how it ends."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.support.project import EXE, Folder, endless


@contextmanager
def watching(
    folder: Folder, env: dict[str, str] | None = None, keys: int = subprocess.DEVNULL
) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], str]]]:
    log = folder.root / "log"
    with log.open("wb") as opened:
        process = subprocess.Popen(
            [EXE, "watch", "film", "--no-open"],
            cwd=folder.root,
            env=env,
            stdin=keys,
            stdout=opened,
            stderr=opened,
        )
        try:
            yield process, log.read_text
        finally:
            process.kill()
            process.wait()


def until(is_so: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


def programs(folder: Path) -> list[str]:
    """What runs anywhere and has the project's folder among its words."""
    found = []
    for words in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = words.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--render"], "--max-cost"),
        (["--max-cost", "5"], "--render"),
        (["--provider", "fall"], "did you mean fal?"),
        (["--render", "--max-cost", "much"], "no amount"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_once(tmp_path: Path, words: list[str], says: str) -> None:
    refused = Folder.with_board(tmp_path).run("watch", "film", "--no-open", *words)
    assert refused.code == 2
    assert says in refused.err


def test_without_a_terminal_each_change_is_a_line(tmp_path: Path) -> None:
    folder = Folder.with_board(tmp_path)
    with watching(folder) as (_, log):
        until(lambda: "film.yaml: Up to date" in log())
        folder.edit("A black sea", "A red sea")
        until(lambda: "1 scene changed, nothing to buy" in log())
        folder.edit("title: Small", "titel: Small")
        until(lambda: re.search(r"storyboards/film\.yaml:2:1: error\[SR\d+\]", log()))
        assert "storyboards/film.yaml: 1 error\n" in log()
        assert "\x1b" not in log()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_it_ends_at_once_and_leaves_no_program_behind(tmp_path: Path, number: signal.Signals, code: int) -> None:
    folder = Folder.with_board(tmp_path)
    with watching(folder, endless(tmp_path / "programs")) as (process, log):
        until(lambda: re.search(r"token=\S+\n", log()))
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=\S+", log())
        assert found is not None
        line = HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
        line.request("GET", found[0].partition(f":{found[1]}")[2])
        assert line.getresponse().status in (200, 303)
        line.close()
        until(lambda: programs(tmp_path))  # it draws, and would for ever
        process.send_signal(number)
        assert process.wait(60) == code
        until(lambda: not programs(tmp_path))
        assert "Traceback" not in log()


def test_a_key_asks_to_buy_and_a_key_ends_it(tmp_path: Path) -> None:
    folder = Folder.with_board(tmp_path)
    ours, theirs = pty.openpty()
    try:
        with watching(folder, keys=theirs) as (process, log):
            until(lambda: re.search(r"token=\S+\n", log()))
            # A key that is pressed before anybody listens is lost, as it is to people.
            until(lambda: os.write(ours, b"s") and "with --render and --max-cost" in log())
            os.write(ours, b"q")
            assert process.wait(60) == 0
            assert "Traceback" not in log()
    finally:
        os.close(ours)
        os.close(theirs)
