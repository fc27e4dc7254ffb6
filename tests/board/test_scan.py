"""Our faster scanner against ruamel's own: the same events at the same places, the same complaints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from storyreel.board.text.scan import EventParser, Stopped

BITS = [
    "a", "b c", "prompt", "-", "- ", "?", "? ", ":", ": ", ",", ", ", "[", "]", "{", "}", "#", " # x", "\n", "\n\n",
    "\n  ", "\n    ", "\n- ", "\n  - ", " ", "  ", "\t", "'", "''", '"', '\\"', "\\n", "\\\n", "|\n", ">\n", "|2-\n",
    "&x ", "*x", "@", "%", "`", "é", "\u00a0", "---", "---\n", "...", "~", "a: b\n", "\n  c: d", "[a, b]", "{a: b}",
]  # fmt: skip
TEXTS = [
    "a: 1\nb:\n- x\n- y: z\n  w:\n-\n",
    "? a\n: b\n? c\n",
    "a: |\n  x\n   y\n\nb: >+\n  one\n  two\n\n   three\n\nc: 'it''s\n  x'\nd: \"a\\\n  b\\u00e9\"\n",
    "[a: b, {c, d: e}, [f]]",
    "a: b: c\n",
    "a: x\n  y\n  # no\n  z\n",
    "--- \na: &x [1]\nb: *x\n...\n",
]


def record(event: Any) -> tuple[Any, ...]:
    start, end = (mark if isinstance(mark, int) else mark.index for mark in (event.start_mark, event.end_mark))
    if type(event).__name__.startswith(("Stream", "DocumentEnd")):
        start = end = 0
    names = ("value", "style", "anchor", "flow_style")
    return (type(event).__name__, start, end, *(getattr(event, name, None) for name in names))


def theirs(text: str) -> list[tuple[Any, ...]]:
    events = []
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            events.append(record(event))  # noqa: PERF401 -- those before a failure are wanted too
    except MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        events.append(("failure", failure.problem, mark.index if mark else None))
    return events


def ours(text: str) -> list[tuple[Any, ...]]:
    events = []
    parser = EventParser(text)
    try:
        while (event := parser.get_event()) is not None:
            events.append(record(event))
    except MarkedYAMLError as failure:
        mark = failure.problem_mark if failure.problem_mark is not None else failure.context_mark
        events.append(("failure", failure.problem, mark))
    return events


def without_end(event: tuple[Any, ...]) -> tuple[Any, ...]:
    is_stray = event[0] == "failure" and "but found" in (event[1] or "")
    return (event[0], "stray", event[2]) if is_stray else event


def same(text: str) -> bool:
    try:
        found = ours(text)
    except Stopped as stopped:
        return stopped.kind in ("tag", "directive", "document")
    wanted = theirs(text)
    # What follows a document is refused by us before its end, by ruamel after it, and in other words.
    assert [without_end(event) for event in found if event[0] != "DocumentEndEvent"] == [
        without_end(event) for event in wanted if event[0] != "DocumentEndEvent"
    ]
    return True


@pytest.mark.parametrize("text", TEXTS)
def test_chosen_texts(text: str) -> None:
    assert same(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(BITS), max_size=25).map("".join))
def test_random_texts(text: str) -> None:
    assert same(text)


def test_our_own_boards() -> None:
    root = Path(__file__).resolve().parents[2]
    files = [*(root / "storyboards").glob("*.yaml"), *(root / "templates").glob("*.yaml")]
    assert all(same(file.read_text(encoding="utf-8")) for file in files)
