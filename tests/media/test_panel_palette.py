"""A place and its colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.panel.color import contrast, lightness, mix, oklch, yuv
from storyreel.media.panel.palette import Palette, element_color, grade_of, palette_of

PLACES = ["the gallery of a lighthouse", "eine Küche", "un champ à l'aube", "a desk", "", "x", "studio", "the sea"]


def test_the_same_place_has_the_same_palette() -> None:
    assert palette_of("The  Gallery of a lighthouse") == palette_of("the gallery of a Lighthouse ")
    assert palette_of(None) == palette_of("")
    assert len({palette_of(place) for place in PLACES}) == len(PLACES)


@given(st.text(max_size=40))
def test_lightness_is_fixed_and_hue_is_the_place(place: str) -> None:
    palette = palette_of(place)
    assert lightness(palette.deep) == pytest.approx(0.25, abs=0.015)
    assert lightness(palette.mid) == pytest.approx(0.47, abs=0.015)
    assert lightness(palette.light) == pytest.approx(0.79, abs=0.015)


@given(st.text(max_size=40), st.integers(0, 40))
def test_names_are_readable_on_the_dark_of_any_place(place: str, index: int) -> None:
    assert contrast(element_color(index), palette_of(place).night) >= 7


def test_speakers_are_told_apart() -> None:
    near = [element_color(index) for index in range(6)]
    for number, one in enumerate(near):
        for other in near[:number]:
            assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 40


def test_known_colours() -> None:
    assert oklch(1, 0, 0) == (255, 255, 255)
    assert oklch(0, 0, 0) == (0, 0, 0)
    assert oklch(0.62796, 0.25768, 29.234) == (255, 0, 0)
    assert oklch(0.86644, 0.29483, 142.4954) == (0, 255, 0)
    assert mix((255, 0, 0), (0, 0, 255), 0) == (255, 0, 0)
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert yuv((255, 255, 255)) == pytest.approx((235, 128, 128), abs=0.01)
    assert yuv((0, 0, 0)) == pytest.approx((16, 128, 128), abs=0.01)


def test_what_the_screen_cannot_show_loses_chroma_not_lightness() -> None:
    assert lightness(oklch(0.8, 0.4, 250)) == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("place", PLACES)
def test_tones_rise_from_night_to_light(place: str) -> None:
    palette = palette_of(place)
    luma = grade_of(palette).luma.astype(int)
    assert (np.diff(luma) >= 0).all()
    assert luma[0] >= 16 * 4
    assert luma[-1] <= 235 * 4
    assert luma[-1] - luma[0] > 150 * 4
    assert palette.tone(-1) == palette.night
    assert palette.tone(2) == palette.glow


def test_a_palette_is_a_value() -> None:
    assert Palette((1, 2, 3), (4, 5, 6), (7, 8, 9)) == Palette((1, 2, 3), (4, 5, 6), (7, 8, 9))
