"""A font with the letters that a test wants: Open Sans under another character map."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from storyreel.media.fonts import Weight, font_file


def made_font(file: Path, letters: Mapping[str, str], weight: Weight = "regular") -> Path:
    """Write a font into `file` in which each of `letters` looks as another does in Open Sans, and nothing else is."""
    data = font_file(weight).read_bytes()
    glyphs = _glyphs(data)
    groups = sorted((ord(letter), glyphs[ord(like)]) for letter, like in letters.items())
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    table += struct.pack(">HHIII", 12, 0, 16 + 12 * len(groups), 0, len(groups))
    table += b"".join(struct.pack(">III", code, code, glyph) for code, glyph in groups)
    entry = _entry(data, b"cmap")
    changed = bytearray(data + bytes(-len(data) % 4))
    struct.pack_into(">II", changed, entry + 8, len(changed), len(table))
    file.write_bytes(bytes(changed) + table)
    return file


def _entry(data: bytes, name: bytes) -> int:
    (tables,) = struct.unpack_from(">H", data, 4)
    return next(at for at in range(12, 12 + 16 * tables, 16) if data[at : at + 4] == name)


def _glyphs(data: bytes) -> dict[int, int]:
    """Letters to glyphs, from the format 4 map that Open Sans has."""
    (offset,) = struct.unpack_from(">I", data, _entry(data, b"cmap") + 8)
    (maps,) = struct.unpack_from(">H", data, offset + 2)
    places = [offset + struct.unpack_from(">I", data, offset + 8 + 8 * number)[0] for number in range(maps)]
    at = next(place for place in places if struct.unpack_from(">H", data, place)[0] == 4)
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", data, at + 14 + (2 * count * n) + (2 if n else 0)) for n in range(4)
    )
    found = {}
    for i, (start, end, delta, shift) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if shift:
                here = at + 16 + 6 * count + 2 * i
                (glyph,) = struct.unpack_from(">H", data, here + shift + 2 * (code - start))
            found[code] = (glyph + delta) & 0xFFFF
    return found
