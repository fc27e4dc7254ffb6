"""What was made once is found again by what it was made from."""

from __future__ import annotations

from pathlib import Path

from storyreel.media.shelf import MemoryShelf, Shelf


def test_a_result_is_found_by_its_key_and_only_by_it(tmp_path: Path) -> None:
    shelf: Shelf = MemoryShelf(tmp_path)
    made = shelf.new_file(".mp4")
    made.write_bytes(b"a segment")
    kept = shelf.keep("k1", made)
    assert shelf.find("k1") == kept
    assert kept.read_bytes() == b"a segment"
    assert kept.suffix == ".mp4"
    assert not made.exists()
    assert shelf.find("k2") is None


def test_the_first_of_two_equal_results_stays(tmp_path: Path) -> None:
    shelf = MemoryShelf(tmp_path)
    first, second = shelf.new_file(".wav"), shelf.new_file(".wav")
    assert first != second
    first.write_bytes(b"first")
    second.write_bytes(b"second")
    assert shelf.keep("k", first) == shelf.keep("k", second)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"first"]
