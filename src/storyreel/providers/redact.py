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
_DIRECTIONS = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


def redact(text: str, hidden: Iterable[str] = ()) -> str:
    """One line of at most 500 characters; `hidden` are keys, and words of the request that came back."""
    text = text[:_READ]
    for word in sorted((word for word in hidden if word), key=len, reverse=True):
        text = text.replace(word, "…")
    text = "".join(" " if _is_control(sign) else sign for sign in text[:_CONSIDERED])
    text = _DATA.sub("data:…", text)
    text = _URL.sub(_bare, text)
    text = _BEARER.sub(r"\1 …", text)
    text = _QUOTED.sub("“…”", text)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


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
