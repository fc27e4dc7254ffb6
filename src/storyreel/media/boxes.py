"""What an MP4 or QuickTime file says about itself: a walk over its boxes, exact and without decoding."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, chain, repeat
from typing import BinaryIO

from storyreel.media.grid import rate_of

_MAX_MOOV = 16 << 20
_MAX_BOXES = 10_000
_MAX_RUNS = 500_000
_MAX_STAMPS = 2_000_000


class BoxesBroken(Exception):
    """A box ends outside its parent, or a table outside its box: the file is cut short or damaged."""


class Fragmented(Exception):
    """The samples are described piece by piece along the file."""


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of pictures (`vide`) or sound (`soun`)."""

    kind: str
    samples: int
    seconds: Fraction
    width: int = 0
    """Pixels as displayed, after rotation."""
    height: int = 0
    rate: Fraction | None = None


def tracks_of(file: BinaryIO, length: int) -> tuple[Track, ...]:
    """The tracks of a whole file of `length` bytes in order; raises BoxesBroken, Fragmented."""
    try:
        moov = description_of(file, length)
        boxes = dict(boxes_in(moov))
        if b"mvhd" not in boxes:
            raise BoxesBroken("no header")
        movie_hz = _timescale(boxes[b"mvhd"])
        found = [_track(dict(boxes_in(data)), movie_hz) for kind, data in boxes_in(moov) if kind == b"trak"]
    except (struct.error, IndexError, ZeroDivisionError) as problem:
        raise BoxesBroken(str(problem)) from problem
    tracks = tuple(track for track in found if track is not None)
    if b"mvex" in boxes and not any(track.samples for track in tracks):
        raise Fragmented
    return tracks


def description_of(file: BinaryIO, length: int) -> memoryview:
    """The inside of a film's `moov`; the walk over the outermost boxes also finds a file that was cut short."""
    at, moov = 0, None
    for _ in range(_MAX_BOXES):
        if at + 8 > length:
            break
        file.seek(at)
        size, kind, head = _header(file.read(16), length - at)
        if at + size > length:
            raise BoxesBroken(f"{kind!r} goes on beyond the end of the file")
        if kind == b"moov":
            if size > _MAX_MOOV:
                raise BoxesBroken("the description is too large")
            file.seek(at + head)
            moov = memoryview(file.read(size - head))
        at += size
    if moov is None:
        raise BoxesBroken("no description of the film")
    return moov


def _header(data: bytes | memoryview, rest: int) -> tuple[int, bytes, int]:
    """Size of the whole box, its kind, size of its header."""
    size, kind = struct.unpack_from(">I4s", data)
    head = 8
    if size == 1:
        (size,) = struct.unpack_from(">Q", data, 8)
        head = 16
    elif size == 0:
        size = rest
    if size < head:
        raise BoxesBroken("a box smaller than its own header")
    return size, kind, head


def boxes_in(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The boxes inside another: kind and what it holds; raises BoxesBroken where one goes on beyond it."""
    at = 0
    for _ in range(_MAX_BOXES):
        if at + 8 > len(data):  # QuickTime ends lists with four zero bytes
            return
        size, kind, head = _header(data[at:], len(data) - at)
        if at + size > len(data):
            raise BoxesBroken(f"{kind!r} goes on beyond its parent")
        yield kind, data[at + head : at + size]
        at += size


def _timescale(header: memoryview) -> int:
    """Ticks a second, of an `mvhd` or `mdhd`."""
    (hz,) = struct.unpack_from(">I", header, 20 if header[0] == 1 else 12)
    if hz == 0:
        raise BoxesBroken("a clock that stands still")
    return int(hz)


def _track(trak: dict[bytes, memoryview], movie_hz: int) -> Track | None:
    mdia = dict(boxes_in(trak[b"mdia"])) if b"mdia" in trak else {}
    if not {b"mdhd", b"hdlr", b"minf"} <= mdia.keys():
        return None
    kind = bytes(mdia[b"hdlr"][8:12]).decode("latin-1")
    stbl = dict(boxes_in(dict(boxes_in(mdia[b"minf"])).get(b"stbl", memoryview(b""))))
    if kind not in ("vide", "soun") or b"stts" not in stbl or b"stsd" not in stbl:
        return None
    hz = _timescale(mdia[b"mdhd"])
    runs = _runs(stbl[b"stts"])
    samples = sum(count for count, _ in runs)
    seconds = Fraction(sum(count * delta for count, delta in runs), hz)
    rate = _rate(runs, hz) if kind == "vide" else None
    edited = _edited(trak, movie_hz)
    # The edit list counts on a coarser clock, so within a frame of it the samples know better.
    if edited is not None and abs(edited - seconds) >= (1 / rate if rate else Fraction(1, 1000)):
        seconds = edited
    width, height = _displayed(trak.get(b"tkhd"), stbl[b"stsd"]) if kind == "vide" else (0, 0)
    return Track(kind, samples, seconds, width, height, rate)


def _runs(stts: memoryview) -> list[tuple[int, int]]:
    """How many samples last how many ticks."""
    (entries,) = struct.unpack_from(">I", stts, 4)
    if 8 + entries * 8 > len(stts) or entries > _MAX_RUNS:
        raise BoxesBroken("a table that is too long")
    return list(struct.iter_unpack(">II", stts[8 : 8 + entries * 8]))


def _rate(runs: list[tuple[int, int]], hz: int) -> Fraction | None:
    if len(runs) == 1 and runs[0][1] > 0 and hz >= 2000:
        return Fraction(hz, runs[0][1])
    if runs and len(runs) == 2 and runs[1][0] == 1 and runs[0][0] > 1 and runs[0][1] > 0 and hz >= 2000:
        return Fraction(hz, runs[0][1])  # the last frame of a cut file often lasts as long as the sound
    if sum(count for count, _ in runs) > _MAX_STAMPS:
        return None
    steps = chain.from_iterable(repeat(delta, count) for count, delta in runs)
    stamps = list(accumulate(steps, initial=0))
    return rate_of(stamps, Fraction(1, hz))


def _edited(trak: dict[bytes, memoryview], movie_hz: int) -> Fraction | None:
    """Seconds that the edit list shows; None without one."""
    elst = dict(boxes_in(trak.get(b"edts", memoryview(b"")))).get(b"elst")
    if elst is None:
        return None
    (entries,) = struct.unpack_from(">I", elst, 4)
    form, size = (">QqI", 20) if elst[0] == 1 else (">IiI", 12)
    if 8 + entries * size > len(elst) or entries > _MAX_RUNS:
        raise BoxesBroken("a table that is too long")
    edits = struct.iter_unpack(form, elst[8 : 8 + entries * size])
    shown = sum(length for length, start, _ in edits if start >= 0)  # less than 0: nothing is shown
    return Fraction(shown, movie_hz) if shown else None


def _displayed(tkhd: memoryview | None, stsd: memoryview) -> tuple[int, int]:
    """Pixels of the picture as it is to be shown: the track's own size, else the coded one, then turned."""
    width, height = struct.unpack_from(">HH", stsd, 8 + 8 + 24)
    if tkhd is None:
        return width, height
    a, b, _, c, d, _, _, _, _, w, h = struct.unpack_from(">11i", tkhd, 52 if tkhd[0] == 1 else 40)
    if w >> 16 and h >> 16:
        width, height = (w + 0x8000) >> 16, (h + 0x8000) >> 16
    return (height, width) if a == d == 0 and b and c else (width, height)
