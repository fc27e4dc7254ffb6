"""A sheet of candidates: one row a scene, one column a take, the one that is in the film outlined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from storyreel.media.look import ACCENT, GROUND, LABEL, LINE, QUIET, RAISED, SLATE, TEXT, Style
from storyreel.media.text import Type, text_layer

if TYPE_CHECKING:
    from PIL import Image

_MARGIN, _GUTTER, _HEADER = 48, 24, 84
_SIDE = 232
"""Pixels of the column of scene names."""
_CAPTION = 76
_WIDEST, _NARROWEST, _TALLEST = 420, 240, 340
_PAGE = 1920
_EDGE = 4

_TYPE = Type(1280, 720)
_TITLE = Style(30, "semibold", TEXT, lines=1, floor=0.6)
_FACTS = Style(19, "regular", QUIET, "right", lines=1, floor=0.7)
_NAME = replace(SLATE, size=19, is_caps=False, spacing=0.0, shadow=0, lines=2)
_NOTE = replace(LABEL, size=17, weight="regular", color=QUIET, shadow=0, lines=1)
_TAKE = replace(SLATE, size=18, is_caps=False, spacing=0.0, shadow=0, lines=1)
_OLD_SHADE = 0.45

State = Literal["chosen", "candidate", "older"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One take."""

    pixels: bytes | None
    """Raw RGB of the cell's size; None where its bytes are not here."""
    name: str
    facts: str
    note: str
    state: State


@dataclass(frozen=True, slots=True)
class CandidateRow:
    name: str
    note: str
    takes: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class CellSize:
    """Pixels of one picture."""

    width: int
    height: int


def cell_for(width: int, height: int, columns: int) -> CellSize:
    """The size of a picture for frames of a shape, `columns` in a row: smaller where there are many."""
    room = (_PAGE - 2 * _MARGIN - _SIDE) // max(1, columns) - _GUTTER
    across = min(max(min(room, _WIDEST), _NARROWEST), round(_TALLEST * width / height))
    across = max(2, across // 2 * 2)
    return CellSize(across, max(2, round(across * height / width / 2) * 2))


def paint_candidates(title: str, facts: str, rows: Sequence[CandidateRow], cell: CellSize) -> Image.Image:
    """The whole sheet, as wide and as tall as it must be."""
    from PIL import Image

    columns = max((len(row.takes) for row in rows), default=1)
    across = max(960, 2 * _MARGIN + _SIDE + columns * (cell.width + _GUTTER) - _GUTTER)
    step = cell.height + _CAPTION + _GUTTER
    sheet = Image.new("RGB", (across, _MARGIN + _HEADER + len(rows) * step - _GUTTER + _MARGIN), GROUND[:3])
    inner = across - 2 * _MARGIN
    taken = _words(sheet, facts, _FACTS, inner * 3 // 5, _MARGIN, _MARGIN + 26, right=across - _MARGIN)
    _words(sheet, title, _TITLE, inner - taken - 2 * _GUTTER, _MARGIN, _MARGIN + 26)
    sheet.paste(LINE[:3], (_MARGIN, _MARGIN + 50, across - _MARGIN, _MARGIN + 51))
    for number, row in enumerate(rows):
        top = _MARGIN + _HEADER + number * step
        if number:
            sheet.paste(LINE[:3], (_MARGIN, top - _GUTTER // 2, across - _MARGIN, top - _GUTTER // 2 + 1))
        _words(sheet, row.name, _NAME, _SIDE - _GUTTER, _MARGIN, top + 22)
        _words(sheet, row.note, _NOTE, _SIDE - _GUTTER, _MARGIN, top + 50)
        for column, take in enumerate(row.takes):
            _paint(sheet, take, cell, _MARGIN + _SIDE + column * (cell.width + _GUTTER), top + _EDGE)
    return sheet


def _paint(sheet: Image.Image, take: Candidate, cell: CellSize, left: int, top: int) -> None:
    from PIL import Image

    right, bottom = left + cell.width, top + cell.height
    if take.state == "chosen":
        sheet.paste(ACCENT[:3], (left - _EDGE, top - _EDGE, right + _EDGE, bottom + _EDGE))
    if take.pixels is None:
        sheet.paste(RAISED[:3], (left, top, right, bottom))
        centred = replace(_NOTE, align="center")
        layer = text_layer(_TYPE, "not in the store here", centred, cell.width - 24)
        at = (left + (cell.width - layer.image.width) // 2, top + (cell.height - layer.image.height) // 2)
        sheet.paste(layer.image, at, layer.image)
    else:
        picture = Image.frombytes("RGB", (cell.width, cell.height), take.pixels)
        if take.state == "older":
            picture = Image.blend(Image.new("RGB", picture.size, GROUND[:3]), picture, _OLD_SHADE)
        sheet.paste(picture, (left, top))
    color = ACCENT if take.state == "chosen" else QUIET if take.state == "older" else TEXT
    facts = replace(_NOTE, align="right")
    taken = _words(sheet, take.facts, facts, cell.width // 2, left, bottom + 28, right=right)
    _words(sheet, take.name, replace(_TAKE, color=color), cell.width - taken - 12, left, bottom + 28)
    _words(sheet, take.note, _NOTE, cell.width, left, bottom + 52)


def _words(
    sheet: Image.Image, text: str, style: Style, width: int, left: int, base: int, *, right: int | None = None
) -> int:
    """Set words from a base line down; gives the width of their letters."""
    if not text:
        return 0
    layer = text_layer(_TYPE, text, style, max(1, width))
    block = layer.block
    first = block.bottom if len(layer.lines) == 1 else block.top + round(0.72 * layer.px)
    x = left - block.left if right is None else right - block.right
    sheet.paste(layer.image, (x, base - first), layer.image)
    return block.width
