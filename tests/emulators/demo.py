"""The example trailer, bought from three emulators: `python -m tests.emulators.demo`.

Each provider gets a project of its own, since what was bought at one is not bought again at another.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.emulators.jobs import Schedule
from tests.emulators.stand import KEYS, Stand, stand

ROOT = Path(__file__).resolve().parents[2]
EXE = str(Path(sys.executable).parent / "storyreel")
PARTS = ("storyboards", "assets", "data", "templates", "brand")


@dataclass(frozen=True, slots=True)
class Run:
    provider: str
    code: int
    seconds: float
    printed: dict[str, Any]
    complaint: str
    """The last lines of standard error."""

    @property
    def is_good(self) -> bool:
        return self.code == 0 and bool(self.reels)

    @property
    def reels(self) -> list[dict[str, Any]]:
        return list(self.printed.get("reels", []))


def example_project(folder: Path, settings: str) -> Path:
    """A copy of the examples with these settings, without anything that was made before."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("*.lock.yaml"))
    (folder / "storyreel.toml").write_text(settings, encoding="utf-8")
    return folder


def render(folder: Path, provider: str, board: str) -> Run:
    """One render from the command line, with the keys in its environment."""
    argv = [EXE, "render", board, "--provider", provider, "--yes", "--max-cost", "20", "--json"]
    began = time.monotonic()
    done = subprocess.run(
        argv, cwd=folder, env=os.environ | KEYS, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    took = time.monotonic() - began
    printed = json.loads(done.stdout) if done.stdout.startswith("{") else {}
    return Run(provider, done.returncode, took, printed, "\n".join(done.stderr.splitlines()[-6:]))


def runs(found: Stand, folder: Path, board: str) -> Iterator[tuple[Run, Run]]:
    """For each provider its render, and the same once more, which must buy nothing."""
    for provider in found.vendors:
        project = example_project(folder / provider, found.settings())
        yield render(project, provider, board), render(project, provider, board)


def main(keep: Path, board: str) -> int:
    """Prints one line a provider; 1 where a reel is missing, or where a scene was bought twice."""
    is_good = True
    with stand(schedule=Schedule(0.3, 1.2)) as found, tempfile.TemporaryDirectory() as folder:
        for run, again in runs(found, Path(folder), board):
            ledger = found.vendors[run.provider].ledger
            sent, wanted = len(ledger.submissions), run.printed.get("requests", {}).get("generated")
            is_good &= run.is_good and again.is_good and sent == wanted
            made = (
                f"{sent} requests sent, {wanted} takes made, {ledger.count('upload')} uploads, ${ledger.billed} billed"
            )
            say(f"{run.provider:10} exit {run.code}, {run.seconds:.1f} s: {made}")
            say(f"{'':10} once more: exit {again.code}, {again.seconds:.1f} s")
            for reel in run.reels:
                kept = keep / f"{run.provider}-{Path(reel['path']).name}"
                keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(folder) / run.provider / reel["path"], kept)
                say(f"{'':10} {kept}  {reel['width']}x{reel['height']}, {reel['frames']} frames at {reel['fps']}")
            if not (run.is_good and again.is_good):
                say(f"{run.complaint}\n{again.complaint}")
        leaks = found.media.ledger.leaked_keys
        say(f"{'keys':10} {leaks} sent where none belongs")
    return 0 if is_good and leaks == 0 else 1


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.emulators.demo", description=__doc__)
    asked.add_argument("--keep", type=Path, default=ROOT / "output" / "demo-providers", help="a folder for the reels")
    asked.add_argument("--board", default="storyboards/last_lamp.yaml")
    options = asked.parse_args()
    raise SystemExit(main(options.keep, options.board))
