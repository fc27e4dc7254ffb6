"""A program that makes one film and says when it starts each program: to be killed, or to run out of room.

After the folders and takes it is told how large a file may grow (0: as it likes), and how many programs it may start:
the last of them is started and never done with.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path
from typing import Any

from storyreel.media.failed import MediaFailed
from storyreel.media.process import Finished, Processes
from storyreel.media.shelf import MemoryShelf
from storyreel.stitch.reel import make_reel
from tests.stitch.films import film, scene, take


class Told(Processes):
    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    async def run(self, argv: Any, /, **more: Any) -> Finished:
        sys.stdout.write("run\n")
        sys.stdout.flush()
        self._left -= 1
        found = await super().run(argv, **more)
        if self._left <= 0:
            await asyncio.Event().wait()
        return found


async def main(most: int, folder: Path, shelf: Path, one: Path, two: Path) -> None:
    cut = film(scene("a", take("A", 60)), scene("b", take("B", 60)), size=(1280, 720), loudness=-14.0)
    takes = {("A", 1): one, ("B", 1): two}
    await make_reel(
        cut, takes, lambda _: Path(), MemoryShelf(shelf), folder, on_event=lambda _: None, runner=Told(most)
    )


if __name__ == "__main__":
    largest, most = (*map(int, sys.argv[5:]), 0, 0)[:2]
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    try:
        asyncio.run(main(most or sys.maxsize, *(Path(name) for name in sys.argv[1:5])))
    except MediaFailed as problem:
        sys.exit(problem.message)
