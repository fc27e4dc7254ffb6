"""Words in a frame: always inside their box, always whole letters, the same on every run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from storyreel.media import look
from storyreel.media.charmap import weight_of
from storyreel.media.face import Face
from storyreel.media.failed import MediaFailed
from storyreel.media.fonts import font_file
from storyreel.media.look import Style
from storyreel.media.text import TextLayer, Type, text_layer
from tests.support.font import made_font

WIDE, TALL, SQUARE = Type(1280, 720), Type(720, 1280), Type(1080, 1080)
STYLES = [value for value in vars(look).values() if isinstance(value, Style)]
HARD = "ÄÖÜÅÉ Çéèœß gjpqy Donaudampfschifffahrtsgesellschaftskapitänsmütze f…"


def alpha(layer: TextLayer) -> np.ndarray:
    return np.asarray(layer.image)[:, :, 3]


@pytest.mark.parametrize("type_", [WIDE, TALL, SQUARE], ids=["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.size:g}-{style.weight}")
def test_the_picture_fits_its_box(type_: Type, style: Style) -> None:
    for text in (HARD, HARD * 20, "W" * 400, "Kurz"):
        for width, height in ((type_.width, None), (type_.width // 2, type_.height // 4), (150, 60), (30, 12)):
            layer = text_layer(type_, text, style, width, height)
            assert layer.image.mode == "RGBA"
            assert layer.image.width <= width
            assert layer.image.height <= (height or 10_000)
            assert len(layer.lines) <= style.lines


BARE = [replace(style, scrim=None, shadow=0, outline=0, color=look.WHITE) for style in STYLES]


@pytest.mark.parametrize("style", BARE, ids=lambda style: f"{style.size:g}-{style.weight}")
def test_no_letter_is_clipped(style: Style) -> None:
    for text in (HARD, "ÇÅ", "jJfÀ"):
        layer = text_layer(WIDE, text, style, 700, 300)
        face = WIDE.face(style, layer.px)
        free = Image.new("L", (2000, 300 * len(layer.lines)))
        for number, line in enumerate(layer.lines):
            face.draw(ImageDraw.Draw(free), 400, 300 * number + 200, line)
        whole, seen = int(np.asarray(free).sum(dtype=int)), int(alpha(layer).sum(dtype=int))
        assert whole > 0
        assert abs(seen / whole - 1) < 0.01


def test_letters_stay_inside_the_scrim() -> None:
    layer = text_layer(WIDE, "ÄÇÅ gjpq", look.SUBTITLE, 800)
    light = np.asarray(layer.image)[:, :, 0] > 100
    rows, columns = np.flatnonzero(light.any(axis=1)), np.flatnonzero(light.any(axis=0))
    assert rows[0] >= 4
    assert layer.image.height - rows[-1] > 4
    assert abs(columns[0] - (layer.image.width - 1 - columns[-1])) <= 2


def test_type_shrinks_before_words_are_cut() -> None:
    small = text_layer(WIDE, "A rather long title for a film", look.CARD_TITLE, 700, 120)
    assert small.px < 88
    assert not small.is_cut
    assert small.lines[-1].endswith("film")
    cut = text_layer(WIDE, "A rather long title for a film " * 9, look.CARD_TITLE, 700, 120)
    assert cut.is_cut
    assert cut.lines[-1].endswith("…")
    assert cut.px == 36  # 88 at a floor of 0.4


def test_a_long_word_is_made_smaller_before_it_is_broken() -> None:
    layer = text_layer(WIDE, "Leuchtturmwärterin", look.CARD_TITLE, 700)
    assert layer.lines == ("Leuchtturmwärterin",)
    assert layer.px < 88


SIZES = [((1280, 720), 40), ((720, 1280), 40), ((1080, 1080), 60), ((3840, 2160), 120)]


@pytest.mark.parametrize(("frame", "px"), SIZES)
def test_sizes_follow_the_short_side(frame: tuple[int, int], px: int) -> None:
    assert text_layer(Type(*frame), "Ja.", look.SUBTITLE, frame[0]).px == px


def test_the_block_is_what_the_eye_aligns() -> None:
    one = text_layer(WIDE, "H", replace(look.CARD_TITLE, shadow=0), 600)
    rows = np.flatnonzero((alpha(one) > 128).any(axis=1))
    assert abs(one.block.top - rows[0]) <= 1
    assert abs(one.block.bottom - 1 - rows[-1]) <= 1


def test_large_letters_stand_on_the_left_edge() -> None:
    style = replace(look.CARD_TITLE, align="left")
    for letter in "HTAO1":
        columns = np.flatnonzero((alpha(text_layer(WIDE, letter, style, 600)) > 60).any(axis=0))
        assert columns[0] <= 2


def test_figures_are_all_of_one_width() -> None:
    for style in (look.SLATE, look.CAPTION, look.CARD_TITLE, look.SUBTITLE):
        face = replace(WIDE.face(style), spacing=0)
        assert len({face.length(f"{digit}:{digit}0") for digit in range(10)}) == 1


def test_small_capitals_are_set_apart() -> None:
    layer = text_layer(WIDE, "storm", look.SLATE, 600)
    assert layer.lines == ("STORM",)
    tight = text_layer(WIDE, "storm", replace(look.SLATE, spacing=0), 600)
    assert layer.image.width > tight.image.width + 6


def test_capitals_are_kerned_where_the_font_does_not() -> None:
    face = Face(font_file("bold"), 100)
    assert face.length("AVA") < replace(face, is_kerned=False).length("AVA") - 10
    assert face.length("HNH") == replace(face, is_kerned=False).length("HNH")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\x00"])
def test_no_words_are_an_empty_picture(text: str) -> None:
    layer = text_layer(WIDE, text, look.SUBTITLE, 600)
    assert layer.image.size == (1, 1)
    assert layer.lines == ()


def test_equal_words_are_equal_pictures() -> None:
    first, second = (text_layer(TALL, HARD, look.SUPER, 500, 300).image.tobytes() for _ in range(2))
    assert first == second


def test_letters_that_open_sans_lacks_come_from_the_projects_fonts(tmp_path: Path) -> None:
    lamp = made_font(tmp_path / "lamp.ttf", {"灯": "M", "台": "W"})
    own = Type(1280, 720, fonts=(lamp,))
    assert text_layer(own, "灯台", look.CAPTION, 600).image == text_layer(own, "MW", look.CAPTION, 600).image
    assert text_layer(own, "灯台", look.CAPTION, 600).image != text_layer(WIDE, "灯台", look.CAPTION, 600).image


def test_what_open_sans_has_stays_in_open_sans(tmp_path: Path) -> None:
    other = made_font(tmp_path / "other.ttf", {"L": "M", "i": "W"})
    first, second = (
        text_layer(type_, "Licht", look.CARD_SUBTITLE, 600).image for type_ in (Type(1280, 720, fonts=(other,)), WIDE)
    )
    assert first.size == second.size


def test_of_several_fonts_the_weight_is_the_nearest(tmp_path: Path) -> None:
    light = made_font(tmp_path / "light.ttf", {"灯": "M"}, weight="light")
    heavy = made_font(tmp_path / "heavy.ttf", {"灯": "M"}, weight="extrabold")
    assert [weight_of(light), weight_of(heavy)] == [300, 800]
    for style, weight in ((look.CARD_TITLE, heavy), (replace(look.CAPTION, weight="light"), light)):
        assert Type(1280, 720, fonts=(light, heavy)).face(style).others[0] == weight


def test_a_font_that_is_replaced_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.ttf"
    own = Type(1280, 720, fonts=(file,))
    made_font(file, {"灯": "M"})
    first = text_layer(own, "灯", look.CAPTION, 600).image
    made_font(file, {"灯": "i"})
    assert text_layer(own, "灯", look.CAPTION, 600).image != first


def test_a_font_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "mine.ttf").write_bytes(b"no font")
    with pytest.raises(MediaFailed, match=r"mine\.ttf is not a font"):
        text_layer(Type(1280, 720, fonts=(tmp_path / "mine.ttf",)), "Licht", look.CAPTION, 600)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(STYLES), st.integers(8, 900), st.integers(8, 300))
def test_any_text_fits_any_box(text: str, style: Style, width: int, height: int) -> None:
    layer = text_layer(WIDE, text, style, width, height)
    assert layer.image.width <= width
    assert layer.image.height <= height
