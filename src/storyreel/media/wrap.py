"""Words into lines: between words, inside a word only where nothing else is left, cut at a word. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Measure = Callable[[str], float]

_CJK = (
    "\u2e80-\u2fdf\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff9f\U00020000-\U0003ffff"
)
"""Scripts whose lines may end between any two letters. Korean sets spaces between its words."""
_NO_START = (
    "、。，．・：；？！゛゜ヽヾゝゞ々〻ー～〜）］｝〕〉》」』】〙〗〟｡｣､･ｰﾞﾟ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ"
    "…‥!?)]},.:;%‰℃°’”›»"
)
"""What may not begin a line."""
_NO_END = "（［｛〔〈《「『【〘〖〝｢([{‘“‹«っッｯ"
"""What may not end one: what opens, and the small sign that belongs to the sound after it."""
_PIECES = re.compile(rf" ?(?:[{_CJK}]|[^ {_CJK}]+)")
_KANA = re.compile("[\u3041-\u30ff]")
_HIRAGANA, _KATAKANA = re.compile("[\u3041-\u309f]"), re.compile("[\u30a1-\u30fa\u30fc-\u30ff]")
_KANJI = re.compile("[\u3005\u3400-\u4dbf\u4e00-\u9fff]")
_LETTER = re.compile("[\u3005\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_LONGEST_PHRASE = 8
"""Letters after which a line may end anywhere."""
_LONELY = re.compile(r"[!?:;»›…–—%]+")
_SEPARATORS = "-/–—_.,"
_VOWELS = frozenset("aeiouyäöüàâæèéêëîïôœùûáíóúåøąęěůıаеёиоуыэюяєіїαεηιουωάέήίόύώ")
_UNPARTED = ("sch", "ch", "ck", "ph", "sh", "th", "qu", "rh", "gh", "cz", "sz", "rz")
_SHORTEST = 3
"""Letters that a part of a word has at least."""
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
        for piece in pieces(paragraph):
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


def pieces(paragraph: str) -> Iterator[str]:
    """What may not be parted: words with their space before, single letters where a script has no spaces."""
    held = ""
    is_japanese = _KANA.search(paragraph) is not None
    for piece in _PIECES.findall(paragraph):
        if held and (_clings(held, piece) or (is_japanese and _goes_on(held, piece))):
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


def _clings(held: str, piece: str) -> bool:
    """Whether a line may not end between the two."""
    if piece.startswith(" "):
        # French sets a space before these; alone they must not begin a line, nor may an opening mark end one.
        return _LONELY.fullmatch(piece[1:]) is not None or held.strip() in ("«", "‹")
    return piece[0] in _NO_START or held[-1] in _NO_END


def _goes_on(held: str, piece: str) -> bool:
    """Whether a Japanese phrase goes on: signs or a foreign word, and the kana that end it."""
    if len(held) >= _LONGEST_PHRASE:
        return False
    if _HIRAGANA.match(piece):
        return _LETTER.match(held[-1]) is not None
    return any(script.match(held[-1]) and script.match(piece) for script in (_KATAKANA, _KANJI))


def _broken(word: str, width: float, measure: Measure, most: int | None) -> list[str]:
    """A word in parts no wider than `width`, of one letter at least; between syllables where they can be told.

    Beyond `most` parts the rest stays in one, since it is not shown.
    """
    parts: list[str] = []
    while measure(word) > width and len(word) > 1 and (most is None or len(parts) <= most):
        low, high = 1, min(len(word) - 1, 1 + int(4 * width * len(word) / measure(word)))
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if measure(word[:middle]) <= width else (low, middle - 1)
        part, rest = _parted(word, low, width, measure)
        parts.append(part)
        word = rest
    return [*parts, word]


def _parted(word: str, most: int, width: float, measure: Measure) -> tuple[str, str]:
    """The beginning of a word, of at most `most` letters, and what is left of it."""
    separator = max((word.rfind(mark, 1, most) for mark in _SEPARATORS), default=-1)
    if separator >= most // 2 and separator > 0:
        return word[: separator + 1], word[separator + 1 :]
    for end in range(most, max(_SHORTEST, most // 3) - 1, -1):
        if _is_between_syllables(word, end) and measure(word[:end] + "-") <= width:
            return word[:end] + "-", word[end:]
    end = most
    while end > 1 and (word[end - 1] in _NO_END or word[end] in _NO_START or unicodedata.combining(word[end])):
        end -= 1
    end = end if end > 1 else most
    return word[:end], word[end:]


def _is_between_syllables(word: str, at: int) -> bool:
    """Whether a syllable begins at a letter: with a consonant before a vowel, whatever the language."""
    if at < _SHORTEST or len(word) - at < _SHORTEST or not word[at - 1 : at + 2].isalpha():
        return False
    after = word[at:].lower()
    onset = next((sign for sign in _UNPARTED if after.startswith(sign)), after[0])
    if after[0] in _VOWELS or after[len(onset) : len(onset) + 1] not in _VOWELS:
        return False
    # Not inside one of those: the `h` of `ch` begins nothing.
    return not any(word[at - i : at - i + len(sign)].lower() == sign for sign in _UNPARTED for i in range(1, len(sign)))


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
