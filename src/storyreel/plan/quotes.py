"""Prices that a seller was asked for: what it would take for a request, whatever its words and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storyreel.base.digest import digest_of_value
from storyreel.base.money import Usd

QUOTING = frozenset({"lumenfall"})
"""Sellers, as the catalog lists them, that are known to price a request without making it; another might make it."""
_WORDS = frozenset({"prompt", "negative_prompt", "multi_prompt"})
"""How a take is cut into shots is words, too: seconds are bought in all."""
FILES = ("asset:", "frame:", "voice:")
"""How a text in a lowered body begins that stands for a file."""


@dataclass(frozen=True, slots=True)
class Quote:
    usd: Usd
    """Of one take."""
    day: str
    """When it was asked for, as ISO 8601 has it."""


def question(url: str, body: Mapping[str, Any]) -> str:
    """Equal for requests that cost the same: a digest of all but the words and which files go along."""
    return digest_of_value([url, _bare(body)])


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _bare(each) for key, each in value.items() if key not in _WORDS}
    if isinstance(value, list | tuple):
        return [_bare(each) for each in value]
    return "" if isinstance(value, str) and value.startswith(FILES) else value
