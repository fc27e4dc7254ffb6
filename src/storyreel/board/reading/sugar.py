"""Short written forms of maps, unfolded into the map that they stand for, with the places of their parts."""

from __future__ import annotations

import re

from storyreel.base.span import Span
from storyreel.board.model import NARRATOR, Effect, Located, Say, Words
from storyreel.board.node import Mapping, Node, Scalar, written

_SPEAKER = re.compile(r"\s*(?P<name>[^():：]*[^():：\s])\s*(?P<marks>(?:\([^()]*\)\s*)*)")
_SPOKEN = re.compile(_SPEAKER.pattern + r"[:：](?=\s|$|[^\x00-\x7f])\s*(?P<line>.*)", re.DOTALL)
_OFF_SCREEN = {"vo": "(V.O.)", "voiceover": "(V.O.)", "os": "(O.S.)", "offscreen": "(O.S.)"}
_LONG_FORM = frozenset({"who", "line", "tone", "file", "at"})


def unfold(of: type[Located], node: Node) -> Node:
    """The map that a short form stands for; the node itself where it is none."""
    if of is Say:
        return _say(node)
    if of is Words and isinstance(node, Scalar):
        return _map(node.span, super=node)
    if of is Effect and isinstance(node, Scalar):
        return _map(node.span, file=node)
    return node


def _say(node: Node) -> Node:
    if isinstance(node, Scalar):
        found = _SPOKEN.fullmatch(node.text)
        return node if found is None else _spoken(node.span, node, found, part_of(node, *found.span("line")))
    if isinstance(node, Mapping):
        if len(node.entries) == 1 and node.entries[0][0].text not in _LONG_FORM:
            key, line = node.entries[0]
            found = _SPEAKER.fullmatch(key.text)
            if found is not None and isinstance(line, Scalar) and not key.text.startswith("x-"):
                return _spoken(node.span, key, found, line)
        elif (who := node.get("who")) is not None and isinstance(who, Scalar):
            found = _SPEAKER.fullmatch(who.text)
            if found is not None and (found["marks"] or found["name"].lower() == NARRATOR):
                return _with_speaker(node, who, found)
    return node


def _spoken(span: Span, speaker: Scalar, found: re.Match[str], line: Scalar) -> Mapping:
    who, tone = _who(speaker, found)
    return _map(span, who=who, tone=tone, line=line)


def _with_speaker(node: Mapping, who: Scalar, found: re.Match[str]) -> Mapping:
    name, tone = _who(who, found)
    entries = [(key, name if key.text == "who" else value) for key, value in node.entries]
    if tone is not None and "tone" not in node:
        entries.append((Scalar("tone", tone.span), tone))
    return Mapping(tuple(entries), node.span)


def _who(speaker: Scalar, found: re.Match[str]) -> tuple[Scalar, Scalar | None]:
    """The name, with `(V.O.)` and `(O.S.)` in their one spelling, and the tone."""
    start, end = found.span("name")
    name = NARRATOR if found["name"].lower() == NARRATOR else found["name"]
    tones: list[str] = []
    for mark in re.findall(r"\(([^()]*)\)", found["marks"]):
        for word in (w.strip() for w in mark.split(",")):
            off_screen = _OFF_SCREEN.get(re.sub(r"[.\s-]", "", word).lower())
            if off_screen is None:
                tones.append(word)
            elif off_screen not in name:
                name += f" {off_screen}"
    tone = ", ".join(t for t in tones if t)
    place = part_of(speaker, start, end).span
    return Scalar(name, place, "double"), Scalar(tone, speaker.span, "double") if tone else None


def part_of(scalar: Scalar, start: int, end: int) -> Scalar:
    """A stretch of a scalar as one of its own; its place is exact on a line without escapes, else the whole of it."""
    text = scalar.text[start:end]
    source, start, end = written(scalar, start, end)
    span, quotes = source.span, 0 if source.style == "plain" else 1
    is_verbatim = (
        source.style in ("plain", "single", "double")
        and span.line == span.end_line
        and span.end_column - span.column == len(source.text) + 2 * quotes
    )
    if is_verbatim:
        first = span.column + quotes
        span = Span(span.file, span.line, first + start, span.line, first + end)
    return Scalar(text, span, "double")


def _map(span: Span, **values: Scalar | None) -> Mapping:
    return Mapping(tuple((Scalar(k, v.span), v) for k, v in values.items() if v is not None), span)
