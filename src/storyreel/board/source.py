"""What the compiler may ask of the project's files; it asks nothing else of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

MAX_TEXT = 1 << 20
"""Bytes of a board, fragment, template or table."""


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
    """The path leaves the project, is no plain file, is too large, or is not UTF-8; `str()` says which."""


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
