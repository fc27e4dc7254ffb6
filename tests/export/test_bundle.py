"""A bundle: whole, readable anywhere, the same bytes for the same film."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from storyreel.stitch.export.bundle import write_bundle


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x" * 3_000_000)
    for name in ("one.zip", "two.zip"):
        write_bundle(tmp_path / name, {"film.mp4": film, "media/a.mp4": film}, {"film.edl": "TITLE: É\n"})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["film.edl", "film.mp4", "media/a.mp4"]
        assert archive.read("film.edl").decode() == "TITLE: É\n"
        assert archive.getinfo("film.mp4").compress_type == zipfile.ZIP_STORED


def test_a_file_that_cannot_be_read_leaves_the_old_bundle(tmp_path: Path) -> None:
    target = tmp_path / "film.zip"
    write_bundle(target, {}, {"a.txt": "old"})
    with pytest.raises(FileNotFoundError):
        write_bundle(target, {"gone.mp4": tmp_path / "gone.mp4"}, {})
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["a.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.zip"]
