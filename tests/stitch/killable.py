"""A program that makes one film and says when it starts each program: to be killed, or to run out of room."""

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
    async def run(self, argv: Any, /, **more: Any) -> Finished:
        sys.stdout.write("run\n")
        sys.stdout.flush()
        return await super().run(argv, **more)


async def main(folder: Path, shelf: Path, one: Path, two: Path) -> None:
    cut = film(scene("a", take("A", 60)), scene("b", take("B", 60)), size=(1280, 720), loudness=-14.0)
    takes = {("A", 1): one, ("B", 1): two}
    await make_reel(cut, takes, lambda _: Path(), MemoryShelf(shelf), folder, on_event=lambda _: None, runner=Told())


if __name__ == "__main__":
    if len(sys.argv) > 5:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[5]),) * 2)
    try:
        asyncio.run(main(*(Path(name) for name in sys.argv[1:5])))
    except MediaFailed as problem:
        sys.exit(problem.message)
