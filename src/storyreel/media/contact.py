"""A contact sheet: one picture a shot in a neat grid, each with its scene, shot and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storyreel.media.look import ACCENT, GROUND, LABEL, LINE, QUIET, SLATE, TEXT, Style
from storyreel.media.text import Type, text_layer

if TYPE_CHECKING:
    from PIL import Image

_WIDE = 1920
_MARGIN, _GUTTER, _CAPTION, _HEADER = 48, 20, 44, 84

_TYPE = Type(1280, 720)
_TITLE = Style(30, "semibold", TEXT, lines=1, floor=0.6)
_FACTS = Style(19, "regular", QUIET, "right", lines=1, floor=0.7)
_NAME = replace(SLATE, size=18, is_caps=False, spacing=0.0, shadow=0)
_NOTE = replace(LABEL, size=17, weight="regular", color=QUIET, shadow=0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of the sheet: raw RGB of the grid's size, and what stands beneath it."""

    pixels: bytes
    scene: str
    note: str
    time: str
    is_first: bool
    """True for the first picture of its scene."""


@dataclass(frozen=True, slots=True)
class Grid:
    """How many pictures stand in a row, and their size in pixels."""

    columns: int
    width: int
    height: int


def grid_for(width: int, height: int, count: int) -> Grid:
    """The grid for frames of a shape: about four wide ones, six tall ones in a row."""
    shape = width / height
    usual = (4, 5, 3) if shape > 1.2 else (7, 6, 8, 5) if shape < 0.8 else (5, 6, 4)
    # The fewest places left empty in the last row; the first of equals.
    columns = min(usual, key=lambda number: -count % number) if count > min(usual) else usual[0]
    across = (_WIDE - 2 * _MARGIN - (columns - 1) * _GUTTER) // columns // 2 * 2
    return Grid(max(1, min(columns, count)), across, max(2, round(across / shape / 2) * 2))


def paint_sheet(title: str, facts: str, cells: Sequence[Cell], grid: Grid) -> Image.Image:
    """The whole sheet, as tall as it must be."""
    from PIL import Image

    rows = -(-len(cells) // grid.columns)
    across = max(640, 2 * _MARGIN + grid.columns * grid.width + (grid.columns - 1) * _GUTTER)
    down = _MARGIN + _HEADER + rows * (grid.height + _CAPTION + _GUTTER) - _GUTTER + _MARGIN
    sheet = Image.new("RGB", (across, down), GROUND[:3])
    inner = across - 2 * _MARGIN
    taken = _words(sheet, facts, _FACTS, inner * 3 // 5, _MARGIN, _MARGIN + 26, right=across - _MARGIN)
    _words(sheet, title, _TITLE, inner - taken - 2 * _GUTTER, _MARGIN, _MARGIN + 26)
    sheet.paste(LINE[:3], (_MARGIN, _MARGIN + 50, across - _MARGIN, _MARGIN + 51))
    for number, cell in enumerate(cells):
        left = _MARGIN + number % grid.columns * (grid.width + _GUTTER)
        top = _MARGIN + _HEADER + number // grid.columns * (grid.height + _CAPTION + _GUTTER)
        _paint(sheet, cell, grid, left, top)
    return sheet


def _paint(sheet: Image.Image, cell: Cell, grid: Grid, left: int, top: int) -> None:
    from PIL import Image

    sheet.paste(Image.frombytes("RGB", (grid.width, grid.height), cell.pixels), (left, top))
    right, base = left + grid.width, top + grid.height + 27
    if cell.is_first:
        sheet.paste(ACCENT[:3], (left, top + grid.height, left + 28, top + grid.height + 2))
    time = _words(sheet, cell.time, replace(_NOTE, align="right"), grid.width // 3, left, base, right=right)
    name = _words(sheet, cell.scene, _NAME, (grid.width - time) * 2 // 3, left, base)
    _words(sheet, cell.note, _NOTE, max(1, grid.width - time - name - 24), left + name + 10, base)


def _words(
    sheet: Image.Image, text: str, style: Style, width: int, left: int, base: int, *, right: int | None = None
) -> int:
    """Set one line on a base line; gives the width of its letters."""
    layer = text_layer(_TYPE, text, style, max(1, width))
    block = layer.block
    x = left - block.left if right is None else right - block.right
    sheet.paste(layer.image, (x, base - block.bottom), layer.image)
    return block.width
