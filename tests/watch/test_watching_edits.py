"""Hundreds of edits under a watch: the right end, and nothing left behind."""

from __future__ import annotations

import asyncio
import gc
import os
import random
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import Folder
from tests.watch.test_watching import ACT, BOARD, TINY, Watched, children, play, tiny, watched

IS_FULL = os.environ.get("STORYREEL_CAMPAIGN") == "full"
MOST_GROWTH_MB = 12
"""Of 300 edits; 2 of 40 and 5 of 300 were measured."""


def test_edits_ten_times_a_second_end_in_the_right_state(tmp_path: Path) -> None:
    edits = 300 if IS_FULL else 40
    rng = random.Random(3)

    async def main() -> None:
        folder, others = tiny(tmp_path), children()
        async with watched(folder) as watch:
            await watch.settled()
            # What is loaded and held once is no growth: measured is from the time that all kinds of edits were seen.
            await edited(watch, 24, rng, "The First")
            before = await measures(watch)
            await edited(watch, edits, rng, "The Last")
            assert watch.heard.codes == []
            assert [s["id"] for s in watch.film()["scenes"]] == ["pier", "sea"]
            after = await measures(watch)
        assert (after.files, after.tasks, after.programs) == (before.files, before.tasks, before.programs)
        assert after.memory_mb <= before.memory_mb + MOST_GROWTH_MB
        assert children() == others

    play(main, 600)


async def edited(watch: Watched, edits: int, rng: random.Random, title: str) -> None:
    """Ten edits a second, and then one that says how the film ends."""
    for n in range(edits):
        await asyncio.to_thread(edit, watch.folder, n, rng)
        await asyncio.sleep(0.1)
    watch.folder.write("acts/two.yaml", ACT)
    watch.folder.write(BOARD, TINY.replace("Tiny", title))
    await watch.until(lambda: watch.state()["title"] == title)
    await watch.settled()
    await watch.watching.desk.settled()


@dataclass(frozen=True)
class Measures:
    files: int
    tasks: int
    programs: int
    memory_mb: float


async def measures(watch: Watched) -> Measures:
    """Of a watch at rest: nothing is made, and twice in a row everything is as it was."""
    before, now = None, tally()
    while before != now:
        await watch.until(lambda: watch.state()["phase"] == "ready")
        await asyncio.sleep(0.5)
        before, now = now, tally()
    gc.collect()
    return Measures(*now, resident_mb())


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def tally() -> tuple[int, int, int]:
    return len(list(Path("/proc/self/fd").iterdir())), len(asyncio.all_tasks()), len(children())


def edit(folder: Folder, number: int, rng: random.Random) -> None:
    """What people and editors do to files."""
    board = folder.root / BOARD
    match rng.randrange(8):
        case 0:
            folder.write(BOARD, TINY.replace("ONE", "[broken"))
        case 1:
            board.unlink(missing_ok=True)
        case 2:
            if board.exists():
                board.replace(board.with_name("film.yaml.bak"))
        case 3:
            (folder.root / "acts/two.yaml").unlink(missing_ok=True)
        case 4:
            folder.write("acts/two.yaml", ACT.replace("TWO", f"TWO {number}"))
        case 5:
            fresh = board.with_name("film.yaml~new")
            fresh.write_text(TINY.replace("Tiny", f"Tiny {number}"))
            fresh.replace(board)
        case _:
            folder.write(BOARD, TINY.replace("ONE", f"ONE {number}"))
