"""What a PNG, JPEG or WebP says about itself in its first bytes: a few reads, no decoding, no Pillow."""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

MAX_BYTES = 50_000_000
MAX_PIXELS = 40_000_000

_ROTATED = (5, 6, 7, 8)
_JPEG_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


class PictureSize(NamedTuple):
    """Pixels as displayed, after the rotation that a camera notes."""

    width: int
    height: int
    orientation: int = 1
    """As EXIF counts: 1 is upright, 3 upside down, 6 and 8 on a side, the even small ones mirrored."""


def picture_size(file: BinaryIO, length: int) -> PictureSize | None:
    """The size of a whole picture of `length` bytes; None for what is none, is cut short, or is over the limits."""
    if length > MAX_BYTES:
        return None
    head = file.read(32)
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            found = _png(file, length)
        elif head.startswith(b"\xff\xd8\xff"):
            found = _jpeg(file, length)
        elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            found = _webp(file, length)
        else:
            found = None
    except struct.error:  # it ends in the middle of a field
        return None
    if found is None:
        return None
    width, height, orientation = found
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        return None
    if orientation in _ROTATED:
        width, height = height, width
    return PictureSize(width, height, orientation)


def _png(file: BinaryIO, length: int) -> tuple[int, int, int] | None:
    file.seek(8)
    size, orientation, at = None, 1, 8
    while at + 12 <= length:
        count, kind = struct.unpack(">I4s", file.read(8))
        if (kind == b"IHDR") != (size is None):  # it comes first, and once
            return None
        if kind == b"IHDR":
            size = struct.unpack(">II", file.read(8))
        elif kind == b"eXIf":
            orientation = _orientation(file.read(min(count, 1 << 16)))
        elif kind == b"IEND":
            return (*size, orientation) if size else None
        at += 12 + count
        file.seek(at)
    return None


def _jpeg(file: BinaryIO, length: int) -> tuple[int, int, int] | None:
    size, orientation, at = None, 1, 2
    while at + 4 <= length:
        file.seek(at)
        mark, kind, count = struct.unpack(">BBH", file.read(4))
        if mark != 0xFF:
            return None
        if kind == 0xFF:  # padding between segments
            at += 1
            continue
        if kind == 0xDA:
            return (*size, orientation) if size and _ends(file, at, length) else None
        if kind in _JPEG_SIZES:
            if size is not None:
                return None
            _, height, width = struct.unpack(">BHH", file.read(5))
            size = (width, height)
        elif kind == 0xE1 and (found := file.read(min(count - 2, 1 << 16) if count > 2 else 0)).startswith(b"Exif\0\0"):
            orientation = _orientation(found[6:])
        at += 2 + count
    return None


def _ends(file: BinaryIO, at: int, length: int) -> bool:
    # Cameras append previews and notes, so the end mark need not be the last two bytes.
    file.seek(at)
    return file.read(length - at).rfind(b"\xff\xd9") > 0


def _webp(file: BinaryIO, length: int) -> tuple[int, int, int] | None:
    file.seek(4)
    (said,) = struct.unpack("<I", file.read(4))
    end = said + 8
    if end > length:
        return None
    size, orientation, at = None, 1, 12
    while at + 8 <= end:
        file.seek(at)
        kind, count = struct.unpack("<4sI", file.read(8))
        if kind == b"VP8X" and size is None:
            _, w, wh, h, hh = struct.unpack("<IHBHB", file.read(10))
            size = (1 + w + (wh << 16), 1 + h + (hh << 16))
        elif kind == b"VP8L" and size is None:
            _, bits = struct.unpack("<BI", file.read(5))
            size = (1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        elif kind == b"VP8 " and size is None:
            _, _, w, h = struct.unpack("<3s3sHH", file.read(10))
            size = (w & 0x3FFF, h & 0x3FFF)
        elif kind == b"EXIF":
            orientation = _orientation(file.read(min(count, 1 << 16)).removeprefix(b"Exif\0\0"))
        at += 8 + count + (count & 1)
    return (*size, orientation) if size else None


def _orientation(exif: bytes) -> int:
    """The rotation noted in EXIF data, 1 (upright) to 8; 1 where it is not noted or makes no sense."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (entries,) = struct.unpack_from(f"{order}H", exif, at)
        for entry in range(min(entries, 512)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * entry)
            if tag == 0x0112 and kind == 3:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1
