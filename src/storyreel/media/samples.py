"""The stream of an MP4 that holds no other, sample by sample: where each lies and when it is shown."""

from __future__ import annotations

import os
import struct
from array import array
from dataclasses import dataclass
from pathlib import Path

from storyreel.media.boxes import BoxesBroken, boxes_in, description_of

_MAX_SAMPLES = 10_000_000


@dataclass(frozen=True, slots=True)
class Samples:
    """A stream. All lists are in the order in which samples are decoded; times are ticks of `hz`."""

    file: Path
    hz: int
    sizes: array[int]
    """Bytes of each sample."""
    chunks: tuple[tuple[int, int], ...]
    """Where samples lie side by side: place in the file and how many."""
    runs: tuple[tuple[int, int], ...]
    """How many samples last how many ticks."""
    shown: array[int]
    """Ticks at which each is shown; 0 is the beginning of what is to be seen or heard. Empty for sound."""
    keys: tuple[int, ...] | None
    """Indices of key frames; None where every sample is one."""
    skipped: int
    """Ticks of what is decoded first and not heard."""
    entry: bytes
    """How the stream is coded: its sample entry without the box of bit rates."""
    size: tuple[int, int]
    """Of pictures, in pixels; (0, 0) for sound."""
    tables: tuple[bytes, ...]
    """Boxes about groups of samples, which stay right as long as all samples follow each other."""


def samples_of(file: Path) -> Samples:
    """Read the tables of a file with one stream; raises BoxesBroken where it is another, or cut short."""
    with file.open("rb") as opened:
        length = os.fstat(opened.fileno()).st_size
        moov = description_of(opened, length)
    try:
        traks = [data for kind, data in boxes_in(moov) if kind == b"trak"]
        if len(traks) != 1:
            raise BoxesBroken(f"{len(traks)} streams where there should be one")
        found = _samples(file, dict(boxes_in(traks[0])))
    except (struct.error, IndexError, KeyError) as problem:
        raise BoxesBroken(str(problem)) from problem
    at = 0
    for place, count in found.chunks:
        if place + sum(found.sizes[at : at + count]) > length:
            raise BoxesBroken("samples beyond the end of the file")
        at += count
    if at != len(found.sizes):
        raise BoxesBroken("samples that lie nowhere")
    return found


def _samples(file: Path, trak: dict[bytes, memoryview]) -> Samples:
    mdia = dict(boxes_in(trak[b"mdia"]))
    is_picture = bytes(mdia[b"hdlr"][8:12]) == b"vide"
    all_stbl = list(boxes_in(dict(boxes_in(dict(boxes_in(trak[b"mdia"]))[b"minf"]))[b"stbl"]))
    stbl = dict(all_stbl)
    (hz,) = struct.unpack_from(">I", mdia[b"mdhd"], 20 if mdia[b"mdhd"][0] == 1 else 12)
    sizes = _sizes(stbl[b"stsz"])
    runs = _pairs(stbl[b"stts"])
    if sum(count for count, _ in runs) != len(sizes):
        raise BoxesBroken("tables of different lengths")
    skipped = _skipped(trak)
    width, height = struct.unpack_from(">II", trak[b"tkhd"], 88 if trak[b"tkhd"][0] == 1 else 76)
    return Samples(
        file, hz, sizes, _chunks(stbl, len(sizes)), runs,
        _shown(runs, stbl.get(b"ctts"), skipped) if is_picture else array("q"),
        tuple(n - 1 for n in _numbers(stbl[b"stss"], "I")) if b"stss" in stbl else None,
        skipped, _entry(stbl[b"stsd"], is_picture), (width >> 16, height >> 16),
        tuple(struct.pack(">I4s", 8 + len(data), kind) + data for kind, data in all_stbl if kind in (b"sgpd", b"sbgp")),
    )  # fmt: skip


def _sizes(stsz: memoryview) -> array[int]:
    same, count = struct.unpack_from(">II", stsz, 4)
    if count > _MAX_SAMPLES:
        raise BoxesBroken("too many samples")
    return array("q", [same] * count) if same else array("q", struct.unpack_from(f">{count}I", stsz, 12))


def _numbers(box: memoryview, form: str) -> tuple[int, ...]:
    (count,) = struct.unpack_from(">I", box, 4)
    if count * struct.calcsize(form) > len(box):
        raise BoxesBroken("a table that is too long")
    return struct.unpack_from(f">{count}{form}", box, 8)


def _pairs(box: memoryview) -> tuple[tuple[int, int], ...]:
    (count,) = struct.unpack_from(">I", box, 4)
    if count * 8 > len(box):
        raise BoxesBroken("a table that is too long")
    return tuple(struct.iter_unpack(">Ii", box[8 : 8 + count * 8]))


def _chunks(stbl: dict[bytes, memoryview], samples: int) -> tuple[tuple[int, int], ...]:
    """Place and count of each chunk; neighbours that touch stay apart."""
    places = _numbers(stbl[b"stco"], "I") if b"stco" in stbl else _numbers(stbl[b"co64"], "Q")
    (entries,) = struct.unpack_from(">I", stbl[b"stsc"], 4)
    rows = [struct.unpack_from(">III", stbl[b"stsc"], 8 + 12 * n) for n in range(entries)]
    found: list[tuple[int, int]] = []
    for number, (first, count, _) in enumerate(rows):
        last = rows[number + 1][0] if number + 1 < len(rows) else len(places) + 1
        found += [(places[n - 1], count) for n in range(first, last)]
    if sum(count for _, count in found) != samples:
        raise BoxesBroken("tables of different lengths")
    return tuple(found)


def _shown(runs: tuple[tuple[int, int], ...], ctts: memoryview | None, skipped: int) -> array[int]:
    decoded = [0]
    for count, delta in runs:
        decoded += (
            range(decoded[-1] + delta, decoded[-1] + count * delta + 1, delta) if delta else [decoded[-1]] * count
        )
    later = [offset for count, offset in _pairs(ctts) for _ in range(count)] if ctts is not None else [0] * len(decoded)
    return array("q", [at + offset - skipped for at, offset in zip(decoded, later, strict=False)][: len(decoded) - 1])


def _skipped(trak: dict[bytes, memoryview]) -> int:
    """Where in its own time the stream begins to be shown."""
    elst = dict(boxes_in(trak.get(b"edts", memoryview(b"")))).get(b"elst")
    if elst is None:
        return 0
    (entries,) = struct.unpack_from(">I", elst, 4)
    if entries != 1:
        raise BoxesBroken("a stream that is shown in several pieces")
    start: int = struct.unpack_from(">q", elst, 16)[0] if elst[0] == 1 else struct.unpack_from(">i", elst, 12)[0]
    if start < 0:
        raise BoxesBroken("a stream that begins with nothing")
    return start


def _entry(stsd: memoryview, is_picture: bool) -> bytes:
    """The sample entry, without `btrt`: that is of this file's length."""
    if struct.unpack_from(">I", stsd, 4) != (1,):
        raise BoxesBroken("a stream that is coded in several ways")
    ((kind, body),) = boxes_in(stsd[8:])
    head = 78 if is_picture else 28
    kept = b"".join(
        struct.pack(">I4s", 8 + len(data), name) + bytes(data)
        for name, data in boxes_in(body[head:])
        if name != b"btrt"
    )
    return struct.pack(">I4s", 8 + head + len(kept), kind) + bytes(body[:head]) + kept
