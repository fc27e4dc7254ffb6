"""How much of what is in a store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from storyreel.base.money import NOTHING, Usd
from storyreel.driver.project import Project
from storyreel.plan.catalog import ANIMATIC
from storyreel.render.inventory import asked_files, blob_file, blob_files, loose_files, shelf_files, table_files
from storyreel.render.store import record_of, table_of


@dataclass(slots=True)
class Amount:
    files: int = 0
    size: int = 0
    """Bytes."""

    def add(self, size: int) -> None:
        self.files += 1
        self.size += size


@dataclass(slots=True)
class Contents:
    folder: str
    kinds: dict[str, Amount] = field(default_factory=dict)
    paid: Usd = NOTHING
    """US dollars that the takes here have cost."""

    @property
    def size(self) -> int:
        return sum(one.size for one in self.kinds.values())


def contents(project: Project) -> Contents:
    """Count it; bytes that several takes share are counted once."""
    root = project.store.root
    found = Contents(str(root))
    kinds = found.kinds = {
        name: Amount() for name in ("bought takes", "panels", "free results", "not named", "damaged", "leftovers")
    }
    named: set[str] = set()
    for file in table_files(root):
        for number, row in (table_of(file.read_bytes()) or {}).items():
            record = record_of(file.stem, int(number), row)
            if record is None:
                continue
            size = _size(blob_file(root, record.digest)) if record.digest not in named else 0
            named.add(record.digest)
            kinds["panels" if record.provider == ANIMATIC else "bought takes"].add(size)
            found.paid += record.paid or NOTHING
    for file in shelf_files(root):
        digest = file.read_text(encoding="utf-8", errors="replace").strip()
        kinds["free results"].add(_size(blob_file(root, digest)) if digest not in named else 0)
        named.add(digest)
    for file in blob_files(root):
        if file.name not in named:
            kinds["not named"].add(_size(file))
    for file in loose_files(root):
        kinds["damaged" if file.parent.name == "quarantine" else "leftovers"].add(_size(file))
    for file in asked_files(root):
        kinds["bought takes"].size += _size(file)
    return found


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError):
        return 0  # It went, or a broken entry names what cannot be a file.
