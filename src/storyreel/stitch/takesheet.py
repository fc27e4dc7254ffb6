"""The sheet of candidates: the middle frame of every take that is here, kept by its bytes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from storyreel.base.digest import digest_of_value
from storyreel.media.ffmpeg import INPUT, MediaFailed, ffmpeg
from storyreel.media.probe import probe
from storyreel.media.shelf import Shelf
from storyreel.media.takesheet import Candidate, CandidateRow, CellSize, State, cell_for, paint_candidates
from storyreel.stitch.join import placed

REVISION = 2
_ALIKE = Fraction(1, 40)
"""A shape that differs by less than this is shown as the same."""


@dataclass(frozen=True, slots=True)
class SheetTake:
    """One take of a row."""

    file: Path | None
    """None where its bytes are not here."""
    digest: str
    name: str
    facts: str
    note: str
    state: State


@dataclass(frozen=True, slots=True)
class SheetRow:
    name: str
    note: str
    takes: tuple[SheetTake, ...]


async def draw_takes(
    title: str, facts: str, rows: Sequence[SheetRow], size: tuple[int, int], shelf: Shelf, out: Path, jobs: int = 1
) -> None:
    """Write the sheet as a PNG, or leave it as it was. `size` is that of the film; raises MediaFailed."""
    cell = cell_for(*size, max((len(row.takes) for row in rows), default=1))
    slots = asyncio.Semaphore(jobs)

    async def seen(take: SheetTake) -> Candidate:
        pixels = None
        if take.file is not None:
            async with slots:
                pixels = await _middle(take.file, take.digest, cell, shelf)
        return Candidate(pixels, take.name, take.facts, take.note, take.state)

    takes = await asyncio.gather(*(seen(take) for row in rows for take in row.takes))
    left = iter(takes)
    painted = [CandidateRow(row.name, row.note, tuple(next(left) for _ in row.takes)) for row in rows]

    def paint() -> None:
        with placed(out) as fresh:
            paint_candidates(title, facts, painted, cell).save(fresh, "PNG", compress_level=1)

    await asyncio.to_thread(paint)


async def _middle(file: Path, digest: str, cell: CellSize, shelf: Shelf) -> bytes | None:
    """Raw RGB; None where the file is damaged, or no film that can be looked at."""
    key = digest_of_value({"take": digest, "cell": [cell.width, cell.height], "revision": REVISION})
    kept = shelf.find(key)
    if kept is not None:
        return kept.read_bytes()
    if await asyncio.to_thread(_digest, file) != digest:
        return None
    found = await asyncio.to_thread(probe, file)
    if found is None or not found.seconds:
        return None
    shape = Fraction(found.width or 1, found.height or 1) / Fraction(cell.width, cell.height)
    keep = "" if abs(shape - 1) < _ALIKE else ":force_original_aspect_ratio=decrease"
    pad = f"pad={cell.width}:{cell.height}:-1:-1:color=0x14161a"
    frame = f"scale={cell.width}:{cell.height}:flags=area{keep},{pad},setsar=1,format=rgb24"
    at = ["-threads", "1", "-ss", f"{float(found.seconds / Fraction(2)):.6f}", *INPUT(file)]
    data = await ffmpeg([*at, "-map", "0:v:0", "-vf", frame, "-frames:v", "1", "-f", "rawvideo", "pipe:1"])
    if len(data) != cell.width * cell.height * 3:
        raise MediaFailed(f"the middle frame of {file.name[:12]} could not be read")
    fresh = shelf.new_file(".rgb")
    fresh.write_bytes(data)
    shelf.keep(key, fresh)
    return data


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
