"""Letters that no frame can show are found before anything is drawn, without a font library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.check import check
from storyreel.board.expand import expand, open_board
from storyreel.board.model import Storyboard
from storyreel.board.source import MemorySource
from storyreel.media.charmap import letters_of
from storyreel.media.failed import MediaFailed
from storyreel.media.fonts import Weight, font_file
from storyreel.media.glyphs import check_glyphs, drawn, missing_glyphs
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases
from tests.support.font import made_font

WEIGHTS: tuple[Weight, ...] = ("light", "regular", "semibold", "bold", "extrabold", "italic")


@pytest.mark.parametrize(
    "text",
    [
        "Wieder zu spät? Größe, Maß, Übung.",
        "Où est-ce que tu étais ? « Ça va ! » Œuvre, naïve, 50 €",
        "Zażółć gęślą jaźń · Příliš žluťoučký kůň · İstanbul · Ştefan",
        "Тихий свет · Φως · đường",
        "12:30 – “quoted” ‘single’ … — • № © ® ™ ½ ² × ÷ − ° ¿ ¡ § †",
        "e\u0301 and o\u0308 written in two parts",
        "soft\u00adhyphen, zero\u200bwidth, narrow\u202fspace,\ttab,\nline",
    ],
)
def test_european_texts_can_be_drawn(text: str) -> None:
    assert missing_glyphs(text) == ""


def test_missing_letters_are_named_once_in_order() -> None:
    assert missing_glyphs("Lamp 灯台 🌲 灯 lamp ☂") == "灯台🌲☂"


def test_every_weight_draws_the_same_letters() -> None:
    assert len({letters_of(font_file(weight)) for weight in WEIGHTS}) == 1


def test_the_map_agrees_with_the_font_engine() -> None:
    font = ImageFont.truetype(str(font_file()), 24, layout_engine=ImageFont.Layout.BASIC)

    def shape(letter: str) -> bytes:
        image = Image.new("L", (60, 60))
        ImageDraw.Draw(image).text((10, 10), letter, 255, font)
        return image.tobytes()

    box = shape("\U0010fffd")
    letters = letters_of(font_file())
    for code in (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x250), *range(0x370, 0x500), 0x20AC, 0x4E00):
        assert (shape(chr(code)) != box) == (chr(code) in letters), hex(code)


def test_accents_are_joined_and_controls_go() -> None:
    assert drawn("e\u0301\u202e\u200b\x1b[31m a\u202f! b\u2009c\r\nd\u2028e") == "é[31m a\u00a0! b c\nd\ne"


@pytest.mark.parametrize("data", [b"", b"no font", b"\0\1\0\0\0\x01" + bytes(6) + b"cmap" + b"\xff" * 12, b"ttcf\xff"])
def test_what_is_no_font_says_so(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "words.ttf").write_bytes(data)
    with pytest.raises(MediaFailed, match=r"words\.ttf is not a font"):
        letters_of(tmp_path / "words.ttf")


def test_a_font_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed, match=r"gone\.ttf cannot be read"):
        letters_of(tmp_path / "gone.ttf")


def test_checking_letters_loads_no_pixel_library() -> None:
    program = "import sys, storyreel.media.glyphs, storyreel.media.probe; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"PIL", "numpy", "moviepy", "asyncio", "ctypes"} & set(ended.stdout.split())


def checked(text: str, source: MemorySource | None = None) -> Storyboard:
    source = source or MemorySource({BOARD: text})
    board = open_board(source, BOARD).value
    assert board is not None
    (film,) = expand(board)
    assert film.value is not None
    found = check(film.value, source)
    assert found.value is not None, found.diagnostics
    return found.value


def findings(text: str) -> tuple[Diagnostic, ...]:
    return check_glyphs(checked(text))


@pytest.mark.parametrize("case", load_cases(SUITE / "letters.cases"), ids=str)
def test_letters_are_found_at_their_field(case: Case) -> None:
    assert_case(case, findings(case.files[BOARD]))


def test_only_what_the_film_shows_stops_it() -> None:
    scenes = "scenes: [{id: a, shots: [{prompt: a, duration: 4, say: ['narrator: 灯']}]}]\n"
    (burnt,), (beside,) = (findings(f"storyreel: 1\ncaptions: {kind}\n{scenes}") for kind in ("burn", "sidecar"))
    assert (burnt.severity, beside.severity) == ("error", "warning")


JAPANESE = """storyreel: 1
fonts: [assets/lamp.ttf]
scenes: [{id: a, card: {title: 灯台, subtitle: 海, duration: 3}}]
"""


def test_the_boards_own_fonts_count(tmp_path: Path) -> None:
    lamp = made_font(tmp_path / "lamp.ttf", {"灯": "M", "台": "W"}).read_bytes()
    source = MemorySource({BOARD: JAPANESE, "assets/lamp.ttf": lamp})
    (found,) = check_glyphs(checked(JAPANESE, source), source)
    assert (found.code, found.message) == ("SR401", "neither Open Sans nor a font of the board can draw 海 (U+6D77)")


def test_what_is_no_font_is_told_at_its_path() -> None:
    source = MemorySource({BOARD: JAPANESE, "assets/lamp.ttf": b"wOFF"})
    (found,) = check_glyphs(checked(JAPANESE, source), source)
    assert (found.code, found.span.line, found.span.column) == ("SR403", 2, 9)
