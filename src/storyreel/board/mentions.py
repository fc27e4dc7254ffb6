"""`@Name` in an author's words: where elements are mentioned, and what else they may be spelled as."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Mention = tuple[int, int, str | None]
"""Start and end in the text, `@` included, and the declared name; None where no such element is declared."""

_BEGINS = re.compile(r"(?<![^\s(\[{<\"'“”‘’«»„‚‹›「『（【])@")
_LITERAL = re.compile(_BEGINS.pattern + "@")
_UNKNOWN = re.compile(r"\w+(?:-\w+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts that put no space between words, so that a name may be followed by a letter."""


def mentions(text: str, names: Iterable[str]) -> list[Mention]:
    """Every mention in order: `@` at a word's start, longest declared name first; `@@` is a literal, a lone `@` too."""
    if "@" not in text:
        return []
    longest_first = sorted(names, key=len, reverse=True)
    found: list[Mention] = []
    for at in _BEGINS.finditer(text):
        start = at.end()
        name = next((n for n in longest_first if text.startswith(n, start) and _ends(text, start + len(n))), None)
        if name is not None:
            found.append((start - 1, start + len(name), name))
        elif unknown := _UNKNOWN.match(text, start):
            found.append((start - 1, unknown.end(), None))
    return found


def respell(text: str, names: Iterable[str], spell: Callable[[str], str]) -> str:
    """The text with each mention as `spell(name)` has it, and `@@` as the `@` that it stands for."""
    pieces: list[str] = []
    done = 0
    for start, end, name in mentions(text, names):
        pieces += [_LITERAL.sub("@", text[done:start]), text[start:end] if name is None else spell(name)]
        done = end
    return "".join([*pieces, _LITERAL.sub("@", text[done:])])


def _ends(text: str, at: int) -> bool:
    if at >= len(text) or not (text[at].isalnum() or text[at] == "_"):
        return True
    return _UNSPACED.match(text[at]) is not None
