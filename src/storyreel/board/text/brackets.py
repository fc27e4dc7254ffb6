"""Brackets that are not closed, closed by the other kind, or without a comma inside."""

from __future__ import annotations

import re

from storyreel.base.diagnostic import Hint, error
from storyreel.board.text.mend import WORD_KEY, Broken, Mend, Patch
from storyreel.board.text.quote import in_quotes

_MARK = re.compile(r"(?<=[\s,\[{:])(?:\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')|(?<=\s)#[^\n]*|[\[\]{}]|\n")


def open_bracket(broken: Broken, start: int) -> Mend:
    """A bracket that is closed by no line of its block."""
    text = broken.text
    _, line_end = broken.lines.bounds(start)
    sign = text[start]
    close = "]" if sign == "[" else "}"
    cut = re.compile(r" #\S.*").search(text, start, line_end)
    hints = [f"add `{close}`"]
    if cut is not None:
        hints = [f"all after ` #` is a comment, the `{close}` too; put the text that holds it in quotes"]
    finding = error(
        "SR027",
        f"the bracket `{sign}` is never closed",
        broken.lines.span(start, start + 1),
        label="opened here",
        hints=hints,
    )
    return Mend.unsure(finding, Patch(start, broken.value_end(start) if not broken.is_in_flow(start) else line_end))


def in_brackets(broken: Broken, at: int, start: int) -> Mend:
    """Something in brackets that no comma leads to; `start` is the bracket."""
    text, lines = broken.text, broken.lines
    sign = text[start]
    if not _is_closed(broken, start):
        return open_bracket(broken, start)
    if text[at] == ",":
        finding = error(
            "SR035",
            "nothing stands before this comma",
            lines.span(at, at + 1),
            label="one comma too many",
            hints=['take it out, or write `""` for an empty text'],
        )
        return Mend.unsure(finding, Patch(at, at + 1, fill=" "))
    if text[at] in "]}":
        finding = error(
            "SR035",
            f"`{sign}` is closed by `{text[at]}`",
            lines.span(at, at + 1),
            label="closes nothing",
            hints=[Hint("opened here", lines.span(start, start + 1))],
        )
        return Mend.unsure(finding)
    begin, _ = broken.last_scalar
    stop = broken.value_end(begin)
    if text[at] == ":" and begin < at:
        finding = error(
            "SR022",
            "a text with `: ` in it needs quotes",
            lines.span(at, at + 1),
            label="YAML takes what stands before it for a second key",
            hints=[f"write {broken.quoted(begin, stop)}"],
        )
        return Mend.sure(finding, Patch(begin, stop))
    finding = error(
        "SR035",
        f"a comma is missing in `{sign}{'}' if sign == '{' else ']'}`",
        lines.span(at, at + 1),
        label="expected `,` before this",
        hints=[f"if it belongs to the text before it, put all of it in quotes, such as {in_quotes('one, two')}"],
    )
    return Mend.unsure(finding)


def _is_closed(broken: Broken, start: int) -> bool:
    """True if brackets balance before a line begins that looks like the next key."""
    text, lines = broken.text, broken.lines
    depth, at = 0, start
    outer = lines.indent(start)
    for found in _MARK.finditer(text, start):
        at = found.start()
        if found[0] in "[{":
            depth += 1
        elif found[0] in "]}":
            depth -= 1
            if depth == 0:
                return True
        elif found[0] == "\n" and at + 1 < len(text):
            indent = lines.indent(at + 1)
            below, below_end = lines.bounds(at + 1)
            is_key = WORD_KEY.match(text, below + indent, below_end)
            if is_key and indent <= outer + 2:
                return False
    return False
