"""Type over panels: inside its region, readable over anything, clear of what the cut draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.media.panel.color import contrast
from storyreel.media.panel.frame import Frame, Stamp, View
from storyreel.media.panel.lettering import caption_box, caption_lines, draw_caption, draw_name, draw_sound, sound_box
from storyreel.media.panel.palette import element_color, palette_of
from storyreel.media.text import Type

SHAPES = [(1280, 720), (720, 1280), (720, 720), (1080, 1350), (320, 180), (2560, 1080)]
PALETTE = palette_of("a white beach")
GERMAN = "Ein überraschend schöner Morgen: Großvater öffnet die Tür, hält inne, „endlich“, und die Straße glänzt. " * 4
ENDLESS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 6
FRENCH = "L'été, Zoé traverse le champ à l'aube ; où va-t-elle ? Ça ne fait rien, dit-elle, « j'arrive »."


def white(width: int, height: int) -> Frame:
    frame = Frame(width, height)
    frame.y[...], frame.u[...], frame.v[...] = 235, 128, 128
    return frame


def seen(stamp: Stamp, size: tuple[int, int]) -> np.ndarray:
    """Luma of a white frame under a stamp."""
    frame = white(*size)
    frame.stamp(stamp)
    return frame.y.astype(int)


def grey(luma: float) -> tuple[int, int, int]:
    value = round(min(255.0, max(0.0, (luma - 16) * 255 / 219)))
    return value, value, value


@pytest.mark.parametrize("size", SHAPES)
@pytest.mark.parametrize("words", ["Kurz.", GERMAN, ENDLESS, FRENCH, "A\nline\nbreak"])
def test_captions_stay_in_their_region(size: tuple[int, int], words: str) -> None:
    width, height = size
    stamp = draw_caption(words, Type(width, height), PALETTE)
    assert stamp is not None
    box = caption_box(width, height, words)
    assert box.top >= 0.77 * height
    assert box.bottom <= 0.975 * height
    assert box.left >= 0
    assert box.right <= width
    bright = np.zeros((height, width), bool)
    bright[stamp.top : stamp.top + stamp.cover.shape[0], : stamp.cover.shape[1]] = stamp.luma > 110
    rows, columns = np.nonzero(bright)
    assert rows.size
    assert rows.min() >= box.top
    assert rows.max() < box.bottom
    assert columns.min() >= box.left
    assert columns.max() < box.right


@given(st.text(max_size=300), st.sampled_from(SHAPES[:4]))
@settings(max_examples=40, deadline=None)
def test_any_caption_has_a_box_of_its_own(words: str, size: tuple[int, int]) -> None:
    longest, own = caption_box(*size), caption_box(*size, words)
    assert longest.top <= own.top
    assert own.bottom == longest.bottom


def test_lines_follow_the_shape() -> None:
    assert [caption_lines(*size) for size in ((1280, 720), (720, 720), (720, 1280))] == [2, 3, 4]


def test_captions_are_readable_on_white() -> None:
    for size in SHAPES[:3]:
        stamp = draw_caption(GERMAN, Type(*size), PALETTE)
        assert stamp is not None
        box = caption_box(*size, GERMAN)
        inside = seen(stamp, size)[box.top + 10 : box.bottom, box.left : box.right]
        # Between the letters it is white seen through the scrim; letters are the brightest.
        assert contrast(grey(float(np.percentile(inside, 50))), grey(float(inside.max()))) >= 4.5


def test_names_are_readable_on_white() -> None:
    for index in range(8):
        name = draw_name("Großvater Jürgen", element_color(index), 640, 400, 600, Type(1280, 720))
        assert name is not None
        frame = white(1280, 720)
        frame.lay(name, View(1.0, 0.0, 0.0))
        area = name.area
        inside = frame.y[400:414, int(area.left) + 40 : int(area.right) - 40].astype(int)
        assert contrast(grey(float(np.percentile(inside, 30))), element_color(index)) >= 4.5


def test_sounds_are_readable_on_white_and_keep_to_their_corner() -> None:
    for size in SHAPES[:3]:
        words = "Möwen, ferne Glocken, Schritte auf nassem Kies und das Summen einer Straßenbahn" * 2
        stamp = draw_sound(words, Type(*size))
        assert stamp is not None
        box = sound_box(*size)
        assert stamp.top >= box.top - 1
        assert stamp.top + stamp.cover.shape[0] <= box.bottom + 2
        assert stamp.left >= box.left - 2
        assert stamp.left + stamp.cover.shape[1] <= box.right + 2
        assert box.left >= 0.36 * size[0]  # the slate's
        inside = seen(stamp, size)[stamp.top + 6 : stamp.top + 30, stamp.left + 6 : stamp.left + 200]
        assert contrast(grey(float(np.percentile(inside, 40))), grey(float(inside.max()))) >= 4.5


def test_names_fit_the_room_between_their_neighbours() -> None:
    long = draw_name("Großvater Jürgen von und zu Hohenfels", element_color(0), 120, 400, 240, Type(720, 720))
    assert long is not None
    assert long.area.width <= 240 + 2 * 34 + 6  # its haze may lie under the next
    assert long.area.left >= 0


def test_nothing_to_say_is_nothing_to_draw() -> None:
    assert draw_caption("  ", Type(1280, 720), PALETTE) is None
    assert draw_sound("", Type(1280, 720)) is None


def test_type_fades_as_a_whole() -> None:
    stamp = draw_caption("Words", Type(1280, 720), PALETTE)
    assert stamp is not None
    frame = white(1280, 720)
    frame.stamp(stamp, 0)
    assert (frame.y == 235).all()
    frame.stamp(stamp, 128)
    half = frame.y.astype(int)[700, 640]
    assert seen(stamp, (1280, 720))[700, 640] < half < 235


def test_a_palette_may_be_of_any_place() -> None:
    light = replace(PALETTE, deep=(90, 60, 60))
    assert draw_caption("Words", Type(640, 360), light) is not None
