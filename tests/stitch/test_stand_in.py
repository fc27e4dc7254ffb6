from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from tests.stitch.coded import coded
from tests.stitch.films import film, scene, take
from tests.stitch.studio import Room

ACCENT = (0xF2, 0xA3, 0x3A)


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (360, 360)])
def test_a_stand_in_says_so_in_words_and_at_its_edge(size: tuple[int, int], tmp_path: Path) -> None:
    def share_of_accent(look: str) -> tuple[float, float]:
        """In the corner under the slate, and along the left edge."""
        room = Room(tmp_path / look, {"A": coded(tmp_path / "A.mp4", before="lutyuv=y=60", frames=24)})
        with av.open(str(room.make(film(scene("a", take("A", 24, look=look)), size=size)))) as opened:
            picture = next(opened.decode(video=0)).to_ndarray(format="rgb24").astype(int)
        near = np.abs(picture - ACCENT).max(axis=2) < 40
        margin = round(min(size) * 0.05)
        return float(near[margin + 20 : margin + 40, margin : margin + 70].mean()), float(near[:, 2:8].mean())

    words, edge = share_of_accent("stand_in")
    assert words > 0.2
    assert edge > 0.12
    assert share_of_accent("panel")[1] < 0.01
    assert share_of_accent("take") == (0, 0)
