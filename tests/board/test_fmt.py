"""`fmt`: order and layout, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyreel.board.fmt import FormatRefused, format_board
from storyreel.board.load import parse
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from tests.support.cases import BOARD, SUITE, Case, load_cases

ROOT = Path(__file__).resolve().parents[2]

UNTIDY = """\
# yaml-language-server: $schema=../storyboard.schema.json
# A film.
title:   The Last Lamp      # its name
storyreel: 1
x-note: stays behind storyreel


elements:
    Mara:
        voice: {language: en, tone: low}
        # her face
        image: assets/mara.png
        description: woman, 34
scenes:
- shots:
  - prompt: >-
      The great lamp gutters
      and dies.
    # how long
    duration: 4
    say:
    - {line: "Forty: years", who: Mara}
    # a whisper
    - Mara (whispering): It has never gone dark.
    # nobody else speaks
  id: storm
  # where
  place: 'a lighthouse'
# the next one
- {still: {duration: 3, image: a.png}, id: desk}
- {id: title, card: {duration: 2, title: THE END}}   # the end

music:
  - gain_db: -8
    file: a.wav
# that is all
"""

TIDY = """\
# yaml-language-server: $schema=../storyboard.schema.json
# A film.
storyreel: 1
x-note: stays behind storyreel
title: The Last Lamp      # its name

elements:
  Mara:
    description: woman, 34
    # her face
    image: assets/mara.png
    voice: {tone: low, language: en}
scenes:
  - id: storm
    # where
    place: 'a lighthouse'
    shots:
      # how long
      - duration: 4
        prompt: >-
          The great lamp gutters
          and dies.
        say:
          - {who: Mara, line: "Forty: years"}
          # a whisper
          - Mara (whispering): It has never gone dark.
        # nobody else speaks

  # the next one
  - {id: desk, still: {image: a.png, duration: 3}}
  - {id: title, card: {title: THE END, duration: 2}}   # the end

music:
  - file: a.wav
    gain_db: -8
