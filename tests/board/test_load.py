"""From text to nodes: what is read, where it stands, and what is said about mistakes."""

from __future__ import annotations

import pytest

from storyreel.base.span import Span
from storyreel.board.load import load, parse
from storyreel.board.node import Mapping, Node, Scalar, Sequence, plain
from storyreel.board.source import MAX_TEXT, MemorySource
from tests.support.cases import BOARD, SUITE, Case, assert_case, load_cases


def tree(text: str) -> Mapping:
    """The root of a text without mistakes."""
    parsed = parse("a.yaml", text)
    assert parsed.diagnostics == ()
    assert isinstance(parsed.value, Mapping)
    return parsed.value


def mended(text: str) -> Mapping:
    """The root of a text whose mistakes leave no doubt."""
    parsed = parse("a.yaml", text)
    assert parsed.has_errors
    assert isinstance(parsed.value, Mapping)
    return parsed.value


def place(node: Node | None) -> tuple[int, int, int, int]:
    assert node is not None
    return node.span.line, node.span.column, node.span.end_line, node.span.end_column


@pytest.mark.parametrize("case", load_cases(SUITE / "syntax.cases"), ids=str)
def test_syntax(case: Case) -> None:
    assert_case(case, load(MemorySource(case.files), BOARD).diagnostics)


def test_values_keep_their_spelling() -> None:
    root = tree("a: 01\nb: 29.90\nc: no\nd: 16:9\ne: 1_000\nf: 2024-01-01\ng: '~'\nh: ~\ni:\nj: |\n  x\n")
    assert plain(root) == {
        "a": "01",
        "b": "29.90",
        "c": "no",
        "d": "16:9",
        "e": "1_000",
        "f": "2024-01-01",
        "g": "~",
        "h": None,
        "i": None,
        "j": "x\n",
    }


def test_lists_may_stand_below_their_key() -> None:
    assert plain(tree("a:\n- 1\n- b: 2\n  c: 3\n-\nd: []\n")) == {"a": ["1", {"b": "2", "c": "3"}, None], "d": []}


def test_every_node_knows_its_place() -> None:
    root = tree('a:\n  b: "x y"\n  c: [1, {d: 2}]\n  e: >-\n    one\n    two\n\nf: three\n  four\n')
    inner = root.get("a")
    assert isinstance(inner, Mapping)
    assert place(root) == (1, 1, 9, 7)
    assert place(inner) == (2, 3, 6, 8)
    assert place(inner.key("b")) == (2, 3, 2, 4)
    assert place(inner.get("b")) == (2, 6, 2, 11)
    assert place(inner.get("c")) == (3, 6, 3, 17)
    listed = inner.get("c")
    assert isinstance(listed, Sequence)
    assert place(listed.items[1]) == (3, 10, 3, 16)
    assert place(inner.get("e")) == (4, 6, 6, 8)
    assert place(root.get("f")) == (8, 4, 9, 7)


def test_a_value_that_is_not_there_stands_after_its_colon() -> None:
    assert place(tree("a:\nb: 1\n").get("a")) == (1, 3, 1, 3)


def test_an_alias_is_the_value_it_names() -> None:
    root = tree("a: &x  {b: 1}\nc: *x\nd: &y text\ne: [*y, *x]\n")
    assert root.get("c") is root.get("a")
    assert place(root.get("a")) == (1, 8, 1, 14)
    assert place(root.get("d")) == (3, 7, 3, 11)
    assert plain(root) == {"a": {"b": "1"}, "c": {"b": "1"}, "d": "text", "e": ["text", {"b": "1"}]}


def test_line_breaks_and_byte_order_mark_move_no_column() -> None:
    for text in ("\ufefftitle: x\r\nb: @y\r\n", "title: x\rb: @y\r"):
        parsed = parse("a.yaml", text)
        assert [str(found.span) for found in parsed.diagnostics] == ["a.yaml:2:4"]
    assert place(tree("\ufefftitle: x\r\n").get("title")) == (1, 8, 1, 9)


def test_what_is_mended_says_what_was_written() -> None:
    root = mended('a: @Mara runs\n  on\nb: "Stop!" she says  # c\nc: {d: x: y}\n@e: "open\nf: {{ g }} h\n')
    assert plain(root) == {
        "a": "@Mara runs on",
        "b": '"Stop!" she says',
        "c": {"d": "x: y"},
        "e": "open",
        "f": "{{ g }} h",
    }
    assert place(root.get("a")) == (1, 4, 2, 5)
    assert place(root.key("e")) == (5, 2, 5, 3)
    assert place(root.get("f")) == (6, 4, 6, 13)


