"""Findings about YAML that parses, but hardly says what was meant."""

from __future__ import annotations

import re

from storyreel.base.diagnostic import Diagnostic, Hint, error, warning
from storyreel.base.span import Span
from storyreel.board.node import Scalar
from storyreel.board.text.lines import Lines
from storyreel.board.text.quote import in_quotes

_TYPED = re.compile(
    r"[+-]?\d[\d.]*\s*(?:s|f|K|%)?|\d+[:x/]\d+|true|false|null|~|off|cut|(?:dissolve|fade|wipe|slide) \S+"
)
_CUT = re.compile(r" (?P<rest>#(?:[^\s#]| \d)[^\n]*)")
_SHOWN = 120
"""Characters of an author's text that a message repeats."""

_GLUED = re.compile(r"([a-z_]{1,30}):([^\s:/]{1,60})")
_BEFORE_COMMA = re.compile(r"(?:[:,{\[]\s*([^:,{}\[\]\"']+))?,\s*$")


def without_value(lines: Lines, name: str, start: int, end: int) -> Diagnostic:
    """A key in `{}` that stands from `start` to `end` and has no value, most often after a comma in a text."""
    text = lines.text
    found = _BEFORE_COMMA.search(text, max(0, start - 200), start)
    glued = _GLUED.fullmatch(name)
    if glued is not None:
        hint = f"a blank follows the colon of a key: `{glued[1]}: {glued[2]}`"
        label = "one word, colon and all"
    elif found is not None and not text.startswith(":", end):
        whole = f"{found[1] or '...'}, {name}"
        hint = f"if it belongs to the text before the comma, put both in quotes: `{in_quotes(whole)}`"
        label = "after a comma in `{}` a new key begins"
    else:
        hint = f"write `{name}: ...`, or take it out"
        label = "no value"
    return warning("SR025", f"`{name}` is a key without a value", lines.span(start, end), label=label, hints=[hint])


def cut_off(lines: Lines, end: int, value: str, *, is_flow: bool) -> Diagnostic | None:
    """A plain text that ends at ` #`, unless what follows looks like a comment."""
    cut = _CUT.match(lines.text, end)
    if cut is None or _TYPED.fullmatch(value):
        return None
    if cut["rest"].startswith("# ") and " " not in value:
        return None  # `id: 4b # 2nd floor`: a word and a comment, not a text that goes on
    rest = cut["rest"].rstrip()
    whole = re.split(r"[,}\]]", f"{value} {rest}")[0] if is_flow else f"{value} {rest}"
    return warning(
        "SR024",
        f"the text ends at ` #`: `{_short(rest)}` is a comment",
        lines.span(cut.start("rest"), cut.start("rest") + len(rest)),
        label="not part of the text",
        hints=[
            f"put the text in quotes: `{in_quotes(_short(whole))}`",
            "if it is meant as a comment, put two blanks before `#`",
        ],
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def merged(key: Scalar) -> Diagnostic:
    """The key `<<`."""
    return error(
        "SR013",
        "`<<` does not merge maps in a storyboard",
        key.span,
        label="no such key",
        hints=["write the keys out, or keep what repeats in `vars`, a template or an include"],
    )


def repeated(key: Scalar, first: Scalar) -> Diagnostic:
    """A key that its map has already."""
    return error(
        "SR020",
        f"`{key.text}` is written twice in one map",
        key.span,
        label="the second time",
        hints=[Hint("keep one of them; the first is here", first.span)],
    )


def unused(name: str, span: Span) -> Diagnostic:
    """An anchor that no alias repeats."""
    return warning(
        "SR031",
        f"`&{name}` names a value that nothing repeats",
        span,
        label="not part of the text",
        hints=[f"if `&{name}` is text, put the whole text in quotes; if not, take it out"],
    )
