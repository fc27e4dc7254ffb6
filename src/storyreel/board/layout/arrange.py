"""Lines of a board, moved and indented: each entry takes its own comments along; no line is rewritten inside."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from storyreel.board.layout.outline import Branch, Entry, Item, Leaf, Part, end_of
from storyreel.board.layout.places import Place, place_under, ranks, root_place
from storyreel.board.text.lines import Lines

_STEP = 2
_COMMENT = re.compile(r"\s*(?:#.*)?")


class AsItIs(Exception):
    """The layout is none that can be moved line by line."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """An entry or an item as it will stand: comments above it, then its lines."""

    lead: list[str]
    lines: list[str]


class Arrangement:
    """One text and its outline; `is_sorted` puts keys into canonical order."""

    def __init__(self, text: str, *, is_sorted: bool) -> None:
        self._text = text
        self._places = Lines("", text)
        self._rows = text.split("\n")
        self._is_sorted = is_sorted

    def arrange(self, root: Part) -> str:
        """The whole text anew; raises AsItIs."""
        if not isinstance(root, Branch) or root.is_flow or not _is_map(root):
            raise AsItIs
        place = root_place(self._key(entry) for entry in root.children if isinstance(entry, Entry))
        first = self._row(root.children[0].start)
        header = [row.rstrip() for row in self._rows[:first]]
        tail = self._gap(self._row(root.end - 1) + 1, len(self._rows))
        pieces, rest = self._pieces(root, 0, place, [], tail)
        body = [line for piece in pieces for line in (*piece.lead, *piece.lines)] + rest
        lines = [*_single_blanks(header), *body]
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        return "\n".join(lines) + "\n"

    def _pieces(
        self, block: Branch, indent: int, place: Place | None, lead: list[str], tail: list[str]
    ) -> tuple[list[_Piece], list[str]]:
        """The children in their order, and the comments that stand below the last of them."""
        children = block.children
        column = self._column(children[0].start)
        leads, tails = [lead], []
        for before, after in pairwise(children):
            gap = self._gap(self._row(end_of(before) - 1) + 1, self._row(after.start))
            inner, outer = _split(gap, column)
            tails.append(inner)
            leads.append(outer)
        inner, rest = _split(tail, column)
        tails.append(inner)
        is_scenes = place == ("map", "scene") and not _is_map(block)
        pieces: list[_Piece] = []
        for child, above, below in zip(children, leads, tails, strict=True):
            comments = _indented(above, indent)
            if isinstance(child, Entry):
                pieces.append(_Piece(comments, self._entry(child, indent, place, below)))
            else:
                pieces.append(self._item(child, indent, place, comments, below))
        if _is_map(block):
            pieces = self._in_order(block, pieces, place)
        if is_scenes:
            pieces = _spaced(pieces)
        if pieces:
            pieces[0] = replace(pieces[0], lead=_without_first_blanks(pieces[0].lead))
        return pieces, _indented(_without_last_blanks(rest), indent)

    def _in_order(self, block: Branch, pieces: list[_Piece], place: Place | None) -> list[_Piece]:
        known = ranks(place) if self._is_sorted else {}
        order: list[tuple[int, int]] = []
        rank = -1
        for i, child in enumerate(block.children):
            assert isinstance(child, Entry)
            rank = known.get(self._key(child), rank)  # a key of one's own stays behind the key that it follows
            order.append((rank, i))
        return [pieces[i] for _, i in sorted(order)]

    def _entry(self, entry: Entry, indent: int, place: Place | None, tail: list[str]) -> list[str]:
        key = self._text[entry.start : entry.key_end]
        colon = self._text.find(":", entry.key_end)
        if colon < 0 or "\n" in key or self._text[entry.key_end : colon].strip():
            raise AsItIs
        begin = " " * indent + key + ":"
        inner = place_under(place, self._key(entry))
        value = entry.value
        if isinstance(value, Branch) and not value.is_flow:
            head = self._rest_of_line(colon + 1)
            first = self._row(value.children[0].start)
            gap = self._gap(self._row(colon) + 1, first)
            if first == self._row(colon):
                raise AsItIs
            pieces, rest = self._pieces(value, indent + _STEP, inner, gap, tail)
            return [begin + head, *(line for p in pieces for line in (*p.lead, *p.lines)), *rest]
        return self._leaf(begin, colon + 1, value, indent - self._column(entry.start), inner) + _indented(tail, indent)

    def _item(self, item: Item, indent: int, place: Place | None, lead: list[str], tail: list[str]) -> _Piece:
        value, begin = item.value, " " * indent + "-"
        if not isinstance(value, Branch) or value.is_flow:
            shift = indent - self._column(item.start)
            return _Piece(lead, self._leaf(begin, item.start + 1, value, shift, place) + _indented(tail, indent))
        first = value.children[0].start
        is_beside = self._row(first) == self._row(item.start)
        head = "" if is_beside else self._rest_of_line(item.start + 1)
        if is_beside and self._text[item.start + 1 : first].strip():
            raise AsItIs
        gap = [] if is_beside else self._gap(self._row(item.start) + 1, self._row(first))
        pieces, rest = self._pieces(value, indent + _STEP, place, gap, tail)
        lines = [line for p in pieces[1:] for line in (*p.lead, *p.lines)] + rest
        if head.strip():
            return _Piece(lead, [begin + head, *pieces[0].lead, *pieces[0].lines, *lines])
        # What stood above the first key stands above the dash: between them there is no room for it.
        above = [*lead, *_indented(pieces[0].lead, indent)]
        top, *more = pieces[0].lines
        return _Piece(above, [f"{begin} {top.lstrip()}", *more, *lines])

    def _leaf(self, begin: str, start: int, value: Part, shift: int, place: Place | None) -> list[str]:
        """A value that stays as it is written, moved sideways; a map in braces gets its keys in order."""
        end = value.end if value.end > value.start else start
        line_end = self._places.bounds(max(end - 1, start - 1))[1]
        after = self._text[end:line_end].rstrip()
        if isinstance(value, Branch) and "\n" not in self._text[value.start : value.end]:
            before = self._text[start : value.start]
            written = before + self._flow(value, place)
        else:
            written = self._text[start:end]
        first, *rest = (written + after).split("\n")
        first = first.strip()
        return [f"{begin} {first}" if first else begin, *(_shifted(line, shift) for line in rest)]

    def _flow(self, part: Part, place: Place | None) -> str:
        """A collection in brackets on one line."""
        whole = self._text[part.start : part.end]
        if isinstance(part, Leaf) or not part.children or whole[0] not in "{[" or whole[-2:-1] == ",":
            return whole
        order: list[tuple[int, int, str]] = []
        known, rank = ranks(place) if self._is_sorted else {}, -1
        for i, child in enumerate(part.children):
            if child.value.end <= child.value.start:
                return whole
            if isinstance(child, Entry):
                key = self._key(child)
                rank = known.get(key, rank)
                inner = self._flow(child.value, place_under(place, key))
                between = self._text[child.key_end : child.value.start]
                colon = re.fullmatch(r"\s*:\s*", between)
                joined = ": " if colon else between
                order.append((rank, i, self._text[child.start : child.key_end] + joined + inner))
            else:
                order.append((0, i, self._flow(child.value, place)))
        inside = ", ".join(text for _, _, text in sorted(order))
        return f"{whole[0]}{inside}{whole[-1]}"

    def _key(self, entry: Entry) -> str:
        return self._text[entry.start : entry.key_end].strip("\"'")

    def _gap(self, start: int, end: int) -> list[str]:
        rows = self._rows[start:end]
        if not all(_COMMENT.fullmatch(row) for row in rows):
            raise AsItIs
        return [row.rstrip() for row in rows]

    def _rest_of_line(self, start: int) -> str:
        return self._text[start : self._places.bounds(start)[1]].rstrip()

    def _row(self, offset: int) -> int:
        return self._places.place(offset)[0] - 1

    def _column(self, offset: int) -> int:
        return self._places.place(offset)[1] - 1


def _is_map(block: Branch) -> bool:
    return bool(block.children) and isinstance(block.children[0], Entry)


def _split(gap: list[str], column: int) -> tuple[list[str], list[str]]:
    """Comments that stand further in than `column` belong to what is above them, the rest to what follows."""
    cut = 0
    for i, row in enumerate(gap):
        if row.strip() and len(row) - len(row.lstrip()) <= column:
            break
        if row.strip():
            cut = i + 1
    return gap[:cut], gap[cut:]


def _spaced(pieces: list[_Piece]) -> list[_Piece]:
    """One blank line around every scene that has lines of its own; scenes of one line may stand together."""
    spaced = pieces[:1]
    for before, piece in pairwise(pieces):
        is_short = len(before.lines) == 1 and len(piece.lines) == 1 and not piece.lead
        spaced.append(piece if is_short else _Piece(["", *_without_first_blanks(piece.lead)], piece.lines))
    return spaced


def _indented(rows: list[str], indent: int) -> list[str]:
    return _single_blanks([" " * indent + row.strip() if row.strip() else "" for row in rows])


def _shifted(line: str, by: int) -> str:
    bare = line.lstrip(" ")
    if not line:
        return line
    return " " * max(0, len(line) - len(bare) + by) + bare


def _single_blanks(rows: list[str]) -> list[str]:
    return [row for i, row in enumerate(rows) if row or i == 0 or rows[i - 1]]


def _without_first_blanks(rows: list[str]) -> list[str]:
    return rows[1:] if rows and not rows[0] else rows


def _without_last_blanks(rows: list[str]) -> list[str]:
    kept = list(rows)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
