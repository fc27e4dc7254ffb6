"""Programs we start: an argument list goes in, a status, its output and the end of its complaints come out."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from storyreel.media.failed import MediaFailed

STDERR_TAIL = 4096
"""Bytes of a program's last words that are kept."""

_PIPE_BYTES = 1 << 20
_PASSED_ON = (
    "SYSTEMROOT",
    "TMPDIR",
    "TEMP",
    "TMP",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "PYTHONPATH",
    "STORYREEL_FFMPEG",
)
_PR_SET_PDEATHSIG = 1
_LAST = 19
"""The priority of a program that gives way."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. A negative status is the signal that killed it."""

    status: int
    stdout: bytes = b""
    stderr: str = ""
    """The last 4 KB."""


class Runner(Protocol):
    """Starts programs. A status other than 0 is a value; raises MediaFailed where none starts, or at the limit."""

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        """Run to the end; `feed` is its standard input, drawn from in a thread as fast as the program reads."""
        ...


class Processes:
    """The real runner. A program lives in its own process group, sees none of our environment, and dies with us."""

    def __init__(self, *, is_patient: bool = False) -> None:
        """What a patient runner starts works in time that nothing else wants."""
        self._is_patient = is_patient

    async def run(
        self, argv: Sequence[str], /, *, feed: Iterable[bytes] | None = None, limit_s: float = 600
    ) -> Finished:
        """Run to the end; a cancelled run kills the whole group and waits until it is gone."""
        program = Path(argv[0]).name
        starting = asyncio.ensure_future(_start(argv, takes_input=feed is not None, is_patient=self._is_patient))
        try:
            process, pipe = await asyncio.shield(starting)
        except asyncio.CancelledError:
            await _to_the_end(_abandon(starting))
            raise
        reading = asyncio.ensure_future(_all(process.stdout))
        complaining = asyncio.ensure_future(_tail(process.stderr))
        ending = asyncio.ensure_future(process.wait())
        work: list[asyncio.Future[Any]] = [reading, complaining, ending]
        if feed is not None:
            work.append(asyncio.ensure_future(asyncio.to_thread(_feed, pipe, feed)))
        try:
            # wait() leaves its tasks alone when it is cancelled, so that they can be waited for below.
            _, late = await asyncio.wait(work, timeout=limit_s, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            if not all(task.done() for task in work):
                _kill_group(process.pid)
                # A killed program must leave neither a zombie nor a thread that still writes to it.
                await _to_the_end(asyncio.wait(work))
        for task in work:
            task.result()  # a feed that failed says so here
        if late:
            raise MediaFailed(f"{program} took longer than {limit_s:g} s", complaining.result())
        return Finished(ending.result(), reading.result(), complaining.result())


def clean_environment() -> Mapping[str, str]:
    """What a program may know of ours: no keys, no settings of other tools, no search path into the project."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # An empty search path would mean the current folder.
    return {**kept, "PATH": os.defpath, "PYTHON_DOTENV_DISABLED": "1", "PYTHONIOENCODING": "utf-8"}


def die_with_parent() -> Callable[[], None] | None:
    """What a child must do first so that it is killed when the thread that started it ends; None off Linux."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def before_exec() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))
        if os.getppid() != parent:  # it died before we asked
            os._exit(127)

    return before_exec


def _patiently(before_exec: Callable[[], None] | None) -> Callable[[], None]:
    """What a child must do first so that it gives way to everything else."""

    def first() -> None:
        if before_exec is not None:
            before_exec()
        os.nice(_LAST)
        # Where Linux shares time among sessions first, a program that has its own gives way as a session.
        with contextlib.suppress(OSError), Path("/proc/self/autogroup").open("w") as group:
            group.write(str(_LAST))

    return first


async def _start(argv: Sequence[str], *, takes_input: bool, is_patient: bool) -> tuple[asyncio.subprocess.Process, int]:
    """The program and the end of the pipe to write to, -1 where it takes no input."""
    first = die_with_parent()
    read_end, write_end = _wide_pipe() if takes_input else (asyncio.subprocess.DEVNULL, -1)
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=read_end,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=clean_environment(),
            cwd=os.sep,  # nothing of the project is found by chance
            start_new_session=True,
            preexec_fn=_patiently(first) if is_patient else first,
        )
    except BaseException as problem:
        if takes_input:
            os.close(write_end)
        if isinstance(problem, OSError):
            raise MediaFailed(f"{Path(argv[0]).name} could not be started", str(problem)) from problem
        raise
    finally:
        if takes_input:
            os.close(read_end)
    return process, write_end


def _wide_pipe() -> tuple[int, int]:
    """A pipe that holds most of a frame of film, so that writer and reader change places less often."""
    read_end, write_end = os.pipe()
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # the system allows less: the pipe stays as it is
            fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return read_end, write_end


async def _to_the_end(work: Coroutine[Any, Any, object]) -> None:
    """Wait however often one is cancelled meanwhile: what is waited for is soon over, and somebody has to see it."""
    task, is_cancelled = asyncio.ensure_future(work), False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            is_cancelled = True
    if is_cancelled:
        raise asyncio.CancelledError
    task.result()


async def _abandon(starting: asyncio.Future[tuple[asyncio.subprocess.Process, int]]) -> None:
    """End a program whose start was cancelled half-way: it is there all the same."""
    with contextlib.suppress(MediaFailed):
        process, pipe = await starting
        if pipe >= 0:
            os.close(pipe)
        _kill_group(process.pid)
        await asyncio.gather(_all(process.stdout), _tail(process.stderr), process.wait())


def _kill_group(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # gone already
        os.killpg(group, signal.SIGKILL)


async def _all(stream: asyncio.StreamReader | None) -> bytes:
    assert stream is not None
    return await stream.read()


async def _tail(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    tail = b""
    while chunk := await stream.read(1 << 16):
        tail = (tail + chunk)[-STDERR_TAIL:]
    return tail.decode(errors="replace")


def _feed(pipe: int, feed: Iterable[bytes]) -> None:
    # The pipe is bounded and write() blocks: that is the back-pressure.
    with contextlib.suppress(BrokenPipeError), open(pipe, "wb", buffering=0) as program:
        # A program that has read enough closes its end; its status tells whether that was right.
        for chunk in feed:
            left = memoryview(chunk).cast("B")
            while left:
                left = left[program.write(left) or 0 :]