# that is all
"""


def meaning(node: Node | None) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [meaning(item) for item in node.items]
    return {key.text: meaning(value) for key, value in node} if isinstance(node, Mapping) else None


def assert_kept(text: str) -> str:
    """Formatted, it says the same, has every comment, and is formatted."""
    formatted = format_board(text)
    assert meaning(parse("a", formatted).value) == meaning(parse("a", text).value)
    assert Counter("".join(formatted.split())) == Counter("".join(text.split()))
    assert format_board(formatted) == formatted
    return formatted


def test_an_untidy_board_becomes_a_tidy_one() -> None:
    assert format_board(UNTIDY) == TIDY


def test_formatting_twice_changes_nothing() -> None:
    assert format_board(TIDY) == TIDY


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("storyboards/*.yaml"), *ROOT.glob("templates/*.yaml")]), ids=lambda path: path.name
)
def test_the_examples_keep_their_meaning(path: Path) -> None:
    assert_kept(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", load_cases(SUITE / "language.cases"), ids=str)
def test_broken_boards_keep_their_meaning_too(case: Case) -> None:
    text = case.files[BOARD]
    if not parse(BOARD, text).has_errors:
        assert_kept(text)


def test_blank_lines_between_scenes() -> None:
    scene = "  - id: {}\n    card: {{title: A, duration: 2}}\n"
    text = "storyreel: 1\nscenes:\n" + scene.format("a") + scene.format("b")
    assert format_board(text) == "storyreel: 1\nscenes:\n" + scene.format("a") + "\n" + scene.format("b")


def test_block_scalars_keep_every_line() -> None:
    prompt = "  - prompt: |\n      one\n        two\n\n      three\n"
    text = f"storyreel: 1\nscenes:\n- shots:\n{prompt}    duration: 4\n  id: a\n"
    formatted = assert_kept(text)
    assert "        prompt: |\n          one\n            two\n\n          three\n" in formatted


def test_long_lines_are_not_folded() -> None:
    text = f"storyreel: 1\ntitle: {'long ' * 60}end\nscenes: []\n"
    assert format_board(text) == text


def test_values_on_several_lines_move_as_a_whole() -> None:
    text = "storyreel: 1\nscenes:\n- card: {title: A,\n    duration: 2}\n  note: one\n    two\n  id: a\n"
    expected = "storyreel: 1\nscenes:\n  - id: a\n    note: one\n      two\n    card: {title: A,\n      duration: 2}\n"
    assert format_board(text) == expected


def test_an_alias_stays_below_its_anchor() -> None:
    shot = "      - prompt: &p A sea.\n        duration: 4\n        note: *p\n"
    text = "storyreel: 1\nscenes:\n  - id: a\n    shots:\n" + shot
    assert "prompt: &p A sea." in assert_kept(text)
    blocked = "storyreel: 1\nvars: {a: &a 1}\ntitle: *a\nscenes: []\n"
    assert format_board(blocked) == blocked


def test_a_text_with_windows_line_ends_gets_plain_ones() -> None:
    assert format_board("\ufeffstoryreel: 1\r\nscenes: []\r\n") == "storyreel: 1\nscenes: []\n"


def test_what_does_not_parse_is_refused_with_its_findings() -> None:
    with pytest.raises(FormatRefused) as refused:
        format_board("storyreel: 1\ntitle: @Mara\n", "storyboards/a.yaml")
    assert [found.span.line for found in refused.value.diagnostics] == [2]


LITERAL = "|\n{i}  one\n{i}    two"
WORDS = st.sampled_from(["A sea.", '"@Mara: runs"', "'it''s'", "4", '"{{ ship }}"', LITERAL, "null", ""])
COMMENTS = st.sampled_from(["", "", "", "# a comment", "\n# after a blank", "#one\n\n\n# two"])
ENDS = st.sampled_from(["", "", "  # beside it"])
KEYS = st.sampled_from(["id", "note", "place", "x-own", "prompt", "duration", "shots", "card", "say", "title", "own"])


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0, indent: int = 0) -> list[str]:
    """Lines of a block map, at its indent, with comments wherever they may stand."""
    lines: list[str] = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=4, unique=True)):
        pad = " " * indent
        lines += [pad + row if row else "" for row in draw(COMMENTS).split("\n") if row or lines]
        kind = draw(st.sampled_from(["leaf", "map", "list", "flow"])) if depth < 3 else "leaf"
        step = draw(st.sampled_from([1, 2, 4]))
        if kind == "leaf":
            word = draw(WORDS).replace("{i}", pad)
            lines += f"{pad}{key}: {word}{draw(ENDS) if '|' not in word else ''}".rstrip().split("\n")
        elif kind == "flow":
            lines.append(f"{pad}{key}: {{title: A, duration: [1, {{for: 2, at: 1}}], {draw(KEYS)}: b}}{draw(ENDS)}")
        elif kind == "map":
            lines += [f"{pad}{key}:{draw(ENDS)}", *draw(blocks(depth + 1, indent + step))]
        else:
            lines.append(f"{pad}{key}:{draw(ENDS)}")
            dash = indent + draw(st.sampled_from([0, 2]))
            for _ in range(draw(st.integers(1, 3))):
                lines += [" " * dash + row if row else "" for row in draw(COMMENTS).split("\n") if row]
                inner = draw(blocks(depth + 1, dash + 2))
                first = next(i for i, row in enumerate(inner) if row.strip() and not row.strip().startswith("#"))
                above = [" " * dash + row.strip() for row in inner[:first]]
                lines += [*above, " " * dash + "- " + inner[first].strip(), *inner[first + 1 :]]
    return lines


@settings(max_examples=300, deadline=None)
@given(blocks(), COMMENTS)
def test_any_layout_keeps_its_meaning_and_comments(lines: list[str], tail: str) -> None:
    text = "\n".join(["storyreel: 1", *lines, tail]) + "\n"
    if not parse("a", text).has_errors:
        assert_kept(text)
