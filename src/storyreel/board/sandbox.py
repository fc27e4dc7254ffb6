"""Templates without a way out: a checked syntax tree becomes small steps over plain values, counted and bounded.

No Python attribute is ever looked up and nothing is ever called: `product.copy` asks the row for its column. There is
no clock, no chance and no file. Every step is paid for from a fixed allowance, so that time is bounded too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from storyreel.board.jinja.operators import NotKnown
from storyreel.board.jinja.refusal import FillFailed, TemplateRefused
from storyreel.board.jinja.run import Emit, Piece, Run, Step, column_of, data_emit, guarded, name_in, value_emit
from storyreel.board.jinja.values import Value

__all__ = [
    "MAX_TEMPLATE",
    "Expression",
    "FillFailed",
    "NotKnown",
    "Run",
    "Template",
    "TemplateRefused",
    "compile_expression",
    "compile_template",
]

MAX_TEMPLATE = 20_000
"""Characters of one template."""

_WORD = r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*"
_SIMPLE = re.compile(rf"\{{\{{ *(?!(?:not|true|false|none|if|in|is|and|or|else)\b)({_WORD}) *\}}\}}", re.IGNORECASE)
_BARE = re.compile(rf"\s*(?!(?:not|true|false|none|if|in|is|and|or|else)\b)({_WORD})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template. `names` are the names it may ask for, `mentions` its dotted words with their offsets."""

    text: str
    names: frozenset[str]
    mentions: tuple[tuple[str, int, int], ...] = field(repr=False)
    _emits: tuple[Emit, ...] = field(repr=False)

    def fill(self, names: Mapping[str, Value]) -> str:
        """The outcome, at most 64 KiB; raises FillFailed with the place, NotKnown where a mistake is reported."""
        return self.trace(Run(names))[0]

    def trace(self, run: Run) -> tuple[str, tuple[Piece, ...]]:
        """The outcome and where each of its pieces was written; raises as `fill`."""
        out: list[str] = []
        pieces: list[Piece] = []
        for emit in self._emits:
            emit(run, out, pieces)
        return "".join(out), tuple(pieces)


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked bare expression, as in `when: product.price`."""

    text: str
    names: frozenset[str]
    mentions: tuple[tuple[str, int, int], ...] = field(repr=False)
    _step: Step = field(repr=False)

    def evaluate(self, run: Run) -> Value:
        """The value for the names of a run; raises FillFailed, NotKnown."""
        return self._step(run)


@lru_cache(maxsize=8192)
def compile_template(text: str, *, allow_loops: bool = False) -> Template:
    """Check and prepare a template; raises TemplateRefused(message, offset). Boards have no loops, `*.j2` files do.

    Line breaks are `\\n` from here on, and offsets count each as one.
    """
    _check_size(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not allow_loops and "{%" not in text and _SIMPLE.sub("", text).find("{{") < 0:
        return _simple_template(text)
    from storyreel.board.jinja.build import build_template  # Jinja takes 50 ms to import; most boards need none of it

    emits, names, words = build_template(text, allow_loops=allow_loops)
    return Template(text, names, words, emits)


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Check and prepare a bare expression; raises TemplateRefused(message, offset)."""
    _check_size(text)
    text = text.replace("\r", " ")
    simple = _BARE.fullmatch(text)
    if simple is not None:
        step, start, end = _word(simple[1], simple.start(1))
        return Expression(text, frozenset({simple[1].partition(".")[0]}), ((simple[1], start, end),), step)
    from storyreel.board.jinja.build import build_expression  # as above

    step, names, words = build_expression(text)
    return Expression(text, names, words, step)


def _check_size(text: str) -> None:
    if len(text) > MAX_TEMPLATE:
        message = f"this template has {len(text):,} characters; {MAX_TEMPLATE:,} are allowed"
        raise TemplateRefused(message, 0, len(text), code="SR206")


def _simple_template(text: str) -> Template:
    """The short way for text with plain words in braces, which nearly all templates are."""
    emits: list[Emit] = []
    words: list[tuple[str, int, int]] = []
    at = 0
    for found in _SIMPLE.finditer(text):
        if found.start() > at:
            emits.append(data_emit(text[at : found.start()], at, is_exact=True))
        step, start, end = _word(found[1], found.start(1))
        emits.append(value_emit(step, start, end, *found.span()))
        words.append((found[1], start, end))
        at = found.end()
    if at < len(text):
        emits.append(data_emit(text[at:], at, is_exact=True))
    return Template(text, frozenset(word.partition(".")[0] for word, _, _ in words), tuple(words), tuple(emits))


def _word(word: str, start: int) -> tuple[Step, int, int]:
    """The step of `product.look.colour` at an offset."""
    name, *columns = word.split(".")

    def get_word(run: Run) -> Value:
        value, at, owner = name_in(run, name, start), start + len(name) + 1, name
        for column in columns:
            value = column_of(value, column, owner, at)
            at, owner = at + len(column) + 1, f"{owner}.{column}"
        return value

    return guarded(get_word, start, start + len(word)), start, start + len(word)
