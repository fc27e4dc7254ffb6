"""Figures as ratios, measured side by side in one run: whole processes, medians, the system's own accounting.

make bench                     prints the table
.venv/bin/python benchmarks/run.py --write     also writes it into benchmarks/README.md
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import stitch

ROOT = Path(__file__).resolve().parent.parent
EXE = str(Path(sys.executable).parent / "storyreel")
PYTHON = sys.executable
MARK = "<!-- figures -->"
PARTS = ("storyboards", "assets", "templates", "data", "brand", "storyreel.toml")
"""What of the checkout makes up a project."""


@dataclass(frozen=True)
class Run:
    """One command as a whole process: wall seconds, CPU seconds with children, peak MB of its largest process."""

    wall: float
    cpu: float
    peak: float


def once(command: Sequence[str], folder: Path) -> Run:
    """Run a command in a process of its own and account for it and all its children."""
    meter = (
        "import json,os,resource,subprocess,sys,time\n"
        "t=time.perf_counter()\n"
        "p=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.PIPE)\n"
        "w=time.perf_counter()-t\n"
        "r=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "p.returncode and sys.exit(p.stderr.decode()[-2000:])\n"
        "print(json.dumps([w,r.ru_utime+r.ru_stime,r.ru_maxrss/1024]))\n"
    )
    done = subprocess.run([PYTHON, "-c", meter, *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} failed:\n{done.stderr}")
    return Run(*json.loads(done.stdout))


def median(command: Sequence[str], folder: Path, runs: int = 5) -> Run:
    """The median of several runs after one that is not counted."""
    once(command, folder)
    found = [once(command, folder) for _ in range(runs)]
    return Run(*(statistics.median(getattr(run, name) for run in found) for name in ("wall", "cpu", "peak")))


def big_board(scenes: int) -> str:
    """A board of many scenes of three shots, written the way people write them."""
    lines = ["storyreel: 1", "title: Five Hundred", "style: 35mm film, rain at dusk", "elements:"]
    lines += ["  Mara: {description: 'woman, 34, navy coat'}", "  Ivo: {description: 'boy, 12, yellow oilskin'}"]
    lines += ["vars: {ship: Halcyon}", "scenes:"]
    for n in range(scenes):
        lines += [f"  - id: scene-{n}", f"    place: deck {n % 17} of a ship above a black sea", "    shots:"]
        lines += ["      - duration: 4", "        camera: wide, slow push-in"]
        lines += [f"        prompt: The {{{{ ship }}}} turns for shore in the dark, lamp {n} burning at the bow."]
        lines += ["      - duration: 4", "        camera: medium, handheld"]
        lines += [f'        prompt: "@Mara grips rail {n} and looks up at the dead glass."']
        lines += [
            "        say:",
            "          - Mara (whispering): It has never gone dark.",
            "        sound: wind through iron",
        ]
        lines += ["      - duration: 3", f'        prompt: "@Ivo runs up step {n}, lantern high, out of breath."']
    return "\n".join(lines) + "\n"


def small_commands(temp: Path) -> list[tuple[str, str, str]]:
    project = temp / "big"
    (project / "storyboards").mkdir(parents=True)
    board = project / "storyboards/big.yaml"
    board.write_text(big_board(500))
    parse = "import sys;from ruamel.yaml import YAML;YAML(typ='safe',pure=True).load(open(sys.argv[1]).read())"
    bare, check = median([PYTHON, "-c", parse, str(board)], project), median([EXE, "check", str(board)], project)
    nothing, help_ = median([PYTHON, "-c", "pass"], project, 15), median([EXE, "--help"], project, 15)
    both = f"{check.wall:.2f} s / {bare.wall:.2f} s"
    starts = f"{help_.wall * 1000:.0f} ms / {nothing.wall * 1000:.0f} ms"
    return [
        ("`check` of a 500-scene board, the bare ruamel parse", both, f"{check.wall / bare.wall:.2f} x (at most 2.5)"),
        ("`--help`, `python -c pass`", starts, f"{help_.wall / nothing.wall:.1f} x (at most 8)"),
        ("peak memory of that `check`", f"{check.peak:.0f} MB", ""),
    ]


def films(temp: Path) -> list[tuple[str, str, str]]:
    project = temp / "films"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in (os.fsdecode(part) for part in tracked if part):
        if name.split("/")[0] in PARTS:
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, project / name)
    command = [EXE, "render", "storyboards/last_lamp.yaml", "--provider", "animatic"]
    cold: list[Run] = []
    for _ in range(3):
        shutil.rmtree(project / ".storyreel", ignore_errors=True)
        shutil.rmtree(project / "output", ignore_errors=True)
        cold.append(once(command, project))
    first = Run(*(statistics.median(getattr(run, name) for run in cold) for name in ("wall", "cpu", "peak")))
    again = median(command, project)
    board = project / "storyboards/last_lamp.yaml"
    text = board.read_text()
    edited: list[float] = []
    for n in range(3):
        changed, count = re.subn(r'(?m)^( +prompt: "?)', rf"\1Take {n}. ", text, count=1)
        assert count == 1, "there is no shot to edit"
        board.write_text(changed)
        edited.append(once(command, project).wall)
    once_more = statistics.median(edited)
    taken = f"{first.wall:.1f} s, {first.cpu:.1f} s CPU"
    return [
        ("cold animatic of the 30 s trailer", taken, f"{30 / first.wall:.1f} x real time (at least 3)"),
        ("the same with nothing to do", f"{again.wall:.2f} s", "(at most 0.7 s)"),
        ("the same with one shot edited", f"{once_more:.1f} s", f"{first.wall / once_more:.1f} x faster than cold"),
        ("peak memory of its largest process", f"{first.peak:.0f} MB", "(under 500)"),
    ]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--write", action="store_true")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        rows = small_commands(Path(temp)) + films(Path(temp)) + stitch.rows(Path(temp), once)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}"
    table = [f"Measured on {machine}.", "", "| what | measured | ratio or bound |", "|---|---|---|"]
    table += [f"| {' | '.join(row)} |" for row in rows]
    print("\n".join(table))
    if wanted.write:
        page = ROOT / "benchmarks/README.md"
        head = page.read_text().split(MARK)[0]
        page.write_text(f"{head}{MARK}\n\n" + "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
