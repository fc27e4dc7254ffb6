"""The tree that YAML text becomes: every node knows its place, every scalar its own spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from storyreel.base.span import Span

Style = Literal["plain", "single", "double", "literal", "folded"]


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A leaf. `text` is what the author means (quotes and folding resolved), never typed: `01` stays `01`."""

    text: str
    span: Span
    style: Style = "plain"

    @property
    def is_null(self) -> bool:
        """True for a plain `null`, `~` or nothing at all."""
        return self.style == "plain" and self.text in ("", "null", "Null", "NULL", "~")


@dataclass(frozen=True, slots=True, eq=False)
class Filled(Scalar):
    """A leaf whose templates are filled: `text` is the outcome, `span` and `style` are those of `source`.

    `pieces` maps the outcome back: (start in `text`, start and end in `source.text`, whether copied letter by letter).
    """

    source: Scalar = field(kw_only=True)
    pieces: tuple[tuple[int, int, int, bool], ...] = field(kw_only=True, default=())

    @property
    def is_null(self) -> bool:
        """True where nothing is left; a name that happens to be `Null` is still a name."""
        return self.text == ""


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Keys in the order of the file; no key twice. `x-` keys are kept here and dropped by `plain`."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span
    _index: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {key.text: i for i, (key, _) in enumerate(self.entries)})

    def get(self, key: str) -> Node | None:
        at = self._index.get(key)
        return None if at is None else self.entries[at][1]

    def key(self, key: str) -> Scalar | None:
        at = self._index.get(key)
        return None if at is None else self.entries[at][0]

    def __contains__(self, key: str) -> bool:
        return key in self._index

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    items: tuple[Node, ...]
    span: Span

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


Node = Scalar | Mapping | Sequence


def written(scalar: Scalar, start: int, end: int) -> tuple[Scalar, int, int]:
    """Offsets in a filled leaf as offsets in the leaf as written; a filled-in word stands for its whole `{{ }}`."""
    if not isinstance(scalar, Filled):
        return scalar, start, end
    if not scalar.pieces:
        return scalar.source, 0, len(scalar.source.text)
    first = next((p for p in reversed(scalar.pieces) if p[0] <= start), scalar.pieces[0])
    last = next((p for p in reversed(scalar.pieces) if p[0] < max(end, start + 1)), first)
    begin = first[1] + start - first[0] if first[3] else first[1]
    stop = last[1] + end - last[0] if last[3] else last[2]
    return scalar.source, begin, max(stop, begin)


Plain = str | None | dict[str, "Plain"] | list["Plain"]


def plain(node: Node) -> Plain:
    """Python values without places: leaves stay text, null is None, `x-` keys are gone."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries if not key.text.startswith("x-")}


def span_at(node: Node, *path: str | int) -> Span:
    """The place of the value at `path`, or of its nearest ancestor that was written."""
    for step in path:
        inner: Node | None = None
        if isinstance(node, Mapping) and isinstance(step, str):
            inner = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            inner = node.items[step]
        if inner is None:
            break
        node = inner
    return node.span
