"""The layout of a YAML text: where its maps, lists and leaves begin and end, without what they mean."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.tokens import BlockEntryToken, StreamEndToken

from storyreel.board.text.scan import EventParser


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar or an alias; offsets, the end after its last visible character."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value."""

    start: int
    key_end: int
    value: Part


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list; `start` is its dash, in a flow list its value."""

    start: int
    value: Part


@dataclass(frozen=True, slots=True)
class Branch:
    """A map (of entries) or a list (of items)."""

    start: int
    end: int
    is_flow: bool
    children: tuple[Entry | Item, ...]


Part = Leaf | Branch


def end_of(child: Entry | Item) -> int:
    """Where an entry or an item ends: with its value, or without one with itself."""
    return max(child.value.end, child.key_end if isinstance(child, Entry) else child.start + 1)


def outline(text: str) -> Part | None:
    """The outline of a text that is known to parse; None for an empty one."""
    parser = EventParser(text)
    parser.get_event()
    event = parser.get_event()
    if type(event).__name__ != "DocumentStartEvent":
        return None
    return _Outliner(text, parser, _dashes(text)).part(parser.get_event())


def _dashes(text: str) -> list[int]:
    scanner, found = EventParser(text).scanner, list[int]()
    while not scanner.check_token(StreamEndToken):
        token = scanner.get_token()
        if isinstance(token, BlockEntryToken):
            at: Any = token.start_mark
            found.append(at)
    return found


class _Outliner:
    def __init__(self, text: str, parser: EventParser, dashes: list[int]) -> None:
        self._text = text
        self._next = parser.get_event
        self._dashes = dashes

    def part(self, event: Any) -> Part:
        if isinstance(event, MappingStartEvent):
            return self._map(event)
        if isinstance(event, SequenceStartEvent):
            return self._list(event)
        return Leaf(event.start_mark, event.start_mark + len(self._text[event.start_mark : event.end_mark].rstrip()))

    def _map(self, start: Any) -> Branch:
        entries: list[Entry] = []
        while not isinstance(event := self._next(), MappingEndEvent):
            value = self.part(self._next())
            if value.end <= value.start:  # the parser puts a missing value where the next thing begins
                value = Leaf(*[self._text.find(":", event.end_mark) + 1] * 2)
            entries.append(Entry(event.start_mark, event.end_mark, value))
        return Branch(start.start_mark, self._end(start, event, entries), bool(start.flow_style), tuple(entries))

    def _list(self, start: Any) -> Branch:
        items: list[Item] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            value = self.part(event)
            at = value.start if start.flow_style else self._dashes[bisect_left(self._dashes, value.start) - 1]
            items.append(Item(at, value if value.end > value.start else Leaf(at + 1, at + 1)))
        return Branch(start.start_mark, self._end(start, event, items), bool(start.flow_style), tuple(items))

    def _end(self, start: Any, event: Any, children: list[Any]) -> int:
        """A block ends with its last child; the parser would have it end where the next thing begins."""
        if start.flow_style or not children:
            return int(event.end_mark)
        return end_of(children[-1])
