"""What is bought for a shape that is not on sale."""

from __future__ import annotations

import pytest

from storyreel.plan.catalog import catalog
from storyreel.plan.shape import match_shape, panel_size
from tests.plan.boards import film, planned, scene, shot

KLING = catalog().profiles["kling-v3"]


@pytest.mark.parametrize(
    ("written", "bought"),
    [
        ("16:9", "16:9"),
        ("1920x1080", "16:9"),
        ("32:18", "16:9"),
        ("2.39:1", "16:9"),
        ("4:5", "1:1"),
        ("1080x1350", "1:1"),
        ("2:3", "9:16"),
        ("4:3", "16:9"),
        ("3:4", "9:16"),
    ],
)
def test_the_nearest_by_proportion_is_bought(written: str, bought: str) -> None:
    """4:3 lies exactly half way between 1:1 and 16:9, and keeps its orientation."""
    assert match_shape(written, KLING).name == bought


def test_a_match_is_noted() -> None:
    assert match_shape("4:5", KLING).note == "4:5 is bought as 1:1, the nearest that kling-v3 sells"
    assert match_shape("1920x1080", KLING).note is None


def test_size_wins_and_a_scene_wins_over_its_board() -> None:
    tall = planned(film(scene("a", shot()), size="720x1280", aspect_ratio="16:9"))
    assert (tall.cut.width, tall.cut.height) == (720, 1280)
    own = planned(film(scene("a", shot(), aspect_ratio="1:1"), size="720x1280"))
    request = own.scenes[0].parts[0].request
    assert request is not None
    assert request.shape == "1:1"


def test_a_resolution_never_buys_a_dearer_tier() -> None:
    made = planned(film(scene("a", shot()), resolution="4K"), provider="fal")
    assert made.scenes[0].parts[0].endpoint == "fal-ai/kling-video/v3/standard/text-to-video"
    assert made.notes == ("resolution 4K is bought at 1280x720, what tier standard has",)


def test_the_reel_may_have_a_size_of_its_own() -> None:
    made = planned(film(scene("a", shot()), reel={"size": "1080x1350", "fit": "blur"}))
    assert (made.cut.width, made.cut.height, made.cut.scenes[0].fit) == (1080, 1350, "blur")


def test_panels_are_drawn_at_most_at_1080() -> None:
    assert panel_size(1280, 720) == (1280, 720)
    assert panel_size(3840, 2160) == (1920, 1080)
    assert panel_size(2160, 2160) == (1080, 1080)
