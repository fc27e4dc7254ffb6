from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from storyreel.media.card import CAPTION_FOOT, CardWords, caption_height, card_ground, card_words
from storyreel.media.stylebook import card_styles
from storyreel.media.text import Type

SHAPES = [(1280, 720), (720, 1280), (720, 720)]
FULL = CardWords(
    "Wieder zu spät? Nie wieder zu spät!",
    "Die Flasche, die sich merkt, wann du zuletzt getrunken hast, und es dir freundlich sagt.",
    "1.299,90 €",
    "Jetzt vorbestellen",
    "Angebot gültig bis 31.12. in teilnehmenden Häusern. " * 3,
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("style", sorted(card_styles()))
def test_everything_on_a_card_stands_in_the_safe_area(shape: tuple[int, int], style: str) -> None:
    logo = Image.new("RGBA", (900, 200), (255, 255, 255, 255))
    seen = card_words(Type(*shape), FULL, style, logo).getbbox()
    assert seen is not None
    left, top, right, bottom = seen
    assert left >= shape[0] * 0.03
    assert right <= shape[0] * 0.97
    assert top >= shape[1] * 0.045
    assert bottom <= shape[1] * 0.955


@pytest.mark.parametrize("shape", SHAPES)
def test_a_title_stands_about_the_optical_centre(shape: tuple[int, int]) -> None:
    seen = card_words(Type(*shape), CardWords("THE LAST LAMP"), "plain", None).getbbox()
    assert seen is not None
    assert (seen[1] + seen[3]) / 2 / shape[1] == pytest.approx(0.45, abs=0.01)
    assert (seen[0] + seen[2]) / 2 / shape[0] == pytest.approx(0.5, abs=0.01)


def test_a_card_with_nothing_on_it_is_empty() -> None:
    assert card_words(Type(640, 360), CardWords(), "plain", None).getbbox() is None


def test_letters_can_be_read_on_a_white_picture() -> None:
    ground = np.asarray(card_ground(Type(640, 360), Image.new("RGB", (64, 64), "white")).convert("L"))
    assert ground[100:230].max() < 120


def test_an_empty_ground_is_dark_but_not_black_where_the_words_are() -> None:
    ground = np.asarray(card_ground(Type(640, 360), None).convert("L"))
    assert 36 < ground[150:170, 300:340].mean() < 60


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (720, 720)])
def test_a_card_that_is_spoken_over_leaves_its_captions_their_place(size: tuple[int, int]) -> None:
    type_ = Type(*size)
    words = CardWords("A lamp that never goes dark, not once", "In cinemas this autumn", "29,90 €", "Order now", None)
    logo = Image.new("RGBA", (900, 400), (255, 255, 255, 255))
    box = card_words(type_, words, "end-card", logo, is_captioned=True).getbbox()
    assert box is not None
    assert box[3] <= CAPTION_FOOT * size[1] - caption_height(type_)
    assert box[1] >= 0.045 * size[1]
