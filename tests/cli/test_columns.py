"""Rows in columns, as `plan` prints them."""

from __future__ import annotations

from storyreel.cli.columns import columns

ROWS = [
    [("pier", ""), ("reuse", ""), ("8 s", ""), ("made before", "dim")],
    [("灯台", ""), ("missing", "red"), ("12 s", ""), ("bought, and its bytes are not here", "dim")],
]


def lines(width: int, *, has_color: bool = False) -> list[str]:
    return list(columns(ROWS, width, right=frozenset((2,)), has_color=has_color))  # type: ignore[arg-type]


def test_every_column_is_as_wide_as_its_widest_cell_also_of_wide_letters() -> None:
    assert lines(100) == [
        "pier  reuse     8 s  made before",
        "灯台  missing  12 s  bought, and its bytes are not here",
    ]


def test_the_last_column_is_folded_and_stays_in_its_column() -> None:
    assert lines(42)[1:] == [
        "灯台  missing  12 s  bought, and its bytes",
        "                     are not here",
    ]


def test_colours_change_no_width() -> None:
    assert lines(100, has_color=True)[0] == "pier  reuse     8 s  \x1b[2mmade before\x1b[0m"
    assert "\x1b[31mmissing\x1b[0m  12 s" in lines(100, has_color=True)[1]
