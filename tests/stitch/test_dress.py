"""Words over a picture keep out of each other's way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from storyreel.base.timebase import Range
from storyreel.plan.cut import CutWords
from storyreel.stitch.dress import Dresser
from storyreel.stitch.encoding import Format
from storyreel.stitch.overlays import Lettering, overlays_of
from tests.stitch.films import RATE, film, scene, take


@pytest.mark.parametrize("look", ["take", "panel"])
@pytest.mark.parametrize("size", [(640, 360), (360, 640), (480, 480)])
def test_a_lower_third_stands_on_the_legal_line(tmp_path: Path, size: tuple[int, int], look: str) -> None:
    third = CutWords("lower_third", "OTTO", "Notar", Range(0, 48), None)
    legal = CutWords("legal", "All prices include tax. While stocks last. " * 3, None, Range(12, 48), None)
    shot = scene("a", take("c24", 48, look=look), words=(third, legal))
    dresser = Dresser(Format(*size, RATE), tmp_path, lambda asset: tmp_path)
    boxes: list[tuple[int, int]] = []
    for overlay in overlays_of(film(shot, size=size), shot, ()):
        if isinstance(overlay, Lettering):
            [layer] = dresser.dress([overlay], 48)
            with Image.open(layer.file) as drawn:
                boxes.append((layer.top, layer.top + drawn.height))
    (_, foot), (top, end) = boxes
    assert foot < top < end < size[1]


def test_a_lower_third_alone_stands_where_it_stood() -> None:
    third = CutWords("lower_third", "OTTO", "Notar", Range(0, 24), None)
    legal = CutWords("legal", "While stocks last.", None, Range(24, 48), None)
    shot = scene("a", take("c24", 48), words=(third, legal))
    assert [o.legal for o in overlays_of(film(shot), shot, ()) if isinstance(o, Lettering)] == [None, None]
