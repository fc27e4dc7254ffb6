"""Words into lines: broken between words, inside a word only where nothing else is left, cut at a word. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Measure = Callable[[str], float]

_CJK = (
    "\u2e80-\u2fdf\u3001-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff00-\uff9f"
)
_NO_START = (
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】〙〗ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥!?)\\]},.:;%"
)
_NO_END = "（［｛〔〈《「『【〘〖(\\[{"
_PIECES = re.compile(rf" ?(?:[{_NO_END}]*[{_CJK}][{_NO_START}]*|[^ {_CJK}]+)")
_LONELY = re.compile(r"[!?:;»…–—%]+")
_HYPHENS = "-/–—_.,"
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Lines:
    """A text in lines. `is_broken`: a word was broken inside; `is_cut`: words are missing."""

    lines: tuple[str, ...]
    is_broken: bool = False
    is_cut: bool = False


def wrap(text: str, width: float, measure: Measure, lines: int | None = None) -> Lines:
    """Fill lines of at most `width`; what does not fit into `lines` is cut at a word with an ellipsis."""
    filled: list[str] = []
    is_broken = False
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and measure(line + piece) <= width:
                line += piece
                continue
            if line:
                filled.append(line)
            *broken, line = _broken(piece.lstrip(" "), width, measure, lines)
            filled += broken
            is_broken |= bool(broken)
            if lines is not None and len(filled) > lines:  # what follows is not shown
                break
        filled.append(line)
    while filled and not filled[-1]:
        filled.pop()
    if lines is None or len(filled) <= lines:
        return Lines(tuple(filled), is_broken)
    kept = filled[:lines]
    kept[-1] = _cut(kept[-1], width, measure)
    return Lines(tuple(kept), is_broken, is_cut=True)


def balanced(text: str, width: float, measure: Measure, lines: int | None = None) -> Lines:
    """The same number of lines, of as like a length as words allow."""
    widest = wrap(text, width, measure, lines)
    if widest.is_cut or widest.is_broken or len(widest.lines) < 2:
        return widest
    low, high, best = width / len(widest.lines) / 2, width, widest
    while high - low > max(1.0, width / 200):
        middle = (low + high) / 2
        tried = wrap(text, middle, measure, lines)
        if tried.is_cut or tried.is_broken or len(tried.lines) > len(widest.lines):
            low = middle
        else:
            high, best = middle, tried
    return best


def _pieces(paragraph: str) -> Iterable[str]:
    """What may not be parted: words with their space before, single letters where a script has no spaces."""
    held = ""
    for piece in _PIECES.findall(paragraph):
        # French sets a space before these; alone they must not begin a line, nor may an opening mark end one.
        if held and (_LONELY.fullmatch(piece.strip()) or held.strip() == "«"):
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _broken(word: str, width: float, measure: Measure, most: int | None) -> list[str]:
    """A word in parts no wider than `width`, of one letter at least; after a hyphen where there is one.

    Beyond `most` parts the rest stays in one, since it is not shown.
    """
    parts: list[str] = []
    while measure(word) > width and len(word) > 1 and (most is None or len(parts) <= most):
        low, high = 1, min(len(word) - 1, 1 + int(4 * width * len(word) / measure(word)))
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if measure(word[:middle]) <= width else (low, middle - 1)
        hyphen = max((word.rfind(mark, 1, low) for mark in _HYPHENS), default=-1)
        end = hyphen + 1 if hyphen >= low // 2 and hyphen > 0 else low
        parts.append(word[:end])
        word = word[end:]
    return [*parts, word]


def _cut(line: str, width: float, measure: Measure) -> str:
    words = line.split(" ")
    while len(words) > 1 and measure(_ended(" ".join(words))) > width:
        words.pop()
    last = " ".join(words)
    while len(last) > 1 and measure(_ended(last)) > width:
        last = last[:-1]
    return _ended(last)


def _ended(line: str) -> str:
    return line.rstrip(" ,;:–—-.…\u00a0") + ELLIPSIS
