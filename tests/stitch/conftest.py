"""Takes drawn once a session: counters whose grey says which frame it is, and flashes with beeps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stitch.films import draw

FLASHES = {
    "f24": ("24", 44_100, "320x180", 3.1),
    "f30": ("30", 48_000, "322x182", 2.55),
    "f25": ("25", 32_000, "480x270", 2.01),
    "fn": ("30000/1001", 44_100, "180x320", 2.7),
}
"""Rate, samples a second, size and seconds of takes that begin with a white frame and a beep."""


@pytest.fixture(scope="session")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A take by name: a flash, or `c<rate>`, a counter of four seconds at that rate."""
    folder = tmp_path_factory.mktemp("takes")

    def find(name: str) -> Path:
        file = folder / f"{name}.mp4"
        if file.exists():
            return file
        if name.startswith("c"):
            # Two levels of grey for each frame, from 20 on.
            grey = "geq=lum='20+2*N':cb=128:cr=128"
            return draw(file, f"color=black:s=320x180:r={name[1:]},{grey}", seconds=4, extra=["-qp", "0", "-bf", "2"])
        rate, hz, size, seconds = FLASHES[name]
        picture = f"color=0x202020:s={size}:r={rate},drawbox=t=fill:c=white:enable='eq(n,0)'"
        sound = f"aevalsrc=0.6*sin(2*PI*1000*t)*lt(t\\,0.06):s={hz}"
        return draw(file, picture, sound=sound, seconds=seconds)

    return find