def test_what_is_in_doubt_leaves_no_tree() -> None:
    assert parse("a.yaml", "a: 1\nb 2\n").value is None
    assert parse("a.yaml", "a: [1\nb: 2\n").value is None


def test_the_first_of_two_keys_counts() -> None:
    assert plain(mended("a: 1\na: 2\n")) == {"a": "1"}


def test_a_missing_file_is_found_where_it_is_named() -> None:
    named = Span("storyboards/a.yaml", 3, 11, 3, 22)
    (found,) = load(MemorySource({}), "acts/b.yaml", named).diagnostics
    assert (found.code, found.span, found.message) == ("SR001", named, "there is no file `acts/b.yaml`")
    (found,) = load(MemorySource({"acts/bb.yaml": ""}), "acts/b.yaml").diagnostics
    assert str(found.span) == "acts/b.yaml:1:1"
    assert found.hints[0].text == "did you mean `acts/bb.yaml`?"


def test_a_refused_file_says_why() -> None:
    source = MemorySource({"big.yaml": "a" * (MAX_TEXT + 1)})
    messages = [load(source, path).diagnostics[0].message for path in ("../x.yaml", "big.yaml")]
    assert messages == [
        "`../x.yaml` goes up with `..`; write it relative to the project's root",
        "`big.yaml` is too large: 1,048,577 bytes, at most 1,048,576",
    ]


def test_the_first_byte_that_is_not_utf8_is_named() -> None:
    source = MemorySource({"a.yaml": b"\xef\xbb\xbftitle: x\r\nplace: T\xfcr\r\n"})
    (found,) = load(source, "a.yaml").diagnostics
    assert (found.code, str(found.span), found.message) == ("SR003", "a.yaml:2:9", "byte 0xfc is not UTF-8")


def test_a_truncated_character_at_the_end_is_no_traceback() -> None:
    (found,) = load(MemorySource({"a.yaml": b"title: \xe2\x82"}), "a.yaml").diagnostics
    assert (found.code, str(found.span)) == ("SR003", "a.yaml:1:8")


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\ufeff", "\uffff"])
def test_characters_that_cannot_be_seen_are_named(sign: str) -> None:
    parsed = parse("a.yaml", f"title: a\nplace: b{sign}c\n")
    (found,) = parsed.diagnostics
    assert (found.code, str(found.span)) == ("SR004", "a.yaml:2:9")
    assert f"U+{ord(sign):04X}" in found.message


@pytest.mark.parametrize(
    ("line", "column", "name"),
    [
        ("title\u00a0: x", 6, "no-break space (U+00A0)"),
        ("title\u202f: x", 6, "narrow no-break space (U+202F)"),
        ("title:\u00a0x", 7, "no-break space"),
        ("\u00a0title: x", 1, "no-break space"),
        ("\u3000title: x", 1, "wide space"),
        ("title\u200b: x", 6, "zero-width space"),
        ("title\u2003: x", 6, "special space (U+2003)"),
    ],
)
def test_blanks_that_are_none_are_named_where_the_layout_needs_one(line: str, column: int, name: str) -> None:
    parsed = parse("a.yaml", f"storyreel: 1\n{line}\n")
    (found,) = [found for found in parsed.diagnostics if found.code == "SR005"]
    assert str(found.span) == f"a.yaml:2:{column}"
    assert name in found.message


def test_no_break_spaces_in_the_indentation_are_mended() -> None:
    root = mended("shots:\n  - prompt: She runs.\n  \u00a0\u00a0duration: 4\n")
    assert plain(root) == {"shots": [{"prompt": "She runs.", "duration": "4"}]}


def test_no_break_spaces_in_a_text_are_welcome() -> None:
    assert plain(tree("a: Elle dit\u00a0«\u202fviens\u202f»\nb: >-\n  \u00a0: x\n")) == {
        "a": "Elle dit\u00a0«\u202fviens\u202f»",
        "b": "\u00a0: x",
    }


def test_no_more_is_said_than_anybody_reads() -> None:
    assert len(parse("a.yaml", "a: \0\n" * 500).diagnostics) == 20
    assert len(parse("a.yaml", "- @x\n" * 500).diagnostics) <= 25
    assert len(parse("a.yaml", "a: {" + "b,c," * 500 + "}\n").diagnostics) == 200


def test_scalar_style_is_kept() -> None:
    root = tree("a: x\nb: 'x'\nc: \"x\"\nd: |\n  x\ne: >\n  x\n")
    styles = [value.style for _, value in root if isinstance(value, Scalar)]
    assert styles == ["plain", "single", "double", "literal", "folded"]
