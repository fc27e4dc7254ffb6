"""Files that may be sent, by ids that only we give out."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from storyreel.base.digest import digest_of
from storyreel.watch.spec import Media

_TYPES = {".mp4": "video/mp4", ".mov": "video/mp4", ".webm": "video/webm", ".jpg": "image/jpeg"}
_PLAIN = "application/octet-stream"


class FileTable:
    """Ids follow from the bytes, so that equal files have one; another run gives others."""

    def __init__(self, folder: Path) -> None:
        """`folder` is ours alone: links to what may be replaced where it lies."""
        self._folder = folder
        self._salt = secrets.token_hex(16)
        self._files: dict[str, Media] = {}

    def find(self, media: str) -> Media | None:
        return self._files.get(media)

    def add(self, file: Path, digest: str, suffix: str = "") -> str:
        """The id of a file that never changes; `suffix` says what it is where its name does not."""
        kind = _TYPES.get(suffix or file.suffix, _PLAIN)
        name = digest_of(f"{self._salt} {digest} {kind}".encode())[:32]
        self._files.setdefault(name, Media(file, kind))
        return name

    def add_copy(self, file: Path, digest: str) -> str:
        """The id of a file that will be replaced where it lies: what is sent under it stays what it was."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = self._folder / f"{digest}{file.suffix}"
        if not kept.exists():
            fresh = self._folder / f"{secrets.token_hex(8)}.new"
            try:
                os.link(file, fresh)
            except OSError:
                shutil.copyfile(file, fresh)
            fresh.replace(kept)
        return self.add(kept, digest)

    def keep_only(self, copies: Collection[str]) -> None:
        """Forget every copy but these."""
        old = {n: m for n, m in self._files.items() if m.file.parent == self._folder and n not in copies}
        for name, media in old.items():
            del self._files[name]
            media.file.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove the copies."""
        self.keep_only(())
        with suppress(OSError):
            self._folder.rmdir()
