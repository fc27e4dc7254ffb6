"""Words over pictures: what a change of them costs, how they come and go, and whom they keep clear of."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from storyreel.base.timebase import Range
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.media.panel.lettering import caption_box, sound_box
from storyreel.media.stylebook import TextKind, text_styles
from storyreel.plan.cut import Cut, CutWatermark, CutWords
from storyreel.plan.request import Asset
from storyreel.stitch.captions import cues_of
from storyreel.stitch.dress import Dresser
from storyreel.stitch.encoding import Format
from storyreel.stitch.overlays import Lettering, Overlay, Slate, Subtitle, Watermark, overlays_of
from tests.stitch.films import RATE, film, line, scene, take
from tests.stitch.studio import Room
from tests.support.font import made_font

Takes = Callable[[str], Path]
HOSTILE = ("a --> b", "{\\an8}up <b>bold</b> & more", "1", "🌲 مرحبا", "x" * 300)
LOGO, LAMP = Asset("logo.png", "l" * 64), Asset("lamp.ttf", "f" * 64)


@pytest.fixture
def room(tmp_path: Path, takes: Takes) -> Room:
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 100), "orange").save(logo)
    lamp = made_font(tmp_path / "lamp.ttf", {"灯": "M"})
    return Room(tmp_path, {"A": takes("c24"), "B": takes("f24")}, assets={LOGO.path: logo, LAMP.path: lamp})


def spoken(*said: str, captions: str = "sidecar") -> Cut:
    lines = tuple(line(text, (0, 96), is_voice_over=False) for text in said)
    return film(scene("a", take("A", 96), lines=lines), scene("b", take("B", 60)), captions=captions)


def test_sidecar_captions_cost_no_picture(room: Room) -> None:
    room.make(spoken("Forty years."))
    before = (room.folder / "out" / "test.srt").read_text()
    room.make(spoken("Fifty years!", "And more."))
    assert room.encoded() == []
    assert (room.folder / "out" / "test.srt").read_text() != before


def test_burned_captions_cost_the_pieces_that_show_them(room: Room) -> None:
    room.make(spoken("Forty years.", captions="burn"))
    room.make(spoken("Fifty years.", captions="burn"))
    assert {name for _, name in room.encoded()} == {"a"}


def test_a_font_costs_only_what_is_set_in_it(room: Room) -> None:
    def titled(*fonts: Asset) -> Cut:
        words = [CutWords("super", text, None, Range(0, 48), None) for text in ("Lamp", "灯")]
        return film(
            scene("a", take("A", 96), words=(words[0],)), scene("b", take("B", 60), words=(words[1],)), fonts=fonts
        )

    room.make(titled())
    room.make(titled(LAMP))
    assert {name for _, name in room.encoded()} == {"b"}


def test_hostile_words_are_read_back_by_another_program(room: Room) -> None:
    cut = spoken(*HOSTILE)
    room.make(cut)
    count = len(cues_of(cut))
    for suffix in (".srt", ".vtt"):
        file = room.folder / "out" / f"test{suffix}"
        argv = [ffmpeg_path(), "-v", "error", "-i", str(file), "-map", "0:s:0", "-c:s", "srt", "-f", "srt", "-"]
        ended = subprocess.run(argv, capture_output=True, check=True)
        assert ended.stderr == b""
        assert ended.stdout.decode().count(" --> 00:") == count


def test_every_style_comes_and_goes(room: Room) -> None:
    kinds: tuple[TextKind, ...] = ("super", "lower_third", "legal")
    scenes = [
        scene(
            style,
            take("A", 96),
            words=tuple(CutWords(kind, "LATE AGAIN", None, Range(20, 76), style) for kind in kinds),
        )
        for style in sorted(text_styles())
    ]
    bare = film(scene("bare", take("A", 96)))
    plain, shown = (_frames(room.make(cut)).astype(int) for cut in (bare, film(*scenes)))
    for number in range(len(scenes)):
        apart = np.abs(shown[96 * number : 96 * number + 96] - plain).reshape(96, -1).max(axis=1)
        assert (apart[:20] < 24).all()
        assert (apart[77:] < 24).all()
        assert (apart[32:66] > 60).all()
        assert apart[21] < apart[40]
        assert apart[75] < apart[60]


def _frames(reel: Path) -> np.ndarray:
    argv = [ffmpeg_path(), "-v", "error", "-i", str(reel), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    return np.frombuffer(subprocess.run(argv, capture_output=True, check=True).stdout, np.uint8).reshape(-1, 180, 320)


SIZES = [(1280, 720), (720, 1280), (1080, 1080), (1080, 1350)]
Area = tuple[int, int, int, int]


def areas(room: Room, cut: Cut, look: str) -> list[tuple[Overlay, Area]]:
    """Where everything over the first scene stands."""
    form = Format(cut.width, cut.height, RATE)
    dresser = Dresser(form, room.folder, lambda asset: room.assets[asset.path])
    found = []
    for overlay in overlays_of(cut, cut.scenes[0], cues_of(cut)):
        layer = dresser.dress([overlay], 96)[0]
        with Image.open(layer.file) as drawn:
            found.append((overlay, (layer.left, layer.top, layer.left + drawn.width, layer.top + drawn.height)))
    return found


def meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize("corner", ["top-left", "top-right", "bottom-left", "bottom-right"])
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("look", ["panel", "take"])
def test_a_watermark_keeps_clear_of_type(room: Room, size: tuple[int, int], corner: str, look: str) -> None:
    said = line("Forty years I have kept this lamp, and it never went dark.", (0, 96))
    legal = CutWords("legal", "Professional driver on a closed road. Prices include tax.", None, Range(0, 96), None)
    cut = film(
        scene("a", take("A", 96, look=look), lines=(said,), words=(legal,)),
        size=size, captions="burn", watermark=CutWatermark(LOGO, corner, 0.6),
    )  # fmt: skip
    found = areas(room, cut, look)
    (mark,) = [area for overlay, area in found if isinstance(overlay, Watermark)]
    others = [area for overlay, area in found if isinstance(overlay, Lettering | Subtitle | Slate)]
    if look == "panel":
        box, sound = caption_box(*size), sound_box(*size)
        others += [(box.left, box.top, box.right, box.bottom), (sound.left, sound.top, sound.right, sound.bottom)]
    assert not [other for other in others if meet(mark, other)]
    assert 0 <= mark[0] < mark[2] <= size[0]
    assert 0 <= mark[1] < mark[3] <= size[1]


@pytest.mark.parametrize("style", sorted(text_styles()))
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("look", ["panel", "take"])
def test_texts_keep_clear_of_each_other(room: Room, size: tuple[int, int], style: str, look: str) -> None:
    said = line("Forty years I have kept this lamp, and it never went dark.", (0, 96))
    words = (
        CutWords("super", "Late again?", None, Range(0, 96), style),
        CutWords("lower_third", "MARA HALVORSEN", "Keeper of the light", Range(0, 96), style),
        CutWords("legal", "Professional driver on a closed road. Prices include tax. " * 2, None, Range(0, 96), style),
    )
    cut = film(scene("a", take("A", 96, look=look), lines=(said,), words=words), size=size, captions="burn")
    found = areas(room, cut, look)
    for number, (overlay, area) in enumerate(found):
        assert not [
            (other, place)
            for other, place in found[number + 1 :]
            if meet(area, place) and overlay.at.overlap(other.at).length
        ]
        assert area[0] >= 0.02 * size[0]
        assert area[2] <= 0.98 * size[0]
        assert area[3] <= 0.99 * size[1]


def test_a_caption_stands_on_the_legal_line_of_a_card(room: Room) -> None:
    from storyreel.plan.cut import CardSource

    card = CardSource(Range(0, 96), title="Lumen", legal="While stocks last. Prices include tax.", style="end-card")
    said = line("Order it today.", (0, 96), is_voice_over=True)
    bare, standing = (
        film(scene("end", replace(card, legal=legal), lines=(said,)), size=(1280, 720), captions="burn")
        for legal in (None, card.legal)
    )
    feet = [area[3] for cut in (bare, standing) for o, area in areas(room, cut, "take") if isinstance(o, Subtitle)]
    assert feet[0] == round(0.92 * 720)
    assert feet[1] < feet[0]
