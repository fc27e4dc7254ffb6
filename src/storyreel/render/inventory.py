"""What lies in a store's folder, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def blob_file(root: Path, digest: str) -> Path:
    """Where bytes of that digest stand, if they are here."""
    return root / "cas" / digest[:2] / digest


def blob_files(root: Path) -> Iterator[Path]:
    """Every kept file of bytes; its name is its digest."""
    return _files(root / "cas")


def table_files(root: Path) -> Iterator[Path]:
    """Every file of the table of takes; its stem is the key."""
    return (file for file in _files(root / "takes") if file.suffix == ".json")


def asked_files(root: Path) -> Iterator[Path]:
    """Every request that is kept as text; its stem is the key."""
    return (file for file in _files(root / "asked") if file.suffix == ".json")


def shelf_files(root: Path) -> Iterator[Path]:
    """Every entry of the shelf; its name is the key, its content a digest."""
    return _files(root / "shelf")


def loose_files(root: Path) -> Iterator[Path]:
    """What was put aside as damaged, and what was left behind while it arrived."""
    for name in ("quarantine", "tmp"):
        folder = root / name
        if folder.is_dir():
            yield from sorted(file for file in folder.iterdir() if file.is_file())


def users(root: Path) -> dict[Path, Path]:
    """Projects that keep takes in a store that they share, with the file that says so."""
    folder = root / "users"
    if not folder.is_dir():
        return {}
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    return {Path(file.read_text(encoding="utf-8", errors="replace")): file for file in files}


def asked_keys(root: Path) -> Iterator[str]:
    return (file.stem for file in asked_files(root))


def _files(folder: Path) -> Iterator[Path]:
    """In the folders of two letters that stand in a folder."""
    if not folder.is_dir():
        return
    for shard in sorted(folder.iterdir()):
        if shard.is_dir():
            yield from sorted(file for file in shard.iterdir() if file.is_file())
