from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from storyreel.media.slate import arc_size, arcs, dashed_edge, slate, watermark
from storyreel.media.text import Type

HD = Type(1280, 720)


def lit(frame: bytes, side: int) -> int:
    return int((np.frombuffer(frame, np.uint8).reshape(side, side, 4)[:, :, 3] > 128).sum())


def test_an_arc_runs_out_over_its_shot() -> None:
    side = arc_size(HD)
    shown = [lit(frame, side) for frame in arcs(HD, 96, 0, 96)]
    assert shown == sorted(shown, reverse=True)
    assert shown[0] > 100
    assert shown[-1] == 0
    assert shown[47] == pytest.approx(shown[0] / 2, rel=0.1)


def test_an_arc_can_begin_in_the_middle_of_its_shot() -> None:
    whole = list(arcs(HD, 96, 0, 96))
    assert list(arcs(HD, 96, 40, 20)) == whole[40:60]


@pytest.mark.parametrize("type_", [HD, Type(720, 1280), Type(720, 720), Type(320, 180)])
def test_a_slate_is_never_wider_than_its_room(type_: Type) -> None:
    width = round(type_.width * 0.9)
    image, corner = slate(type_, "the_scene_with_the_very_long_name_that_goes_on_and_on_until_64", "12", width)
    assert image.width <= width
    assert corner[0] + arc_size(type_) < image.width


def test_a_dashed_edge_goes_all_round_the_frame() -> None:
    frame = Image.new("RGBA", (1280, 720))
    for image, place in dashed_edge(HD):
        frame.alpha_composite(image, place)
    assert frame.getbbox() == (8, 8, 1272, 712)


def test_a_watermark_is_small_and_thin() -> None:
    mark = watermark(HD, Image.new("RGB", (400, 400), "white"), 0.5)
    assert mark.size == (80, 80)
    assert mark.getchannel("A").getextrema() == (128, 128)
