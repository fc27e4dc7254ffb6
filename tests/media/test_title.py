"""Texts over the picture in every style: inside their room, readable on white and on black."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from storyreel.board.model import Storyboard
from storyreel.board.source import MemorySource
from storyreel.media.stylebook import PLAIN, TextKind, check_styles, text_look, text_styles
from storyreel.media.text import Type
from storyreel.media.title import draw_title
from tests.media.test_glyphs import checked
from tests.support.cases import BOARD

SHAPES = [Type(1280, 720), Type(720, 1280), Type(1080, 1080), Type(1080, 1350), Type(320, 180)]
KINDS: tuple[TextKind, ...] = ("super", "lower_third", "legal")
STYLES = sorted(text_styles())
HARD = "Donaudampfschifffahrtsgesellschaft, est-ce « déjà » l'heure ? Ją gęś."


@pytest.mark.parametrize("type_", SHAPES, ids=lambda t: f"{t.width}x{t.height}")
@pytest.mark.parametrize("style", STYLES)
def test_every_style_stays_in_its_room(style: str, type_: Type) -> None:
    width = round(type_.width * 0.9)
    for kind in KINDS:
        for text in ("Ja.", HARD, HARD * 6):
            image = draw_title(type_, text_look(kind, style), text, "Keeper of the light" * 2, width)
            assert 1 < image.width <= width
            assert 1 < image.height < type_.height * 0.62


@pytest.mark.parametrize("kind", KINDS)
def test_styles_look_different(kind: TextKind) -> None:
    drawn = {draw_title(SHAPES[0], text_look(kind, style), "Late again?", None, 1152).tobytes() for style in STYLES}
    assert len(drawn) == len(STYLES)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ground", [0, 128, 255])
def test_words_stand_out_from_any_ground(kind: TextKind, style: str, ground: int) -> None:
    image = draw_title(SHAPES[0], text_look(kind, style), "Late again?", None, 1152)
    frame = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    frame.alpha_composite(image)
    luma = np.asarray(frame.convert("L")).astype(int)
    assert luma.max() - luma.min() > 120


def test_plain_is_what_stands_where_no_style_is_written() -> None:
    assert text_look("super", None) == text_look("super", PLAIN)


def board(text: str) -> Storyboard:
    return checked(text, MemorySource({BOARD: text}))


def test_an_unknown_style_names_the_nearest_and_all() -> None:
    found = check_styles(
        board(
            "storyreel: 1\n"
            "scenes:\n"
            "  - {id: a, card: {title: A, duration: 2, style: end_crd}}\n"
            "  - id: b\n"
            "    shots: [{prompt: a, duration: 4, text: {super: A, style: neon}}]\n"
            "    text: [{legal: A, style: boxed}, {legal: B, style: Boxed}]\n"
        )
    )
    assert [(d.code, d.span.line, [h.text for h in d.hints]) for d in found] == [
        ("SR404", 3, ["did you mean `end-card`?", "styles of cards: plain, serifless-center, left-rule, end-card"]),
        ("SR404", 6, ["did you mean `boxed`?", "styles of texts: plain, boxed, underline, corner, bold"]),
        ("SR404", 5, ["styles of texts: plain, boxed, underline, corner, bold"]),
    ]
