"""A text parsed again after an edit: only the blocks that the edit touched; the rest are the nodes of before, moved.

A text is cut where YAML itself starts afresh: at each key of the top map, and at each item of `scenes`. What is there
may be reused as long as the text was clean, and nothing in it reaches from one block into another (an anchor). In every
other case, and wherever the touched blocks are not clean by themselves, the whole is parsed as if for the first time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from storyreel.base.diagnostic import Checked
from storyreel.base.span import Span
from storyreel.board import node as tree
from storyreel.board.node import Mapping, Node, Scalar
from storyreel.board.text.compose import MAX_NODES
from storyreel.board.text.lines import normalized

SCENES = "scenes"

_REACHING = re.compile(r"(?:^|[\s\[{,:-])[&*][^\s&*]", re.MULTILINE)
"""What may be an anchor or an alias."""
_MARKS = re.compile(r"^(?:---|\.\.\.|%|<{7} )", re.MULTILINE)
"""What ends a document, or is a conflict of a merge."""

Parse = Callable[[str, str], Checked[Node]]


@dataclass(frozen=True, slots=True)
class _Block:
    """A stretch of whole lines from `first` on, up to the next block, and what it says."""

    first: int
    """From 1."""
    content: tuple[Scalar, Node] | Node
    count: int
    """Nodes and keys in it."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A text that was parsed without a finding."""

    text: str
    lines: tuple[str, ...]
    root: Mapping
    blocks: tuple[_Block, ...]
    """One for each key of the top map."""
    scenes: int | None
    """Which of them holds scenes that can be told apart, if any does."""
    items: tuple[_Block, ...]
    column: int
    """Of the items' dashes, from 1."""
    count: int


class Pieces:
    """The last clean text of each file; `parse` is what parses a whole one."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._known: dict[str, _Known] = {}
        self.again = 0
        """How often only pieces were parsed."""

    def parse(self, file: str, text: str) -> Checked[Node]:
        """As `parse` of the whole text, place by place; nodes of blocks that did not change or move are the same."""
        text = normalized(text)
        known = self._known.get(file)
        if known is not None and known.text == text:
            return Checked(known.root)
        root = self._patched(file, known, text) if known is not None else None
        if root is not None:
            self.again += 1
            self._keep(file, text, root)
            return Checked(root)
        found = self._parse(file, text)
        if isinstance(found.value, Mapping) and not found.diagnostics:
            self._keep(file, text, found.value)
        return found  # what was clean before is what the next text is held against

    def keep_only(self, files: Iterable[str]) -> None:
        """Forget files that are read no more."""
        wanted = frozenset(files)
        self._known = {file: known for file, known in self._known.items() if file in wanted}

    def _keep(self, file: str, text: str, root: Mapping) -> None:
        known = _known(text, root)
        if known is None:
            self._known.pop(file, None)
        else:
            self._known[file] = known

    def _patched(self, file: str, old: _Known, text: str) -> Mapping | None:
        """The new root, where the edit lies within whole blocks that are clean by themselves."""
        if _REACHING.search(text) or _MARKS.search(text):
            return None
        lines = tuple(text.split("\n"))
        first, last = _difference(old.lines, lines)
        moved = len(lines) - len(old.lines)
        edit = _Edit(file, lines, first, last, moved)
        root = None
        if old.scenes is not None:
            items = self._blocks(edit, old.items, _end_of(old, old.scenes), column=old.column)
            root = _with_scenes(old, items, moved) if items else None
        if root is None:
            blocks = self._blocks(edit, old.blocks, len(old.lines) + 1, column=None)
            root = _with_blocks(old, blocks) if blocks else None
        return root

    def _blocks(self, edit: _Edit, old: Sequence[_Block], end: int, *, column: int | None) -> list[_Block] | None:
        """The blocks after the edit; None where it reaches beyond them, or those that it touched cannot be read alone.

        `column` is that of the list; None for the top map.
        """
        starts = [block.first for block in old]
        if not starts or edit.first < starts[0] or edit.first > end or edit.last >= end:
            return None
        # A line put right before a block may belong to the block before.
        begin = max((i for i, start in enumerate(starts) if start < edit.first), default=0)
        stop = next((i for i, start in enumerate(starts) if start > edit.last), len(old))
        upto = (starts[stop] if stop < len(old) else end) + edit.moved
        fresh = self._read(edit, starts[begin], upto, column)
        if fresh is None:
            return None
        return [*old[:begin], *fresh, *(_moved(block, edit.moved) for block in old[stop:])]

    def _read(self, edit: _Edit, first: int, upto: int, column: int | None) -> list[_Block] | None:
        """The blocks in new lines from `first` to `upto` (exclusive)."""
        region = edit.lines[first - 1 : upto - 1]
        if not any(line.strip() and not line.lstrip().startswith("#") for line in region):
            return []
        above = [f"{SCENES}:"] if column is not None else []
        ending = [""] if upto <= len(edit.lines) else []
        found = self._parse(edit.file, "\n".join([*above, *region, *ending]))
        root = found.value
        if found.diagnostics or not isinstance(root, Mapping):
            return None
        if column is None:
            blocks = _top_blocks(root, region)
        elif [key.text for key, _ in root] != [SCENES] or root.entries[0][1].span.column != column:
            return None
        else:
            blocks = _items(root.entries[0][1], [*above, *region], len(region) + 2)
        return None if blocks is None else [_moved(block, first - 1 - len(above)) for block in blocks]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Old lines `first` to `last` (from 1, both inside) are others now; `last` is before `first` where none went."""

    file: str
    lines: Sequence[str]
    first: int
    last: int
    moved: int


