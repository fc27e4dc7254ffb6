"""Programs are started, fed, limited and, above all, ended."""

from __future__ import annotations

import asyncio
import gc
import os
import select
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyreel.media.failed import MediaFailed
from storyreel.media.process import Finished, Processes

PYTHON = [sys.executable, "-c"]


def run(program: str, **options: object) -> Finished:
    return asyncio.run(Processes().run([*PYTHON, textwrap.dedent(program)], **options))  # type: ignore[arg-type]


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def has_ended(pid: int) -> bool:
    """Wait for at most a minute for a process that is not our child."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ready, _, _ = select.select([process], [], [], 60)
    os.close(process)
    return bool(ready)


def test_status_and_both_outputs_come_back() -> None:
    ended = run("import sys; print('picture'); print('a complaint', file=sys.stderr); sys.exit(3)")
    assert ended == Finished(3, b"picture\n", "a complaint\n")


def test_only_the_last_words_of_a_long_complaint_are_kept() -> None:
    ended = run("import sys; sys.stderr.write('x' * 1_000_000 + 'the reason')")
    assert len(ended.stderr) == 4096
    assert ended.stderr.endswith("the reason")


def test_a_feed_is_drawn_no_faster_than_the_program_reads() -> None:
    drawn = 0

    def feed() -> Iterator[bytes]:
        nonlocal drawn
        for _ in range(100):
            drawn += 1
            yield bytes(1 << 20)

    ended = run("import sys; print(len(sys.stdin.buffer.read(1 << 20)))", feed=feed())
    assert ended.status == 0
    assert drawn < 5


def test_a_feed_that_fails_ends_the_program_and_is_the_error() -> None:
    def feed() -> Iterator[bytes]:
        yield b"one frame"
        raise ZeroDivisionError("while painting")

    with pytest.raises(ZeroDivisionError, match="while painting"):
        run("import time; time.sleep(600)", feed=feed())


def test_a_program_over_its_limit_is_killed() -> None:
    with pytest.raises(MediaFailed, match=r"took longer than 0\.3 s"):
        run("import time; time.sleep(600)", limit_s=0.3)


def test_a_program_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(MediaFailed, match="nothing-here could not be started"):
        asyncio.run(Processes().run(["/no/such/nothing-here"], feed=[b""]))


def test_the_environment_of_the_user_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY", "secret")
    monkeypatch.setenv("FFREPORT", "file=/tmp/report")
    ended = run("import os; print(sorted(os.environ), os.getcwd())")
    assert b"FAL_KEY" not in ended.stdout
    assert b"FFREPORT" not in ended.stdout
    assert ended.stdout.endswith(b" /\n")


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel about processes of others")


@on_linux
def test_cancelling_kills_the_whole_group_and_leaves_no_zombie(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pids")
    program = f"""
        import os, subprocess, sys, time
        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])
        open({str(tmp_path / "pids")!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')
        time.sleep(600)
    """

    async def cancel_when_up() -> list[int]:
        endless = iter(lambda: bytes(1 << 20), b"")
        running = asyncio.create_task(Processes().run([*PYTHON, textwrap.dedent(program)], feed=endless))
        pids = await asyncio.to_thread((tmp_path / "pids").read_text)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return [int(pid) for pid in pids.split()]

    parent, child = asyncio.run(cancel_when_up())
    assert not Path(f"/proc/{parent}").exists()
    assert has_ended(child)


@on_linux
def test_cancelled_twice_a_program_is_gone_all_the_same(tmp_path: Path) -> None:
    """Whoever gives up work and then ends cancels it twice: with a descriptor left, the loop's end is an error."""

    async def cancel_twice(turns: int) -> None:
        running = asyncio.create_task(Processes().run([sys.executable, "-c", "import time; time.sleep(60)"]))
        for _ in range(turns):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    before = len(list(Path("/proc/self/fd").iterdir()))
    for turns in (1, 2, 5, 20):
        asyncio.run(cancel_twice(turns))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_killed_storyreel_takes_its_programs_along(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pid")
    sleeper = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    host = f"""
        import asyncio
        from storyreel.media.process import Processes
        asyncio.run(Processes().run([{sys.executable!r}, '-c', {sleeper!r}]))
    """
    with subprocess.Popen([*PYTHON, textwrap.dedent(host)]) as started:
        sleeping = int((tmp_path / "pid").read_text())
        started.kill()
    assert has_ended(sleeping)


@on_linux
def test_no_descriptor_is_left_open() -> None:
    run("pass", feed=[b"x"])
    gc.collect()  # what earlier tests dropped
    before = open_descriptors()
    for _ in range(3):
        run("pass", feed=[b"x"])
        with pytest.raises(MediaFailed):
            asyncio.run(Processes().run(["/no/such/program"], feed=[b""]))
    assert open_descriptors() <= before
