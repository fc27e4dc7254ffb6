"""The store: whole files under their digests, and what happens to damaged ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyreel.render.blobs import DamagedBlob
from storyreel.render.store import DiskShelf, DiskStore

KEY = "ab" * 32


def kept(store: DiskStore, data: bytes = b"a take") -> Path:
    file = store.new_file(".mp4")
    file.write_bytes(data)
    return store.path(store.keep(KEY, 1, file, "animatic"))


def test_a_kept_take_is_found_again_by_another_process(tmp_path: Path) -> None:
    kept(DiskStore(tmp_path))
    again = DiskStore(tmp_path)
    record = again.find(KEY, 1)
    assert record is not None
    assert again.path(record).read_bytes() == b"a take"
    assert again.path(record).name == record.digest
    assert not again.has(KEY, 2)


def test_a_kept_file_cannot_be_written_through(tmp_path: Path) -> None:
    assert kept(DiskStore(tmp_path)).stat().st_mode & 0o222 == 0


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path) -> None:
    kept(DiskStore(tmp_path))
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("damage", [b"a tak3", b"a tak"])
def test_a_damaged_take_is_never_handed_out(tmp_path: Path, damage: bytes) -> None:
    file = kept(DiskStore(tmp_path))
    file.chmod(0o644)
    file.write_bytes(damage)
    store = DiskStore(tmp_path)
    record = store.find(KEY, 1)
    if record is not None:  # The same length: only the hash can tell.
        with pytest.raises(DamagedBlob):
            store.path(record)


def test_a_broken_table_entry_is_a_miss(tmp_path: Path) -> None:
    kept(DiskStore(tmp_path))
    (tmp_path / "takes" / "ab" / f"{KEY}.json").write_text("{")
    assert DiskStore(tmp_path).find(KEY, 1) is None


def test_a_damaged_free_result_is_a_miss_and_put_aside(tmp_path: Path) -> None:
    shelf = DiskShelf(DiskStore(tmp_path).blobs)
    file = shelf.new_file(".mp4")
    file.write_bytes(b"segment")
    standing = shelf.keep("cd" * 32, file)
    assert shelf.find("cd" * 32) == standing
    standing.chmod(0o644)
    standing.write_bytes(b"segmenT")
    fresh = DiskShelf(DiskStore(tmp_path).blobs)
    assert fresh.find("cd" * 32) is None
    assert [f.read_bytes() for f in (tmp_path / "quarantine").iterdir()] == [b"segmenT"]


def test_what_a_killed_process_has_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    own, part = store.new_file(".mp4"), store.part("a claim")
    part.write_bytes(b"half a film")
    left = own.with_name(f"{10**8}-left.f32")  # No process has such a number.
    left.touch()
    store.blobs.sweep()
    assert sorted(file for file in (tmp_path / "tmp").iterdir()) == sorted((own, part))