def _known(text: str, root: Mapping) -> _Known | None:
    """None where the text is not made of blocks that can be told apart."""
    if _REACHING.search(text) or _MARKS.search(text):
        return None
    lines = tuple(text.split("\n"))
    blocks = _top_blocks(root, lines)
    if blocks is None:
        return None
    count = sum(block.count for block in blocks) + 1
    known = _Known(text, lines, root, tuple(blocks), None, (), 0, count)
    for place, (key, value) in enumerate(root.entries):
        if key.text == SCENES:
            items = _items(value, lines, _end_of(known, place))
            if items:
                return _Known(text, lines, root, tuple(blocks), place, tuple(items), value.span.column, count)
    return known


def _top_blocks(root: Mapping, lines: Sequence[str]) -> list[_Block] | None:
    """One for each key, where each begins a line of its own; None where not."""
    rows: list[_Block] = []
    for key, value in root.entries:
        if key.span.column != 1 or (rows and key.span.line <= rows[-1].first):
            return None
        rows.append(_Block(key.span.line, (key, value), 1 + _count(value)))
    first = rows[0].first if rows else 1
    if any(line.strip() and not line.startswith("#") for line in lines[: first - 1]):
        return None
    return rows


def _items(scenes: Node, lines: Sequence[str], end: int) -> list[_Block] | None:
    """One for each item of a list in block style that ends before the line `end`; None where they cannot be told."""
    if not isinstance(scenes, tree.Sequence) or not scenes.items:
        return None
    column = scenes.span.column
    dash = " " * (column - 1) + "-"
    first = scenes.span.line
    starts = [
        number
        for number in range(first, end)
        if lines[number - 1].startswith(dash) and lines[number - 1][column : column + 1] in ("", " ")
    ]
    if len(starts) != len(scenes.items) or starts[0] != first:
        return None
    rows = []
    for place, (start, item) in enumerate(zip(starts, scenes.items, strict=True)):
        upto = starts[place + 1] if place + 1 < len(starts) else end
        if not start <= item.span.line < upto or item.span.end_line > upto:
            return None
        rows.append(_Block(start, item, _count(item)))
    return rows


def _end_of(known: _Known, place: int) -> int:
    """The line behind a block of the top map."""
    return known.blocks[place + 1].first if place + 1 < len(known.blocks) else len(known.lines) + 1


def _difference(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """First and last old line that differ, from 1; the last is before the first where lines were only put in."""
    most = min(len(old), len(new))
    same = 0
    while same < most and old[same] == new[same]:
        same += 1
    tail = 0
    while tail < most - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return same + 1, len(old) - tail


def _with_scenes(old: _Known, items: Sequence[_Block], moved: int) -> Mapping | None:
    """The root with other scenes."""
    assert old.scenes is not None
    key, before = old.root.entries[old.scenes]
    assert isinstance(before, tree.Sequence)
    nodes = [block.content for block in items]
    end = _last_place(nodes)
    if end is None or items[0].first != before.span.line:
        return None
    span = Span(before.span.file, before.span.line, before.span.column, *end)
    scenes = tree.Sequence(tuple(node for node in nodes if not isinstance(node, tuple)), span)
    entries = list(old.root.entries)
    entries[old.scenes] = (key, scenes)
    behind = [_moved(block, moved).content for block in old.blocks[old.scenes + 1 :]]
    entries[old.scenes + 1 :] = [entry for entry in behind if isinstance(entry, tuple)]
    grown = sum(block.count for block in items) - sum(block.count for block in old.items)
    return _root(old, entries, old.count + grown)


def _with_blocks(old: _Known, blocks: Sequence[_Block]) -> Mapping | None:
    """The root with other blocks; None where a key comes twice."""
    entries = [block.content for block in blocks if isinstance(block.content, tuple)]
    if len({key.text for key, _ in entries}) < len(entries) or entries[0][0].span.line != old.root.span.line:
        return None
    return _root(old, entries, sum(block.count for block in blocks) + 1)


def _root(old: _Known, entries: Sequence[tuple[Scalar, Node]], count: int) -> Mapping | None:
    if count > MAX_NODES:
        return None
    last = entries[-1][1].span
    span = Span(last.file, old.root.span.line, old.root.span.column, last.end_line, last.end_column)
    return Mapping(tuple(entries), span)


def _last_place(nodes: Sequence[object]) -> tuple[int, int] | None:
    last = nodes[-1]
    return (last.span.end_line, last.span.end_column) if isinstance(last, Node) else None


def _count(node: Node) -> int:
    if isinstance(node, Scalar):
        return 1
    if isinstance(node, tree.Sequence):
        return 1 + sum(map(_count, node.items))
    return 1 + sum(1 + _count(value) for _, value in node.entries)


def _moved(block: _Block, by: int) -> _Block:
    if not by:
        return block
    if isinstance(block.content, tuple):
        key, value = block.content
        return _Block(block.first + by, (_scalar(key, by), moved(value, by)), block.count)
    return _Block(block.first + by, moved(block.content, by), block.count)


def moved(node: Node, by: int) -> Node:
    """The same tree so many lines further down."""
    if isinstance(node, Scalar):
        return _scalar(node, by)
    if isinstance(node, tree.Sequence):
        return tree.Sequence(tuple(moved(item, by) for item in node.items), _span(node.span, by))
    entries = tuple((_scalar(key, by), moved(value, by)) for key, value in node.entries)
    return Mapping(entries, _span(node.span, by))


def _scalar(scalar: Scalar, by: int) -> Scalar:
    return Scalar(scalar.text, _span(scalar.span, by), scalar.style)


def _span(span: Span, by: int) -> Span:
    return Span(span.file, span.line + by, span.column, span.end_line + by, span.end_column)
