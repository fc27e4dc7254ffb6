"""A lock of 1,000 scenes: `plan` with nothing to do against `check` of the same board, as whole processes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from storyreel.base.money import Usd
from storyreel.driver.locks import locked, write_lock
from storyreel.driver.project import Project, open_project

EXE = str(Path(sys.executable).parent / "storyreel")
SCENES, RUNS = 1_000, 5


def board(scenes: int) -> str:
    """Scenes of two shots, a tenth of them going on from the one before."""
    lines = ["storyreel: 1", "title: Long", "elements:", "  Mara: {description: 'woman, 34, navy coat'}", "scenes:"]
    for number in range(scenes):
        lines += [f"  - id: s{number}", f"    place: a pier in fog, number {number}"]
        lines += ["    start: previous"] if number % 10 == 9 else []
        lines += [
            "    shots:",
            f'      - {{duration: 3, camera: wide, prompt: "@Mara turns for shore {number}"}}',
            "      - {duration: 2, prompt: A black sea, say: ['Mara (low): It is dark.']}",
        ]
    return "\n".join(lines) + "\n"


def buy_all(project: Project, path: str) -> None:
    """Everything that the board asks for, as if it had been bought; then the lock."""
    while True:
        compiled = project.compile(path, provider="fal")
        assert compiled.plan is not None
        wanted = compiled.plan.to_make()
        if not wanted:
            break
        for part in wanted:
            file = project.store.new_file(".mp4")
            file.write_bytes(part.key.encode())
            project.store.keep(part.key, part.take or 1, file, "fal", f"job-{part.key[:8]}", Usd("0.63"))
    write_lock(project.root, path, locked(compiled.plan, compiled.lock, project.known(), is_whole=True))


def spent(folder: Path, *words: str) -> float:
    """Seconds of processor time of a whole process, the least of a few: others may be at work on the machine."""
    found = []
    for _ in range(RUNS):
        began = os.times()
        subprocess.run([EXE, *words], cwd=folder, capture_output=True, check=True)
        ended = os.times()
        found.append(ended.children_user + ended.children_system - began.children_user - began.children_system)
    return min(found)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "storyboards").mkdir()
        (folder / "storyboards/long.yaml").write_text(board(SCENES))
        (folder / "storyreel.toml").write_text('[render]\nprovider = "fal"\n')
        buy_all(open_project(folder), "storyboards/long.yaml")
        check, plan, document = (
            spent(folder, *words.split()) for words in ("check long", "plan long", "plan long --json")
        )
        ratios = (
            f"plan {plan:.2f} s, {plan / check:.2f} times; plan --json {document:.2f} s, {document / check:.2f} times"
        )
        print(f"{SCENES} scenes, all in the lock: check {check:.2f} s, {ratios}")


if __name__ == "__main__":
    main()
