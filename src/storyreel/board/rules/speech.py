"""How fast people speak, by language, and read: brisk but unhurried, so that a warning means rushed words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

WORDS_A_SECOND: Mapping[str, Fraction] = {
    tag: Fraction(rate)
    for tag, rate in {
        "en": "3.2", "de": "2.7", "nl": "3", "sv": "2.9", "da": "3", "no": "2.9", "fr": "3.3", "es": "3.3", "it": "3.2",
        "pt": "3.1", "ro": "3", "pl": "2.5", "cs": "2.5", "sk": "2.5", "hr": "2.6", "sr": "2.6", "ru": "2.4",
        "uk": "2.4", "bg": "2.6", "el": "2.8", "tr": "2.2", "hu": "2.3", "fi": "2.1", "et": "2.3", "vi": "4",
        "id": "2.7", "ms": "2.7", "hi": "3", "ar": "2.4", "he": "2.5", "fa": "2.8",
    }.items()
}  # fmt: skip
"""Where a language is not listed: 2.8."""

CHARACTERS_A_SECOND: Mapping[str, Fraction] = {
    "zh": Fraction(5), "yue": Fraction(5), "ja": Fraction(7), "ko": Fraction("6.5"), "th": Fraction(12),
}  # fmt: skip
"""Languages that are counted by characters, spaces and marks left out."""

READ_A_SECOND = 20
"""Characters of a caption that are read in a second, blanks counted; of Chinese, Japanese and Korean, half as many."""

_USUAL = Fraction("2.8")
_WORD = re.compile(r"\w+(?:['’.,-]\w+)*")
_LANGUAGES = {
    "arabic": "ar", "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi",
    "french": "fr", "german": "de", "deutsch": "de", "greek": "el", "hindi": "hi", "hungarian": "hu", "italian": "it",
    "japanese": "ja", "korean": "ko", "norwegian": "no", "polish": "pl", "portuguese": "pt", "russian": "ru",
    "spanish": "es", "swedish": "sv", "thai": "th", "turkish": "tr", "ukrainian": "uk", "vietnamese": "vi",
    "mandarin": "zh", "cn": "zh", "jp": "ja", "kr": "ko", "gb": "en", "us": "en", "uk-en": "en",
}  # fmt: skip


def primary(tag: str) -> str:
    """`de` of `de-AT`, in small letters."""
    return re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]


def is_tag(text: str) -> bool:
    """True for `en`, `de-AT`, `zh-Hant` and their like."""
    return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", text) is not None


def tag_meant(text: str) -> str | None:
    """The tag of a language that is written as a word, or of a tag with an underscore."""
    word = text.strip().lower()
    plain = text.strip().replace("_", "-")
    return _LANGUAGES.get(word) or (plain if plain != text and is_tag(plain) else None)


def speaking_time(text: str, tag: str) -> tuple[Fraction, str]:
    """Seconds that a line takes to speak, and the sum behind it: `12 words at 3.2 a second`."""
    language = primary(tag)
    per_character = CHARACTERS_A_SECOND.get(language)
    if per_character is not None:
        count = sum(1 for c in text if c.isalnum())
        return count / per_character, f"{count} characters at {float(per_character):g} a second"
    count = len(_WORD.findall(text))
    rate = WORDS_A_SECOND.get(language, _USUAL)
    return count / rate, f"{count} word{'' if count == 1 else 's'} at {float(rate):g} a second"


def read_columns(text: str) -> int:
    """The width of a text in columns, without blanks at its ends: a letter of East Asia has two."""
    return sum(_columns(letter) for letter in text.strip())


@lru_cache(maxsize=8192)
def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def reading_time(text: str) -> Fraction:
    """Seconds that a caption takes to read."""
    return Fraction(read_columns(text), READ_A_SECOND)
