"""What strangers say, made fit to print: no keys, no signed addresses, no prompts, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 500
"""Characters."""
_READ = 65_536
_CONSIDERED = 8 * LONGEST
_URL = re.compile(r"\b(?:https?|wss?|s3|gs)://[^\s\"'<>]+", re.IGNORECASE)
_DATA = re.compile(r"\bdata:[\w.+-]+/[\w.+-]+[^\s\"'<>]*", re.IGNORECASE)
_BEARER = re.compile(r"\b(Bearer|Key|Token|Basic)\s+[\w.:+/=~-]{8,}", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]{80,}\"|'[^']{80,}'|“[^”]{80,}”")
_SHORTEST_WORDS = 12
_RUN = 5
"""So many words in a row are a quotation."""
_DIRECTIONS = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def redact(text: str, hidden: Iterable[str] = ()) -> str:
    """One line of at most 500 characters; `hidden` are keys, and words of the request that came back."""
    hidden = list(hidden)
    text = text[:_READ]
    for word in sorted((word for word in hidden if 0 < len(word) <= len(text)), key=len, reverse=True):
        # An escape is the same in small letters: %2F is %2f.
        text = re.sub(re.escape(word), "…", text, flags=re.IGNORECASE)
    text = "".join(" " if _is_control(sign) else sign for sign in text[:_CONSIDERED])
    text = _unquoted(text, hidden)
    text = _DATA.sub("data:…", text)
    text = _URL.sub(_bare, text)
    text = _BEARER.sub(r"\1 …", text)
    text = _QUOTED.sub("“…”", text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _unquoted(text: str, hidden: Iterable[str]) -> str:
    """Without runs of words that stand in a hidden text, too: a provider may repeat only a piece of it."""
    known = {run for each in hidden for run in _runs([_plain(word) for word in each.split()])}
    words = text.split(" ")
    plain = [_plain(word) for word in words]
    gone = {at + step for at, run in enumerate(_runs(plain)) if run in known for step in range(_RUN)}
    kept = ["…" if at in gone else word for at, word in enumerate(words) if at not in gone or at - 1 not in gone]
    return " ".join(kept)


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def words_of(value: object) -> list[str]:
    """Every long text inside a JSON value: what a provider may repeat and nobody should print."""
    if isinstance(value, str):
        return [value] if len(value) >= _SHORTEST_WORDS else []
    if isinstance(value, dict):
        return [word for item in value.values() for word in words_of(item)]
    if isinstance(value, list | tuple):
        return [word for item in value for word in words_of(item)]
    return []


def _bare(found: re.Match[str]) -> str:
    scheme, _, rest = found[0].partition("://")
    place = re.split(r"[?#;]", rest, maxsplit=1)[0]
    host, slash, path = place.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _is_control(sign: str) -> bool:
    return sign in _DIRECTIONS or unicodedata.category(sign) in ("Cc", "Cs", "Co")
