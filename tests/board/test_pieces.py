"""A text parsed by pieces after an edit is, place by place, the text parsed as a whole."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from storyreel.board.load import parse
from storyreel.board.node import Mapping, Node, Scalar, Sequence
from storyreel.board.text.pieces import Pieces

BOARD = """\
# The board of a test.
storyreel: 1
title: The Last Lamp
elements:
  Mara: {description: "woman, 34"}

scenes:
  # the first
  - id: storm
    shots:
      - {duration: 4, prompt: Rain}
      - duration: 3
        prompt: |
          A lamp,
          burning.

  - id: stairs
    shots:
      - duration: 3
        prompt: "She climbs:
          slowly."
  - {id: end, card: {title: THE END, duration: 1}}
captions: off
"""
EXAMPLES = sorted(Path("storyboards").glob("*.yaml"))
SNIPPETS = (
    "", "\n", " ", "  ", "- ", ": ", "#", " # note", "'", '"', "{", "}", "[", "]", "|", ">", "&a ", "*a", "word", "\t",
    "x: y\n", "\nkey: value", "  - id: fresh\n    shots: [{duration: 3, prompt: Sea}]\n", "---\n", "\n\n", "é",
    "{{ ship }}", "scenes:\n", "      - {duration: 3, prompt: More}\n", "\n# all\n", "- id: flush\n",
    ">+\n   text\n\n\n",
)  # fmt: skip


def written(node: Node | None) -> object:
    """A tree with all places and spellings."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        return (node.text, node.style, node.span)
    if isinstance(node, Sequence):
        return ("list", node.span, [written(item) for item in node.items])
    return ("map", node.span, [(written(key), written(value)) for key, value in node.entries])


def same(pieces: Pieces, text: str) -> None:
    mine, whole = pieces.parse("b.yaml", text), parse("b.yaml", text)
    assert (written(mine.value), mine.diagnostics) == (written(whole.value), whole.diagnostics), text


def test_a_changed_word_leaves_every_other_scene_the_same_node() -> None:
    pieces = Pieces(parse)
    before = pieces.parse("b.yaml", BOARD).value
    after = pieces.parse("b.yaml", BOARD.replace("Rain", "Snow")).value
    assert isinstance(before, Mapping)
    assert isinstance(after, Mapping)
    old, new = before.get("scenes"), after.get("scenes")
    assert isinstance(old, Sequence)
    assert isinstance(new, Sequence)
    assert [a is b for a, b in zip(old.items, new.items, strict=True)] == [False, True, True]
    assert after.get("elements") is before.get("elements")
    assert pieces.again == 1


@pytest.mark.parametrize(
    "edited",
    [
        BOARD.replace("  - id: stairs", "  - id: fresh\n    card: {title: A, duration: 1}\n  - id: stairs"),
        BOARD.replace("captions: off", "  - {id: last, card: {title: B, duration: 1}}\ncaptions: off"),
        BOARD.replace("  # the first\n", ""),
        BOARD.replace('slowly."', "slowly."),
        BOARD.replace("title: The", "title: &t The"),
        BOARD.replace("          burning.\n\n", "          burning.\n\n\n\n# more\n"),
        BOARD.replace("captions: off\n", "captions: off"),
        BOARD.replace("captions: off\n", ""),
        BOARD.replace("  - id: stairs\n    shots:", "  - id: stairs\n    # why\n    shots:"),
        BOARD.replace("title: The Last Lamp\n", "title: >+\n  A\n\n"),
        BOARD.replace("title:", "scenes:"),
    ],
)
def test_edits_of_every_kind_are_as_if_parsed_afresh(edited: str) -> None:
    pieces = Pieces(parse)
    for text in (BOARD, edited, BOARD, edited + "\n", edited):
        same(pieces, text)


def test_any_edits_in_a_row_are_as_if_parsed_afresh() -> None:
    count = 4000 if os.environ.get("STORYREEL_CAMPAIGN") == "full" else 250
    rng = random.Random(7)
    texts = [BOARD, *(file.read_text(encoding="utf-8") for file in EXAMPLES)]
    again = 0
    for _ in range(count // 10):
        text = rng.choice(texts)
        pieces = Pieces(parse)
        for _ in range(10):
            before = text
            start = rng.randrange(len(text) + 1)
            stop = min(len(text), start + rng.choice((0, 0, 1, 3, 12, 80)))
            if rng.random() < 0.3:  # whole lines go, as editors move them
                start, stop = text.rfind("\n", 0, start) + 1, text.find("\n", stop) + 1 or len(text)
            put = rng.choice(SNIPPETS) if rng.random() < 0.8 else text[start:stop][::-1]
            text = text[:start] + put + text[stop:]
            same(pieces, text)
            if rng.random() < 0.6 and parse("b.yaml", text).diagnostics:
                text = before
                same(pieces, text)
        again += pieces.again
    assert again > count // 25, "hardly anything was parsed by pieces: the test shows nothing"
