"""Files on their way to a provider: their kind, their bytes in pieces, or their bytes inside an address."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from collections.abc import AsyncIterator
from pathlib import Path

_PIECE = 256 * 1024
_KINDS = {".webp": "image/webp", ".m4a": "audio/mp4", ".mkv": "video/x-matroska"}


def kind_of(file: Path, name: str = "") -> str:
    """The media type by its first bytes where they tell (stored files have no suffix), else by its name."""
    with file.open("rb") as opened:
        head = opened.read(12)
    if head.startswith(b"\x89PNG"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF":
        return "image/webp" if head[8:12] == b"WEBP" else "audio/wav"
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:10] == b"qt" else "video/mp4"
    suffix = Path(name or file.name).suffix.lower()
    return _KINDS.get(suffix) or mimetypes.guess_type(f"a{suffix}")[0] or "application/octet-stream"


def size_of(file: Path) -> int:
    """Bytes."""
    return file.stat().st_size


def name_of(digest: str, kind: str) -> str:
    """What a file is called there: nothing of its name here leaves this machine."""
    return f"{digest[:16]}{mimetypes.guess_extension(kind) or '.bin'}"


def data_uri(file: Path) -> str:
    """An address that holds the bytes."""
    return f"data:{kind_of(file)};base64,{base64.b64encode(file.read_bytes()).decode('ascii')}"


async def pieces(file: Path, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
    """The bytes from `start` on, `length` of them or all, a quarter of a MiB at a time, read beside the loop."""
    opened = await asyncio.to_thread(file.open, "rb")
    left = size_of(file) - start if length is None else length
    try:
        opened.seek(start)
        while left > 0 and (piece := await asyncio.to_thread(opened.read, min(_PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        opened.close()
