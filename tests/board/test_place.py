"""A character of a scalar, found again in the file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.board.load import parse, place_in
from storyreel.board.node import Mapping, Scalar

PLAIN = "a: one {{ ship }} two\n"
WRAPPED = "a: one\n   two\n\n   {{ ship }} three\n"
SINGLE = "a: 'it''s the {{ ship }}'\n"
DOUBLE = 'a: "tab\\t \\u00e9 {{ ship }} \\\n    on"\n'
DOUBLE_WRAPPED = 'a: "one  \n   two {{ ship }}"\n'
LITERAL = "a: |\n    one\n\n      two {{ ship }}\n    three\nb: 1\n"
FOLDED = "a: >-\n  one\n  two\n\n  three {{ ship }}\n   kept\n  last\nb: 1\n"
SHIFTED = "a: |1\n   two {{ ship }}\n"
CRLF = "\ufeffa: >-\r\n  one\r\n  {{ ship }}\r\n"


def scalar_of(text: str) -> Scalar:
    root = parse("board.yaml", text).value
    assert isinstance(root, Mapping)
    scalar = root.get("a")
    assert isinstance(scalar, Scalar)
    return scalar


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (PLAIN, 1, 11),
        (WRAPPED, 4, 7),
        (SINGLE, 1, 18),
        (DOUBLE, 1, 21),
        (DOUBLE_WRAPPED, 2, 11),
        (LITERAL, 4, 14),
        (FOLDED, 5, 12),
        (SHIFTED, 2, 11),
        (CRLF, 3, 6),
    ],
)
def test_a_name_in_a_template_is_found_at_its_own_column(text: str, line: int, column: int) -> None:
    scalar = scalar_of(text)
    start = scalar.text.index("ship")
    span = place_in(text, scalar, start, start + 4)
    assert (span.line, span.column, span.end_line, span.end_column) == (line, column, line, column + 4)


def test_a_stretch_may_run_over_lines() -> None:
    scalar = scalar_of(WRAPPED)
    span = place_in(WRAPPED, scalar, 0, len(scalar.text))
    assert span == scalar.span


def test_an_escape_is_one_character_of_several_columns() -> None:
    scalar = scalar_of(DOUBLE)
    span = place_in(DOUBLE, scalar, scalar.text.index("é"), scalar.text.index("é") + 1)
    assert (span.column, span.end_column) == (11, 17)


def test_the_end_of_a_text_is_a_place_too() -> None:
    span = place_in(PLAIN, scalar_of(PLAIN), 18, 18)
    assert (span.column, span.end_column) == (22, 22)


def test_a_text_that_stands_nowhere_has_the_whole_place() -> None:
    scalar = scalar_of(PLAIN)
    filled = Scalar("one Halcyon two", scalar.span, scalar.style)
    assert place_in(PLAIN, filled, 4, 11) == scalar.span
    assert place_in("", scalar, 0, 1) == scalar.span


@settings(deadline=None)
@given(st.text(st.sampled_from("ab \n\t'\"\\#:é{}-,"), max_size=40), st.sampled_from(["|", ">", "|-", ">+", '"', "'"]))
def test_every_character_is_found_where_it_says_itself(words: str, style: str) -> None:
    if style in "\"'":
        body = words.replace("\\", "\\\\").replace('"', '\\"') if style == '"' else words.replace("'", "''")
        text = f"a: {style}{body}{style}\n"
    else:
        text = f"a: {style}\n" + "".join(f"  {line}\n" for line in words.split("\n"))
    parsed = parse("board.yaml", text)
    if not isinstance(parsed.value, Mapping):
        return
    scalar = parsed.value.get("a")
    assert isinstance(scalar, Scalar)
    lines = text.split("\n")
    for at, letter in enumerate(scalar.text):
        span = place_in(text, scalar, at, at + 1)
        if letter not in " \n\t\\\"'":
            assert lines[span.line - 1][span.column - 1] == letter
            assert (span.end_line, span.end_column) == (span.line, span.column + 1)
