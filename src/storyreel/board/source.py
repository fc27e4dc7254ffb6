"""What the compiler may ask of the project's files; it asks nothing else of the machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from storyreel.base.digest import digest_of

MAX_TEXT = 1 << 20
"""Bytes of a board, fragment, template or table."""

MAX_PATH = 255
"""Bytes of a path, as UTF-8."""


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file is, found by looking at it, never by its name."""

    kind: Literal["image", "video", "audio"]
    width: int | None = None
    """Pixels as displayed, after rotation."""
    height: int | None = None
    seconds: Fraction | None = None
    rate: Fraction | None = None
    has_audio: bool = False
    size: int = 0
    """Bytes."""


class SourceMissing(Exception):
    """There is no such file."""


class SourceRefused(Exception):
    """The path leaves the project, is no plain file, or is too large; `str()` says which, to be read after the path."""


class SourceTree(Protocol):
    """The project's files by path relative to the root, with forward slashes."""

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes:
        """Bytes of a small text file; raises SourceMissing, SourceRefused."""
        ...

    def digest(self, path: str) -> str:
        """SHA-256 of a file of any size; raises SourceMissing, SourceRefused."""
        ...

    def facts(self, path: str) -> MediaFacts | None:
        """What a media file holds, None where it is no image, video or sound that we read; raises as `digest`."""
        ...

    def listing(self, folder: str) -> tuple[str, ...]:
        """Sorted paths of the plain files directly in a folder, for hints; empty where there is none."""
        ...

    def reads(self) -> frozenset[str]:
        """Every path asked for so far, missing ones too: what a watch must watch."""
        ...


def project_path(path: str) -> str:
    """The one spelling of a path (`./a//b` is `a/b`); raises SourceRefused on any that could leave the project."""
    if not path.strip():
        raise SourceRefused("is empty")
    if "\0" in path or any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in path):
        raise SourceRefused("holds a character that cannot be seen")
    if "://" in path:
        raise SourceRefused("is an address on the network; put the file into the project")
    if "\\" in path:
        raise SourceRefused("holds a backslash; write forward slashes")
    if path.startswith(("/", "~")) or path[1:2] == ":":
        raise SourceRefused("is outside the project; write it relative to the project's root")
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if ".." in steps:
        raise SourceRefused("goes up with `..`; write it relative to the project's root")
    if not steps or path.endswith(("/", "/.")):
        raise SourceRefused("is a folder")
    clean = "/".join(steps)
    if len(clean.encode()) > MAX_PATH:
        raise SourceRefused(f"is longer than {MAX_PATH} bytes")
    return clean


def folder_path(folder: str) -> str:
    """The one spelling of a folder, the root being empty; raises SourceRefused as `project_path`."""
    bare = folder.rstrip("/")
    return "" if bare in ("", ".") and not folder.startswith("/") else project_path(bare)


def noted(path: str, asked: set[str]) -> str:
    """`project_path`, written down among the paths asked for; a refused one as it was written."""
    try:
        clean = project_path(path)
    except SourceRefused:
        asked.add(path)
        raise
    asked.add(clean)
    return clean


class MemorySource:
    """The twin for tests. `files` may be changed between reads; a path that has only facts holds its own name."""

    def __init__(self, files: Mapping[str, bytes | str], facts: Mapping[str, MediaFacts] | None = None) -> None:
        self.files: dict[str, bytes | str] = dict(files)
        self._facts = dict(facts or {})
        self._asked: set[str] = set()

    def read(self, path: str, limit: int = MAX_TEXT) -> bytes:
        data = self._bytes(path)
        if len(data) > limit:
            raise SourceRefused(too_large(len(data), limit))
        return data

    def digest(self, path: str) -> str:
        return digest_of(self._bytes(path))

    def facts(self, path: str) -> MediaFacts | None:
        self._bytes(path)
        return self._facts.get(project_path(path))

    def listing(self, folder: str) -> tuple[str, ...]:
        try:
            clean = folder_path(folder)
        except SourceRefused:
            return ()  # a hint that cannot be given is not a failure
        prefix = f"{clean}/" if clean else ""
        known = {*self.files, *self._facts}
        return tuple(sorted(p for p in known if p.startswith(prefix) and "/" not in p[len(prefix) :]))

    def reads(self) -> frozenset[str]:
        return frozenset(self._asked)

    def _bytes(self, path: str) -> bytes:
        clean = noted(path, self._asked)
        data = self.files.get(clean)
        if data is None:
            if clean in self._facts:
                return clean.encode()
            if any(known.startswith(clean + "/") for known in (*self.files, *self._facts)):
                raise SourceRefused("is a folder")
            raise SourceMissing(clean)
        return data.encode() if isinstance(data, str) else data


def too_large(size: int, limit: int) -> str:
    """Why a file over its limit is refused."""
    return f"is too large: {size:,} bytes, at most {limit:,}"
