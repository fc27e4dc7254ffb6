"""Lines that do not fit together: indentation, tabs, blanks that are none, missing colons."""

from __future__ import annotations

import re

from storyreel.base.diagnostic import Diagnostic, error
from storyreel.board.text.lines import Lines
from storyreel.board.text.mend import EXOTIC, Broken, Mend, Patch

_MOST = 20
_ODD = re.compile(f"[{EXOTIC}]+")
_ODD_LEAD = re.compile(rf"[ \-]*[{EXOTIC}][{EXOTIC} \-]*")
_ODD_AFTER = re.compile(rf"[ \-]*[\w-]+[{EXOTIC}]*:[{EXOTIC}][{EXOTIC} ]*")
_ODD_BEFORE = re.compile(rf"(?<=[{EXOTIC}]):(?=\s|$)")
_INDENTATION = re.compile(r"[ \t]++(?=[^\n])")
_FIRST = re.compile(r"(?P<dashes>(?:- +)*)(?P<word>[^\s:]+:?)?")


def odd_blank(broken: Broken, at: int) -> Mend | None:
    """A no-break space where the line's layout needs a plain one; None where the line has none there."""
    start, end = broken.lines.bounds(at)
    line = broken.text[start:end]
    if line.isascii():
        return None
    around = _ODD_LEAD.match(line) or _ODD_AFTER.match(line)
    colon = _ODD_BEFORE.search(line)
    if around is not None:
        places = [(start + found.start(), start + found.end()) for found in _ODD.finditer(line, 0, around.end())]
    elif colon is not None:
        places = [(start + len(line[: colon.start()].rstrip(EXOTIC)), start + colon.start())]
    else:
        return None
    first, last = places[0]
    finding = error(
        "SR005",
        f"a {_blank_name(broken.text[first])} stands where YAML needs a plain blank",
        broken.lines.span(first, last),
        label="looks like a blank, but is none",
        hints=["delete it and type a blank"],
    )
    return Mend.sure(finding, *(Patch(a, b, fill=" ") for a, b in places))


def tab(broken: Broken, at: int) -> Mend:
    """A tab between words is read as a blank; one in the indentation leaves the layout to guesswork."""
    text, lines = broken.text, broken.lines
    line_start, line_end = lines.bounds(at)
    if text[line_start:at].strip(" ") or not text[at:line_end].strip(" \t"):
        end = at + len(text[at:]) - len(text[at:].lstrip("\t "))
        finding = error(
            "SR006",
            "a tab stands outside of quotes",
            lines.span(at, end),
            label="tab",
            hints=["write a blank, or put the text in quotes"],
        )
        return Mend.sure(finding, Patch(at, end, fill=" "))
    findings: list[Diagnostic] = []
    for start in lines.starts:
        if start < lines.bounds(at)[0] or len(findings) == _MOST:
            continue
        lead = _INDENTATION.match(text, start)
        if lead is not None and "\t" in lead[0]:
            first = text.index("\t", start)
            finding = error(
                "SR006",
                "a line is indented with a tab",
                lines.span(first, lead.end()),
                label="tab",
                hints=["indent with blanks, two for each level"],
            )
            findings.append(finding)
    return Mend(tuple(findings))


def comment_inside(broken: Broken, at: int) -> Mend | None:
    """A comment between the lines of one text; None where the line above `at` has none."""
    text, lines = broken.text, broken.lines
    above = len(text[:at].rstrip(" \n"))
    start, end = lines.bounds(max(0, above - 1))
    found = re.compile(r"(?:^|(?<= ))#[^\n]*", re.MULTILINE).search(text, start, end)
    _, scalar_end = broken.last_scalar
    if found is None or (scalar_end <= at and not text[scalar_end:at].strip()):
        return None
    finding = error(
        "SR024",
        "a comment stands in the middle of a text",
        lines.span(found.start(), found.end()),
        label="the text ends before this",
        hints=["move the comment above the key, or write `>-` after the key"],
    )
    return Mend.sure(finding, Patch(found.start(), found.end(), fill=" "))


def no_colon(broken: Broken, start: int) -> Mend:
    """A line that is neither `key: value` nor part of a text."""
    raw = broken.text[start : broken.value_end(start)]
    glued = re.match(r"([\w-]+):(?=\S)(.*)", raw)
    split = re.match(r"([\w-]+) (.+)", raw)
    if glued:
        shown, mended = f"{glued[1]}:", f"{glued[1]}: {glued[2]}"
        message = f"a blank is missing after `{shown}`"
    elif split:
        shown, mended = split[1], f"{split[1]}: {split[2]}"
        message = f"`:` is missing after `{shown}`"
    else:
        shown, mended = raw, f"{raw}: ..."
        message = f"`:` is missing after `{raw}`"
    finding = error(
        "SR028",
        message,
        broken.lines.span(start, start + len(shown)),
        label="expected `key: value`",
        hints=[f"write `{mended}`"],
    )
    return Mend.unsure(finding, broken.without_block(start))


def indented(broken: Broken, at: int) -> Mend:
    """A line that lines up with none above it."""
    lines = broken.lines
    start, _ = lines.bounds(at)
    column = lines.indent(at)
    first = _FIRST.match(broken.text, start + column)
    word = (first["dashes"].strip() + " " + (first["word"] or "")).strip() if first else ""
    finding = error(
        "SR029",
        f"`{word}` does not line up with the lines above it",
        lines.span(start + column, start + column + max(1, len(word))),
        label=f"indented by {column}",
        hints=_neighbours(lines, start, column, is_item=word.startswith("-")),
    )
    return Mend.unsure(finding, broken.without_block(at))


def blank_line_first(broken: Broken, at: int) -> Mend:
    """A block of text whose first line is empty but for fewer blanks than the text below it."""
    lines = broken.lines
    above = max(0, broken.lines.bounds(at)[0] - 1)
    start, end = lines.bounds(above)
    finding = error(
        "SR029",
        "a block of text begins with blanks on an empty line",
        lines.span(start, max(end, start + 1)),
        label="sets the indentation of what follows",
        hints=["delete the blanks, or the line"],
    )
    return Mend.unsure(finding)


def _neighbours(lines: Lines, start: int, column: int, *, is_item: bool) -> list[str]:
    """Advice: the indentation among those of the lines above that is nearest to what was written."""
    known: dict[int, str] = {}
    lowest = 1 << 20
    line = lines.place(start)[0] - 1
    for number in range(line, max(0, line - 400), -1):
        begin, end = lines.bounds(lines.starts[number - 1])
        indent = lines.indent(begin)
        first = _FIRST.match(lines.text, begin + indent, end)
        if begin + indent >= end or lines.text[begin + indent] == "#" or indent >= lowest or first is None:
            continue
        lowest = indent
        inner = indent + len(first["dashes"])
        if is_item and first["dashes"]:
            known.setdefault(indent, "- " + (first["word"] or ""))
        elif not is_item and first["word"]:
            known.setdefault(inner, first["word"])
        lowest = min(lowest, indent)
        if indent == 0:
            break
    if not known:
        return []
    best = min(known, key=lambda indent: (abs(indent - column), -indent))
    return [f"indent it by {best}, like `{known[best]}` above"]


def _blank_name(sign: str) -> str:
    return {
        "\u00a0": "no-break space (U+00A0)",
        "\u202f": "narrow no-break space (U+202F)",
        "\u3000": "wide space (U+3000)",
        "\u200b": "zero-width space (U+200B)",
    }.get(sign, f"special space (U+{ord(sign):04X})")
