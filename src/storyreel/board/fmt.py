"""A board's text in canonical key order and layout; what it means, and every comment, stays."""

from __future__ import annotations

from collections import Counter

from storyreel.base.diagnostic import Diagnostic
from storyreel.board.layout.arrange import Arrangement, AsItIs
from storyreel.board.layout.outline import outline
from storyreel.board.load import parse
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.text.lines import normalized


class FormatRefused(Exception):
    """The text does not parse; `diagnostics` say why."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{len(diagnostics)} findings")
        self.diagnostics = diagnostics


def format_board(text: str, path: str = "board.yaml") -> str:
    """The text as `fmt` writes it: keys in order, two spaces, a blank line between scenes; raises FormatRefused.

    Comments, quotes, block scalars, anchors and the order of lists stay, and formatting twice changes nothing. A layout
    that cannot be moved without touching its meaning is returned as it is.
    """
    text = normalized(text)
    before = parse(path, text)
    errors = tuple(d for d in before.diagnostics if d.is_error)
    if errors or before.value is None:
        if errors:
            raise FormatRefused(errors)
        return text
    for is_sorted in (True, False):  # an alias may need its anchor above it: then the order stays
        formatted = _arranged(text, is_sorted=is_sorted)
        if formatted is not None and _says_the_same(path, text, before.value, formatted):
            return formatted
    return text


def _arranged(text: str, *, is_sorted: bool) -> str | None:
    root = outline(text)
    try:
        return None if root is None else Arrangement(text, is_sorted=is_sorted).arrange(root)
    except AsItIs:
        return None


def _says_the_same(path: str, text: str, meaning: Node, formatted: str) -> bool:
    if _signs(text) != _signs(formatted):
        return False
    after = parse(path, formatted)
    return after.value is not None and not after.has_errors and _content(after.value) == _content(meaning)


def _signs(text: str) -> Counter[str]:
    """Every visible character, so that a lost comment is noticed too."""
    signs = Counter(text)
    for blank in " \t\n":
        signs.pop(blank, None)
    return signs


def _content(node: Node) -> object:
    """What a node says: keys without order, leaves with their quotes."""
    if isinstance(node, Scalar):
        return node.style, node.text
    if isinstance(node, Sequence):
        return [_content(item) for item in node.items]
    assert isinstance(node, Mapping)
    return {key.text: _content(value) for key, value in node.entries}
