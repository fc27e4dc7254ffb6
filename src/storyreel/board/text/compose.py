"""Parser events to nodes, counted on the way in: nothing is built that the limits do not allow."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent

from storyreel.base.diagnostic import Diagnostic
from storyreel.base.span import Span
from storyreel.board.node import Mapping, Node, Scalar, Sequence, Style
from storyreel.board.text.lines import Lines
from storyreel.board.text.mend import EXOTIC, FILL
from storyreel.board.text.place import plain_pieces
from storyreel.board.text.remarks import cut_off, merged, repeated, unused, without_value
from storyreel.board.text.scan import MAX_DEPTH, EventParser, Stopped

MAX_NODES = 50_000
"""Values and keys of one file; an alias counts everything that it repeats."""

MAX_FINDINGS = 200
"""Findings that one file is worth; a film maker mends the first few and looks again."""

_STYLES: dict[str | None, Style] = {None: "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_ODD_EDGE = re.compile(f"^[{EXOTIC}]|[{EXOTIC}]$")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")
_COLON = re.compile(r"[ \t]*:")
_BLANK = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")


@dataclass(slots=True)
class _Anchor:
    span: Span
    node: Node | None = None
    size: int = 0
    height: int = 0
    is_used: bool = False


class Composer:
    """One pass over one text; `mended` is what the parser reads, of equal length as that of `lines`."""

    def __init__(self, lines: Lines, parser: EventParser, mended: str) -> None:
        self.findings: list[Diagnostic] = []
        self.count = 0
        """Values and keys so far."""
        self.is_whole = True
        """False where something was left out of the tree that later stages would miss."""
        self._lines = lines
        self._file = lines.file
        self._text = lines.text
        self._starts = lines.starts
        self._next = parser.get_event
        self._mended = None if mended is lines.text else mended
        self._anchors: dict[str, _Anchor] = {}
        self._all_anchors: list[tuple[str, _Anchor]] = []
        self._deepest = 0
        self._flows = 0
        self._end = (1, 1)

    def document(self) -> Node | None:
        """The only document's root, None for an empty file; raises what the parser raises, and Stopped."""
        self._next()
        root = None
        event = self._next()
        if type(event).__name__ == "DocumentStartEvent":
            root = self._node(self._next(), 1)
            self._next()
        for name, anchor in self._all_anchors:
            if not anchor.is_used:
                self._found(unused(name, anchor.span))
        return root

    def _node(self, event: Any, depth: int) -> Node:
        self._add(1, event.start_mark)
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event, depth)
        if event.anchor is not None:
            return self._anchored(event, depth)
        return self._scalar(event) if kind is ScalarEvent else self._collection(event, depth)

    def _collection(self, event: Any, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Stopped("depth", event.start_mark)
        if depth > self._deepest:
            self._deepest = depth
        self._flows += event.flow_style
        built = self._mapping(event, depth) if type(event) is MappingStartEvent else self._sequence(event, depth)
        self._flows -= event.flow_style
        return built

    def _sequence(self, start: Any, depth: int) -> Sequence:
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        return Sequence(tuple(items), self._span_of(start, event))

    def _mapping(self, start: Any, depth: int) -> Mapping:
        is_flow = start.flow_style
        if is_flow and self._text.startswith("{{", start.start_mark):
            raise Stopped("jinja", start.start_mark, is_flow=self._flows > 1)
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Scalar] = {}
        while type(event := self._next()) is not MappingEndEvent:
            key = self._key(event)
            written = self._next()
            value = self._node(written, depth + 1) if _is_there(written) else self._nothing(event)
            if is_flow and not _is_there(written) and len(self.findings) < MAX_FINDINGS:
                self._found(without_value(self._lines, key.text, event.start_mark, event.end_mark))
            first = seen.setdefault(key.text, key)
            if key.text == "<<" and key.style == "plain":
                self.is_whole = False
                self._found(merged(key))
            elif first is key:
                entries.append((key, value))
            else:
                self._found(repeated(key, first))
        return Mapping(tuple(entries), self._span_of(start, event))

    def _span_of(self, start: Any, end: Any) -> Span:
        """A flow collection ends with its bracket, a block with the last thing in it."""
        if start.flow_style and end.end_mark > end.start_mark:
            self._end = self._place(end.end_mark)
        return Span(self._file, *self._place(_past_anchor(self._text, start)), *self._end)

    def _key(self, event: Any) -> Scalar:
        if type(event) is not ScalarEvent or event.start_mark == event.end_mark or event.anchor is not None:
            is_jinja = self._text.startswith("{{", event.start_mark)
            raise Stopped("jinja" if is_jinja else "key", event.start_mark, is_flow=self._flows > 0)
        self._add(1, event.start_mark)
        key = self._scalar(event)
        if key.style == "plain" and not key.text.isascii() and _ODD_EDGE.search(key.text):
            raise Stopped("blank", event.start_mark)
        if key.style == "plain" and key.text.startswith("@"):
            # Plain text cannot begin so, hence this was mended; what is declared or speaks is named without the sign.
            key = Scalar(key.text[1:], self._lines.span(event.start_mark + 1, event.end_mark))
        return key

    def _nothing(self, key: Any) -> Scalar:
        """The value of a key that has none stands right after its colon."""
        self._add(1, key.start_mark)
        colon = _COLON.match(self._text, key.end_mark)
        self._end = self._place(colon.end() if colon else key.end_mark)
        return Scalar("", Span(self._file, *self._end, *self._end))

    def _scalar(self, event: Any) -> Scalar:
        value, style = event.value, event.style
        start, end = event.start_mark, event.end_mark
        if event.anchor is not None:
            start = min(_past_anchor(self._text, event), end)
        if self._mended is not None and self._mended[start:end] != self._text[start:end]:
            value = self._as_written(self._mended, start, end, style)
        elif style is None:
            if self._text.startswith(" #", end) and len(self.findings) < MAX_FINDINGS:
                cut = cut_off(self._lines, end, value, is_flow=self._flows > 0)
                self.findings += [cut] if cut else []
        elif style in "|>":
            end = start + len(self._text[start:end].rstrip())
        elif style == '"' and _UNWRITABLE.search(value):
            raise Stopped("escape", start)
        self._end = self._place(end)
        return Scalar(value, Span(self._file, *self._place(start), *self._end), _STYLES[style])

    def _as_written(self, mended: str, start: int, end: int, style: str | None) -> str:
        """What a mended scalar says: the text that stands under the letters that were put in its place."""
        self.is_whole = self.is_whole and style is None
        pieces = plain_pieces(mended, start, end)
        return "".join(self._text[at] if sign == FILL else sign for sign, at, _ in pieces)

    def _add(self, count: int, at: int) -> None:
        self.count += count
        if self.count > MAX_NODES:
            raise Stopped("nodes", at)

    def _found(self, finding: Diagnostic) -> None:
        if len(self.findings) < MAX_FINDINGS:
            self.findings.append(finding)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def _anchored(self, event: Any, depth: int) -> Node:
        found = _ANCHOR.match(self._text, event.start_mark)
        end = found.end() if found else event.start_mark
        anchor = _Anchor(self._lines.span(event.start_mark, end))
        self._anchors[event.anchor] = anchor
        self._all_anchors.append((event.anchor, anchor))
        before, self._deepest = self._deepest, depth - 1
        size = self.count
        node = self._scalar(event) if type(event) is ScalarEvent else self._collection(event, depth)
        anchor.size = self.count - size
        anchor.height = self._deepest - (depth - 1)
        anchor.node = node
        self._deepest = max(before, self._deepest)
        return node

    def _alias(self, event: Any, depth: int) -> Node:
        anchor = self._anchors.get(event.anchor)
        if anchor is None or anchor.node is None:
            raise Stopped("alias", event.start_mark, is_flow=self._flows > 0)
        anchor.is_used = True
        self._add(anchor.size, event.start_mark)
        if depth - 1 + anchor.height > MAX_DEPTH:
            raise Stopped("depth", event.start_mark)
        self._deepest = max(self._deepest, depth - 1 + anchor.height)
        self._end = self._place(event.end_mark)
        return anchor.node


def _is_there(event: Any) -> bool:
    return type(event) is not ScalarEvent or event.end_mark > event.start_mark or event.style is not None


def _past_anchor(text: str, event: Any) -> int:
    """Where a node itself begins, after its anchor."""
    start: int = event.start_mark
    if event.anchor is None:
        return start
    found = _ANCHOR.match(text, start)
    blank = _BLANK.match(text, found.end()) if found else None
    return blank.end() if blank else start
