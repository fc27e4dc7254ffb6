"""Lines break where a reader would break them. Here a letter is one wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.media.wrap import Lines, balanced, wrap


def lines(text: str, width: int, most: int | None = None) -> list[str]:
    return list(wrap(text, width, len, most).lines)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("the great lamp dies", 9, ["the great", "lamp dies"]),
        ("one\ntwo  three", 20, ["one", "two three"]),
        ("", 10, []),
        ("a Donaudampfschiff", 8, ["a", "Donau-", "dampf-", "schiff"]),
        ("light-house keeper", 8, ["light-", "house", "keeper"]),
        ("Encore en retard ?", 16, ["Encore en", "retard ?"]),
        ("il dit « non »", 8, ["il dit", "« non »"]),
        ("10\u00a0km weiter", 7, ["10\u00a0km", "weiter"]),
        ("灯が消えた。海は黒い。", 5, ["灯が", "消えた。", "海は黒い。"]),
        ("船長は「戻るぞ」と", 4, ["船長は", "「戻る", "ぞ」と"]),
        ("今夜は「OK」、と", 5, ["今夜は", "「OK」、", "と"]),
        ("カード、ッと。", 3, ["カー", "ド、ッ", "と。"]),
        ("今夜、灯台の灯が消えた。四十年ぶりに。", 9, ["今夜、灯台の灯が", "消えた。", "四十年ぶりに。"]),
        ("ずっと待っていた", 3, ["ずっと", "待って", "いた"]),
        ("消えたことがなかったのに。", 9, ["消えたことがな", "かったのに。"]),
        ("长夜漫漫，灯塔熄灭了。", 5, ["长夜漫漫，", "灯塔熄灭", "了。"]),
        ("안녕하세요 여러분", 6, ["안녕하세요", "여러분"]),
        ("Rechtsschutzversicherung", 12, ["Rechts-", "schutzversi-", "cherung"]),
        ("Vergißmeinnicht.", 11, ["Vergißmein-", "nicht."]),
    ],
)
def test_where_lines_break(text: str, width: int, expected: list[str]) -> None:
    assert lines(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "most", "expected"),
    [
        ("the great lamp gutters and dies", 10, 2, ["the great", "lamp…"]),
        ("the great lamp, gutters", 16, 1, ["the great lamp…"]),
        ("Donaudampfschifffahrt", 8, 1, ["Donau…"]),
        ("one two", 7, 1, ["one two"]),
        ("one\ntwo\nthree", 9, 2, ["one", "two…"]),
    ],
)
def test_what_does_not_fit_is_cut_at_a_word(text: str, width: int, most: int, expected: list[str]) -> None:
    assert wrap(text, width, len, most).is_cut == (expected != ["one two"])
    assert lines(text, width, most) == expected


def test_balanced_lines_are_of_like_length() -> None:
    assert wrap("In cinemas this autumn only", 22, len).lines == ("In cinemas this autumn", "only")
    assert balanced("In cinemas this autumn only", 22, len).lines == ("In cinemas this", "autumn only")
    assert balanced("single", 22, len) == Lines(("single",))


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Zl", "Zp"]), max_size=60)


@given(WORDS, st.integers(1, 30), st.one_of(st.none(), st.integers(1, 4)))
def test_no_line_is_too_wide_or_too_many(text: str, width: int, most: int | None) -> None:
    for setting in (wrap, balanced):
        found = setting(text, width, len, most)
        assert all(len(line.strip(" ")) <= max(width, 2) for line in found.lines)
        assert most is None or len(found.lines) <= most


@given(WORDS, st.integers(2, 30))
def test_no_letter_is_lost_without_an_ellipsis(text: str, width: int) -> None:
    def letters(words: str) -> str:
        return words.replace(" ", "").replace("\n", "").replace("-", "")

    assert letters("".join(wrap(text, width, len).lines)) == letters(text)
