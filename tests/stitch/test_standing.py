from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from storyreel.stitch.events import TakeShort
from storyreel.stitch.made import Reel
from storyreel.stitch.standing import StandingReels

SHORT = TakeShort("desk", 48, 45)


def stood(root: Path) -> StandingReels:
    """A table in which one reel was noted."""
    file = root / "film.mp4"
    file.write_bytes(b"film")
    table = StandingReels(root / "reels.json", root)
    table.note("film.mp4", "key", Reel("film", file, 48, Fraction(24000, 1001), 64, 36), [file], [SHORT])
    return StandingReels(root / "reels.json", root)


def test_a_reel_stands_as_long_as_its_key_and_its_files_do(tmp_path: Path) -> None:
    table = stood(tmp_path)
    found = table.find("film.mp4", "key")
    assert found == Reel("film", tmp_path / "film.mp4", 48, Fraction(24000, 1001), 64, 36)
    assert table.find("film.mp4", "another") is None
    (tmp_path / "film.mp4").write_bytes(b"another film")
    assert table.find("film.mp4", "key") is None


def test_what_was_said_of_its_takes_is_said_again(tmp_path: Path) -> None:
    assert stood(tmp_path).short("film.mp4") == (SHORT,)
    assert stood(tmp_path).short("another.mp4") == ()


def test_a_broken_table_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "reels.json").write_text("[1")
    assert StandingReels(tmp_path / "reels.json", tmp_path).find("film.mp4", "key") is None
