"""Words that went and words that came."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.plan.words import likeness, word_changes


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("a black sea", "a black sea", "a black sea"),
        ("a black sea", "a red sea", "a [-black-]{+red+} sea"),
        ("It goes black.", "It dies.", "It [-goes black-]{+dies+}."),
        ("", "new words", "{+new words+}"),
        ("old words", "", "[-old words-]"),
        ("the end", "the very end", "the {+very +}end"),
        ("one two", "one  two", "one  two"),
        ("Heiß um sechs", "Heiß um sieben", "Heiß um [-sechs-]{+sieben+}"),
    ],
)
def test_marks(old: str, new: str, marked: str) -> None:
    signs = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}
    assert "".join(f"{signs[kind][0]}{text}{signs[kind][1]}" for kind, text in word_changes(old, new)) == marked


TEXTS = st.text(alphabet="ab ,\n", max_size=40)


def letters(text: str) -> str:
    return "".join(text.split())


@given(TEXTS, TEXTS)
def test_no_letter_is_lost(old: str, new: str) -> None:
    pieces = word_changes(old, new)
    assert letters("".join(piece for kind, piece in pieces if kind != "new")) == letters(old)
    assert letters("".join(piece for kind, piece in pieces if kind != "old")) == letters(new)


def test_a_text_of_one_word_over_and_over_takes_no_time() -> None:
    begin = process_time()
    word_changes("word " * 10_000, "other " + "word " * 9_000 + "other")
    assert likeness("word " * 10_000, "word " * 10_000) == 1
    assert process_time() - begin < 30
