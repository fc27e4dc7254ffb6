"""Where `@Name` counts."""

from __future__ import annotations

import pytest

from storyreel.board.mentions import mentions, respell

NAMES = ("Mara", "Mara Young", "Old-Man", "小林")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Mara runs", ["Mara"]),
        ("then @Mara.", ["Mara"]),
        ('("@Mara" and [@Old-Man])', ["Mara", "Old-Man"]),
        ("@Mara Young runs", ["Mara Young"]),
        ("@Mara's hand", ["Mara"]),
        ("„@Mara“ «@Mara»", ["Mara", "Mara"]),
        ("「@小林が立つ」", ["小林"]),
        ("mail mara@Mara.org", []),
        ("@@Mara, @ noon, @", []),
        ("@Maras coat", [None]),
        ("@mara", [None]),
        ("line\n@Mara", ["Mara"]),
    ],
)
def test_mentions_begin_words(text: str, found: list[str | None]) -> None:
    assert [name for _, _, name in mentions(text, NAMES)] == found


def test_a_mention_covers_its_name_and_no_more() -> None:
    text = "See @Mira-Lou, and @Mara."
    assert [text[start:end] for start, end, _ in mentions(text, NAMES)] == ["@Mira-Lou", "@Mara"]


def test_respelling_leaves_everything_else_alone() -> None:
    text = "@Mara Young, @Mira, @@Mara, a@b and @Mara's"
    assert respell(text, NAMES, lambda name: f"<{name}>") == "<Mara Young>, @Mira, @Mara, a@b and <Mara>'s"
