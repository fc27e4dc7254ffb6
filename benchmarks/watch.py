"""How soon an edit of a board of 100 scenes is seen: on the page as a plan, and as an animatic that plays.

.venv/bin/python benchmarks/watch.py [--edits 50] [--provider fal]

A whole `storyreel watch` on this machine, asked as a browser asks it: the stream of news, then the film's document. The
clock starts when the file is written. Between edits the film is finished, so that each edit meets a watch at rest.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

EXE = str(Path(sys.executable).parent / "storyreel")
PLACES = ("a pier in fog", "the gallery of a lighthouse", "a kitchen at night", "a black sea", "a road in the rain")


def board(scenes: int) -> str:
    """Scenes of one shot of 3 seconds, with a word that is filled and a line now and then."""
    lines = ["storyreel: 1", "title: A Hundred", "style: 35mm film, rain at dusk", "vars: {ship: Halcyon}", "elements:"]
    lines += ["  Mara: {description: 'woman, 34, navy coat'}", "scenes:"]
    for n in range(scenes):
        lines += [f"  - id: scene-{n}", f"    place: {PLACES[n % len(PLACES)]}", "    shots:"]
        lines += ["      - duration: 3", "        camera: wide, slow push-in"]
        lines += [f'        prompt: "@Mara looks for the {{{{ ship }}}}, lamp {n} version 0 in her hand"']
        lines += ["        say:", "          - Mara (low): It has never gone dark."] if n % 5 == 0 else []
    return "\n".join(lines) + "\n"


class Page:
    """A browser without a window."""

    def __init__(self, address: str) -> None:
        found = re.match(r"http://127\.0\.0\.1:(\d+)(/\S*)", address)
        assert found is not None
        self._port = int(found[1])
        line = HTTPConnection("127.0.0.1", self._port, timeout=600)
        line.request("GET", found[2])
        answer = line.getresponse()
        answer.read()
        line.close()
        self._cookie = {"Cookie": (answer.getheader("set-cookie") or "").partition(";")[0]}

    def get(self, path: str) -> Any:
        line = HTTPConnection("127.0.0.1", self._port, timeout=600)
        line.request("GET", path, headers=self._cookie)
        found = json.loads(line.getresponse().read())
        line.close()
        return found

    def news(self) -> Iterator[None]:
        """Whenever there is a newer revision."""
        line = HTTPConnection("127.0.0.1", self._port, timeout=600)
        line.request("GET", "/events", headers=self._cookie)
        answer = line.getresponse()
        while row := answer.readline():
            if row.startswith(b"data:"):
                yield


def until(page: Page, news: Iterator[None], path: str, is_so: Callable[[Any], bool]) -> Any:
    while not is_so(found := page.get(path)):
        next(news)
    return found


def busy_s(process: int) -> float:
    """Processor seconds that a program and those it has waited for have had: the same on a busy machine."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """Of each edit, in seconds."""

    plans: list[float] = field(default_factory=list)
    plays: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)


def measure(root: Path, provider: str, edits: int, scenes: int) -> Measured:
    (root / "storyboards").mkdir(parents=True, exist_ok=True)
    (root / "storyreel.toml").write_text("")
    file, text = root / "storyboards/big.yaml", board(scenes)
    file.write_text(text)
    log = (root / "log").open("w+")
    command = [EXE, "watch", "big", "--provider", provider, "--no-open"]
    process = subprocess.Popen(command, cwd=root, stderr=log, stdin=subprocess.DEVNULL)
    try:
        while not (address := re.search(r"http://\S+", (root / "log").read_text())):
            time.sleep(0.05)
        page = Page(address[0])
        news = page.news()
        state = until(page, news, "/state", lambda state: bool(state["films"]))
        path = f"/film/{state['films'][0]['id']}"
        film = until(page, news, path, lambda film: film["reel"] is not None)
        found = Measured()
        for n in range(edits):
            until(page, news, "/state", lambda state: state["phase"] == "ready")
            time.sleep(1.0)
            film, place = page.get(path), n * 7 % scenes
            # Words that no run before has asked for: a kept folder has their panels.
            text = re.sub(rf"lamp {place} version \S+", f"lamp {place} version {n}-{time.time_ns()}", text)
            began, spent = time.perf_counter(), busy_s(process.pid)
            file.write_text(text)
            until(page, news, path, lambda film, place=place: film["scenes"][place]["is_changed"])
            found.plans.append(time.perf_counter() - began)
            until(page, news, path, lambda now, before=film: now["reel"]["id"] != before["reel"]["id"])
            found.plays.append(time.perf_counter() - began)
            found.busy.append(busy_s(process.pid) - spent)
        return found
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        log.close()


def p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(len(values) * 0.95) - 1)]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--edits", type=int, default=50)
    options.add_argument("--scenes", type=int, default=100)
    options.add_argument("--provider", default="fal")
    options.add_argument("--folder", type=Path, help="keep the project here: another run begins where this one ended")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        found = measure(wanted.folder or Path(temp) / "project", wanted.provider, wanted.edits, wanted.scenes)
    print(f"{wanted.scenes} scenes, {wanted.edits} edits, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for what, values, bound in (
        ("the plan on the page", found.plans, 0.4),
        ("the animatic that plays", found.plays, 2.0),
    ):
        print(f"save to {what}: median {statistics.median(values):.3f} s, p95 {p95(values):.3f} s (bound {bound} s)")
    print(f"processors busy for it: median {statistics.median(found.busy):.2f} s of both together")


if __name__ == "__main__":
    main()
