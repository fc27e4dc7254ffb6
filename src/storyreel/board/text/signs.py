"""Words that YAML reads as something else: reserved signs, a second colon, text after a quote, odd escapes."""

from __future__ import annotations

import re

from storyreel.base.diagnostic import error
from storyreel.board.text.layout import indented, no_colon
from storyreel.board.text.mend import WORD_KEY, Broken, Mend, Patch

JINJA = ("{{", "{%", "{#")

_KEY = re.compile(r"[^\s:#\"'{}\[\],][^:#\"'{}\[\],\n]{0,60}?:(?=\s|$)")
_ESCAPE = re.compile(
    r"\\(?:x[2-7a-fA-F][0-9A-Fa-f]|u(?![dD][89a-fA-F]|00[0189])[0-9A-Fa-f]{4}|"
    r'U000(?!000[0189])[01][0-9A-Fa-f]{4}|[t\tn "/\\_LP])'
)
_SEARCHED = 20_000
"""Characters after which an odd escape in a text of many lines is not looked for."""

_ANY_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")


def reserved(broken: Broken, at: int) -> Mend:
    """A text or a key that begins with a sign such as `@`."""
    text = broken.text
    sign = text[at : at + 2] if text.startswith(JINJA, at) else text[at]
    if sign == "%" and text[at - 1 : at] == "{":
        at, sign = at - 1, "{%"
    span = broken.lines.span(at, at + len(sign))
    shown = "a backtick" if sign == "`" else f"`{sign}`"
    label = f"YAML keeps {shown} for itself"
    key = _KEY.match(text, at)
    if key is not None and sign not in "[|>-" and broken.is_first(at) and not broken.is_in_flow(at):
        name = key[0][:-1]
        mended = f"write `{name[1:]}:`" if sign == "@" else f'write `"{name}":`'
        finding = error("SR021", f"a key that begins with {shown} needs quotes", span, label=label, hints=[mended])
        return Mend.sure(finding, Patch(at, at + len(name)))
    end = broken.value_end(at)
    finding = error(
        "SR021",
        f"a text that begins with {shown} needs quotes",
        span,
        label=label,
        hints=[f"write {broken.quoted(at, end)}"],
    )
    return Mend.sure(finding, Patch(at, end))


def second_colon(broken: Broken, at: int) -> Mend:
    """`key: text: text`, the colon at `at` being one too many; or what only looks like it."""
    text = broken.text
    start, end = broken.last_scalar
    line_start, line_end = broken.lines.bounds(at)
    first_word = line_start + broken.lines.indent(at)
    if text[start] in "\"'" and broken.begins.get(end) == start and start >= line_start:
        return after_quote(broken, start, end)
    if start < line_start and WORD_KEY.match(text, first_word, line_end):
        return no_colon(broken, start) if broken.is_first(start) else indented(broken, first_word)
    begin = max(start, first_word)
    stop = broken.value_end(begin)
    hint = f"write {broken.quoted(begin, stop)}"
    if start < line_start:
        hint = "write `>-` after the key and the text on the lines below it, indented"
    finding = error(
        "SR022",
        "a text with `: ` in it needs quotes",
        broken.lines.span(at, at + 1),
        label="YAML takes what stands before it for a second key",
        hints=[hint],
    )
    return Mend.sure(finding, Patch(begin, stop))


def after_quote(broken: Broken, begin: int, end: int) -> Mend:
    """Words after a closing quote: `"Stop!" she says`; the quote stands from `begin` to `end`."""
    text = broken.text
    stop = max(broken.value_end(begin), broken.value_end(end))
    stray = end + len(text[end:stop]) - len(text[end:stop].lstrip())
    stop = max(stop, stray + 1)
    finding = error(
        "SR023",
        "text goes on after the closing quote",
        broken.lines.span(stray, stop),
        label="after the quote",
        hints=[f"put all of it in quotes: {broken.quoted(begin, stop)}"],
    )
    return Mend.sure(finding, Patch(begin, stop))


def open_quote(broken: Broken, start: int) -> Mend:
    """A quote that is not closed, or closed by the next line's quote."""
    earlier = broken.begins.get(start)
    if earlier is not None and earlier < broken.lines.bounds(start)[0]:
        start = earlier
    end = broken.value_end(start)
    mark, inside = broken.text[start], broken.text[start + 1 : end]
    if mark == "'" and re.match(r"\w", inside):
        hint = f"if it is an apostrophe, write {broken.quoted(start, end)}"
    else:
        hint = f"close it: `{mark}{inside}{mark}`"
    finding = error(
        "SR026",
        f"the quote `{mark}` is never closed",
        broken.lines.span(start, start + 1),
        label="opened here",
        hints=[hint],
    )
    if broken.is_in_flow(start):
        return Mend.unsure(finding, broken.without_block(broken.open_flows[0]))
    return Mend.sure(finding, Patch(start, start + 1, fill=" "), Patch(start + 1, max(end, start + 1)))


def bad_escape(broken: Broken, at: int) -> Mend:
    """A backslash in double quotes, with a letter that no escape has, or one for a character that cannot be."""
    start, end = broken.lines.bounds(at)
    wrong = (
        _wrong_escapes(broken.text, start, end) or _wrong_escapes(broken.text, at, at + _SEARCHED)[:1] or [(at, at + 2)]
    )
    where, stop = wrong[0]
    if stop - where > 2:
        is_half = re.match(r"\\u[dD][89a-fA-F]", broken.text[where:stop]) is not None
        label, hint = "a character that nobody can see", "take it out"
        if is_half:
            label, hint = "half a character", "write the character itself, or its `\\U` with eight digits"
    else:
        label, hint = (
            "a backslash begins an escape such as `\\n`",
            "write two backslashes, or put the text in single quotes",
        )
    finding = error(
        "SR033",
        f"`{broken.text[where:stop]}` cannot stand in double quotes",
        broken.lines.span(where, stop),
        label=label,
        hints=[hint],
    )
    return Mend.unsure(finding, *(Patch(*escape) for escape in wrong))


def _wrong_escapes(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found = _ANY_ESCAPE.finditer(text, start, end)
    return [escape.span() for escape in found if not _ESCAPE.match(text, escape.start())]
