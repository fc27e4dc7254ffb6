"""The program in a fork of a process that has loaded it already: as a start of it, but for the time that loading takes.

What a start itself does (signals, kills, two at once) is tried on the program proper, see `EXE`.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

LOADED = [
    "storyreel.cli.app", "storyreel.cli.check", "storyreel.cli.plan", "storyreel.cli.render", "storyreel.cli.compile",
    "storyreel.driver.project", "storyreel.driver.making", "storyreel.driver.film", "storyreel.providers.vendors",
]  # fmt: skip
"""Nothing that starts threads, which a fork would lose."""
LONGEST_TEMPORARY = 60
"""Letters of the folder for temporary files: the address of a local socket below it is held to about a hundred."""
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(LOADED)


def forked(argv: Sequence[str], folder: Path, environ: Mapping[str, str], seconds: float = 300) -> tuple[int, str, str]:
    """Exit code, standard output and standard error; standard input is empty."""
    if len(gettempdir()) > LONGEST_TEMPORARY:
        done = subprocess.run(
            argv, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout, done.stderr
    with TemporaryDirectory() as heard:
        out, err = Path(heard, "out"), Path(heard, "err")
        process = FORKS.Process(target=_play, args=(list(argv), str(folder), dict(environ), str(out), str(err)))
        process.start()
        try:
            process.join(seconds)
            code = process.exitcode
            assert code is not None, f"{argv} takes more than {seconds} s"
            return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        finally:
            process.kill()
            process.join()
            process.close()


def _play(argv: list[str], folder: str, environ: dict[str, str], out: str, err: str) -> None:
    from storyreel.cli import main

    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    sys.argv = argv
    for number, name, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, out, os.O_WRONLY | os.O_CREAT),
        (2, err, os.O_WRONLY | os.O_CREAT),
    ):
        opened = os.open(name, how)
        os.dup2(opened, number)
        os.close(opened)
    main()
