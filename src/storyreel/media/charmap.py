"""The letters that a font file draws, read from its character map; no font library, since every `check` asks."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

from storyreel.media.failed import MediaFailed


def letters_of(font: Path) -> frozenset[str]:
    """Every letter that a TrueType or OpenType font has a picture of; raises MediaFailed."""
    return _read(*_stamped(font))[0]


def weight_of(font: Path) -> int:
    """How heavy its letters are: 400 is regular, 700 bold; raises MediaFailed."""
    return _read(*_stamped(font))[1]


def letters_in(data: bytes, name: str) -> frozenset[str]:
    """The letters of a font by its bytes; `name` is for the message. Raises MediaFailed."""
    try:
        return frozenset(map(chr, _letters(data)))
    except (struct.error, IndexError, ValueError) as problem:
        raise MediaFailed(f"{name} is not a font that we can read", str(problem)) from problem


def _stamped(font: Path) -> tuple[Path, int]:
    # While a project is watched, its fonts may be replaced.
    try:
        return font, font.stat().st_mtime_ns
    except OSError as problem:
        raise MediaFailed(f"the font {font.name} cannot be read", str(problem)) from problem


@lru_cache(maxsize=16)
def _read(font: Path, _: int) -> tuple[frozenset[str], int]:
    try:
        data = font.read_bytes()
    except OSError as problem:
        raise MediaFailed(f"the font {font.name} cannot be read", str(problem)) from problem
    return letters_in(data, font.name), _weight(data)


def _weight(data: bytes) -> int:
    at = _table(data, b"OS/2")
    return 400 if at is None else int(struct.unpack_from(">H", data, at + 4)[0])


def _table(data: bytes, name: bytes) -> int | None:
    """Where a table begins; of a collection of fonts, the first font's."""
    base = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    (tables,) = struct.unpack_from(">H", data, base + 4)
    for entry in range(base + 12, base + 12 + 16 * tables, 16):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, entry)
        if tag == name:
            return int(offset)
    return None


def _letters(data: bytes) -> frozenset[int]:
    offset = _table(data, b"cmap")
    if offset is None:
        raise ValueError("no character map")
    (maps,) = struct.unpack_from(">H", data, offset + 2)
    found: set[int] = set()
    for number in range(maps):
        platform, encoding, at = struct.unpack_from(">HHI", data, offset + 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            found |= _map(data, offset + at)
    if not found:
        raise ValueError("no Unicode character map")
    return frozenset(found)


def _map(data: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", data, at)
    if form == 4:
        return _segments(data, at)
    if form == 12:
        return _groups(data, at)
    return set()


def _segments(data: bytes, at: int) -> set[int]:
    """Format 4: ranges of the basic plane; within one, glyph 0 means none."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, at + 16 + 4 * count)
    offsets_at = at + 16 + 6 * count
    offsets = struct.unpack_from(f">{count}H", data, offsets_at)
    found: set[int] = set()
    for i, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", data, offsets_at + 2 * i + offset + 2 * (code - start))
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _groups(data: bytes, at: int) -> set[int]:
    """Format 12: ranges of all planes."""
    (count,) = struct.unpack_from(">I", data, at + 12)
    found: set[int] = set()
    for start, end, glyph in struct.iter_unpack(">III", data[at + 16 : at + 16 + 12 * min(count, 65_536)]):
        if end > 0x10FFFF or len(found) > 0x110000:
            raise ValueError("a character map beyond Unicode")
        found.update(range(start + (glyph == 0), end + 1))
    return found
