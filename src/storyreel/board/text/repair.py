"""What a parser's complaint means to the author of a storyboard, and how to read on after it."""

from __future__ import annotations

import re
from dataclasses import replace

from ruamel.yaml.error import MarkedYAMLError

from storyreel.base.diagnostic import error
from storyreel.board.text.brackets import in_brackets
from storyreel.board.text.compose import MAX_NODES
from storyreel.board.text.layout import blank_line_first, comment_inside, indented, no_colon, odd_blank, tab
from storyreel.board.text.lines import Lines
from storyreel.board.text.mend import Broken, Mend, Patch
from storyreel.board.text.scan import MAX_DEPTH, EventParser, Stopped
from storyreel.board.text.signs import JINJA, after_quote, bad_escape, open_quote, reserved, second_colon


def repair(lines: Lines, text: str, parser: EventParser, failure: Exception) -> Mend:
    """Explain what stopped the parser or the composer; `text` is that of `lines` with earlier mends."""
    scanner = parser.scanner
    broken = Broken(lines, text, scanner.begins, tuple(scanner.flow_starts), scanner.last_scalar)
    if isinstance(failure, Stopped):
        return _stopped(replace(broken, open_flows=(-1,)) if failure.is_flow else broken, failure)
    if not isinstance(failure, MarkedYAMLError):
        return bad_escape(broken, scanner.reader.pointer)
    last = max(0, len(text) - 1)
    context, problem = failure.context_mark, failure.problem_mark
    start = min(context if isinstance(context, int) else problem or 0, last)
    at = min(problem if isinstance(problem, int) else start, last)
    odd = odd_blank(broken, at) or odd_blank(broken, start)
    if odd is not None:
        return odd
    jinja = next((opened for opened in broken.open_flows if text.startswith(JINJA, opened)), None)
    if jinja is not None:
        return reserved(broken, jinja)
    return _complaint(broken, str(failure.problem or failure.context), str(failure.context), at, start)


def _complaint(broken: Broken, problem: str, context: str, at: int, start: int) -> Mend:
    """ruamel's words are the only name that its errors have."""
    if "cannot start any token" in problem:
        return tab(broken, at) if broken.text[at] == "\t" else reserved(broken, at)
    if "mapping values are not allowed" in problem:
        return second_colon(broken, at)
    if "entries are not allowed" in problem or "keys are not allowed" in problem:
        return reserved(broken, at)
    if "could not find expected ':'" in problem:
        return no_colon(broken, start)
    if "quoted scalar" in context:
        return open_quote(broken, start) if "found unexpected" in problem else bad_escape(broken, at)
    if "in a block scalar" in problem:
        return blank_line_first(broken, at)
    if "block scalar" in context or "scanning an a" in context:
        return reserved(broken, start)
    return _misplaced(broken, problem, at, start)


def _misplaced(broken: Broken, problem: str, at: int, start: int) -> Mend:
    """Something stands where the parser had to see the end of a collection, or a value."""
    text = broken.text
    is_flow = problem.startswith("expected ','")
    if is_flow and not broken.open_flows:
        broken = replace(broken, open_flows=(start,))
    line_start, _ = broken.lines.bounds(at)
    before = broken.before(at)
    begin = broken.begins.get(before, -1)
    if problem.startswith("expected") and begin >= 0 and text[at] not in ",:]}" and at < len(text) - 1:
        if text[begin] in "\"'" and begin < line_start <= before:
            return open_quote(broken, begin)
        if text[begin] in "\"'" and before > line_start and not (is_flow and text[at] in "\"'"):
            return after_quote(broken, begin, before)
        if not is_flow and before > line_start:
            return reserved(broken, begin)
    if is_flow:
        return in_brackets(broken, at, start)
    if "expected the node content" in problem:
        return in_brackets(broken, at, broken.open_flows[-1]) if broken.open_flows else reserved(broken, at)
    return comment_inside(broken, at) or indented(broken, at)


def _stopped(broken: Broken, failure: Stopped) -> Mend:
    at, lines = failure.at, broken.lines
    end = broken.value_end(at) if at < len(broken.text) else at
    match failure.kind:
        case "jinja":
            is_key = re.match(r"\{\{[^\n]*\}\}[^\n:]*:(?:\s|$)", broken.text[at:end])
            return _no_word(broken, at, end) if is_key and broken.is_first(at) else reserved(broken, at)
        case "blank":
            return odd_blank(broken, at) or indented(broken, at)
        case "escape":
            return bad_escape(broken, at)
        case "alias":
            return _unknown_alias(broken, at)
        case "tag":
            finding = error(
                "SR012",
                "tags have no place in a storyboard",
                lines.span(at, at + len(broken.text[at:end].split()[0])),
                label="`!` begins a tag",
                hints=[f"if it is text, write {broken.quoted(at, end)}"],
            )
            return Mend.sure(finding, Patch(at, end))
        case "directive":
            finding = error("SR015", "a line cannot begin with `%`", lines.span(at, end), hints=["take the line out"])
            return Mend.unsure(finding, broken.without_block(at))
        case "document":
            finding = error(
                "SR014",
                "a second document begins in the same file",
                lines.span(at, at + 3),
                label="`---` ends the first",
                hints=["a file holds one storyboard; move the rest to a file of its own"],
            )
            return Mend.unsure(finding)
        case "key":
            return _no_word(broken, at, end)
    return _too_much(broken, failure)


def _no_word(broken: Broken, at: int, end: int) -> Mend:
    finding = error(
        "SR032",
        "a key must be a word",
        broken.lines.span(at, end),
        label="not a word",
        hints=["a key cannot be a list, a map or a template"],
    )
    return Mend.unsure(finding, broken.without_block(at))


def _unknown_alias(broken: Broken, at: int) -> Mend:
    end = broken.value_end(at)
    name = broken.text[at:end].split()[0]
    if name != broken.text[at:end] or not name[1:].replace("_", "").replace("-", "").isalnum():
        return reserved(broken, at)
    finding = error(
        "SR030",
        f"nothing before this line is named `&{name[1:]}`",
        broken.lines.span(at, end),
        label="`*` repeats a value named with `&`",
        hints=[f"if it is text, write {broken.quoted(at, end)}"],
    )
    return Mend.sure(finding, Patch(at, end))


def _too_much(broken: Broken, failure: Stopped) -> Mend:
    span = broken.lines.span(failure.at, failure.at + 1)
    if failure.kind == "depth":
        finding = error("SR010", f"nested more than {MAX_DEPTH} deep", span, label="too deep")
    else:
        finding = error(
            "SR011",
            f"more than {MAX_NODES:,} values and keys in one file",
            span,
            label="one too many, counting what aliases repeat",
            hints=["split the file: `include` takes scenes from others"],
        )
    return Mend.unsure(finding)
