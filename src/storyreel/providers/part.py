"""A download that is not whole yet: its bytes beside the file that they will be, and what the server called them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from storyreel.base.digest import digest_of


@dataclass(frozen=True, slots=True)
class Version:
    """Which bytes a server sent: what it calls them, and how many there are in all."""

    validator: str
    total: int | None


class Part:
    """`NAME.part` and `NAME.part.json` beside the file `NAME`."""

    def __init__(self, out: Path, url: str) -> None:
        self._out = out
        self._note = out.with_name(f"{out.name}.part.json")
        self.path = out.with_name(f"{out.name}.part")
        # Host and signature change from answer to answer, the path does not; none of them stands in the file.
        self._source = digest_of(urlsplit(url).path.encode())

    def held(self) -> tuple[int, Version] | None:
        """How many bytes are here, and of what; None where a download begins at its beginning."""
        try:
            note = json.loads(self._note.read_text("utf-8"))
            size = self.path.stat().st_size
            version = Version(str(note["validator"]), None if note["total"] is None else int(note["total"]))
            is_same = note["source"] == self._source
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (size, version) if size and is_same else None

    def note(self, version: Version | None) -> None:
        """Remember what the bytes are; without a version they cannot be continued later."""
        if version is None:
            self._note.unlink(missing_ok=True)
            return
        text = json.dumps({"source": self._source, "validator": version.validator, "total": version.total})
        self._note.write_text(text, "utf-8")

    def finish(self) -> None:
        """It is whole: it becomes the file."""
        self._note.unlink(missing_ok=True)
        self.path.replace(self._out)

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
