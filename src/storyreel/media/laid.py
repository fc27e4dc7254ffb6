"""Streams laid into one MP4 by their tables: pieces of picture after each other beside one sound, nothing decoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, groupby
from pathlib import Path
from typing import BinaryIO

from storyreel.base.timebase import round_half_up
from storyreel.media.boxes import BoxesBroken
from storyreel.media.failed import MediaFailed
from storyreel.media.samples import Samples, samples_of

_UNITY = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SMALL = (1 << 32) - 1
_COPIED = 1 << 20


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Samples that lie side by side in one file and will in the new one."""

    stream: int
    """0 picture, 1 sound."""
    file: Path
    place: int
    size: int
    samples: int
    entry: int
    """Which of the stream's sample entries, from 1."""
    begins: Fraction
    """Second at which its first sample is decoded: chunks of both streams lie in this order."""


def lay(pieces: Sequence[Path], frames: Sequence[int], sound: Path, ticks: int, hz: int, out: BinaryIO) -> None:
    """Write the film: `frames` has the count of each piece, a frame lasts `ticks` of `hz`; its tables stand in front.

    Frames are set to the grid: frame n is shown at n * ticks, whatever the piece's own clock says in fractions.
    Raises MediaFailed where a piece has not exactly its frames.
    """
    try:
        shots, track = [samples_of(piece) for piece in pieces], samples_of(sound)
    except BoxesBroken as problem:
        raise MediaFailed("a segment was not written to its end", str(problem)) from problem
    order: list[int] = []
    for shot, count in zip(shots, frames, strict=True):
        order += [len(order) + place for place in _places(shot, count, ticks, hz)]
    delay = max(index - place for index, place in enumerate(order))
    entries = list(dict.fromkeys(shot.entry for shot in shots))
    chunks = sorted([*_picture_chunks(shots, entries, ticks, hz), *_sound_chunks(track)], key=lambda c: c.begins)
    seen, heard = len(order) * ticks, sum(count * delta for count, delta in track.runs)
    size = sum(chunk.size for chunk in chunks)
    head = 16 if size + 8 > _SMALL else 8
    for wide in (False, True):
        # The tables stand before what they tell the place of: their length is known once they are written.
        first, moov = 0, b""
        for _ in range(2):
            pictures = _stbl(
                _table(b"stsd", *entries), _box(b"stts", 0, struct.pack(">3I", 1, len(order), ticks)),
                _stss(shots, len(order)), _ctts([(place - n + delay) * ticks for n, place in enumerate(order)]),
                _stsz(chain.from_iterable(shot.sizes for shot in shots), len(order)), *_placed(chunks, 0, first, wide),
            )  # fmt: skip
            sounds = _stbl(
                _table(b"stsd", track.entry), _table(b"stts", *(struct.pack(">2I", *run) for run in track.runs)),
                _stsz(track.sizes, len(track.sizes)), *_placed(chunks, 1, first, wide), *track.tables,
            )  # fmt: skip
            shown = round_half_up(Fraction((heard - track.skipped) * hz, track.hz))
            traks = [
                _trak(1, shots[0].size, seen, delay * ticks, hz, seen, b"vide", b"VideoHandler", pictures),
                _trak(2, (0, 0), shown, track.skipped, track.hz, heard, b"soun", b"SoundHandler", sounds),
            ]
            moov = _plain(b"moov", _mvhd(hz, max(seen, shown)), *traks)
            first = len(_FTYP) + len(moov) + head
        if first + size <= _SMALL or wide:
            break
    out.write(_FTYP + moov)
    out.write(struct.pack(">I4sQ", 1, b"mdat", size + 16) if head == 16 else struct.pack(">I4s", size + 8, b"mdat"))
    for file, part in groupby(chunks, key=lambda chunk: chunk.file):
        with file.open("rb") as opened:
            for chunk in part:
                _copy(opened, chunk, out)


def _places(shot: Samples, frames: int, ticks: int, hz: int) -> list[int]:
    """The frame of the piece that each of its samples shows; raises MediaFailed where one is twice or not at all."""
    if len(shot.shown) != frames:
        raise MediaFailed(f"the joined reel would have {len(shot.shown)} frames of a piece that was cut to {frames}")
    first = min(shot.shown)
    places = [round_half_up(Fraction((at - first) * hz, shot.hz * ticks)) for at in shot.shown]
    if sorted(places) != list(range(frames)):
        raise MediaFailed("the frames of a segment do not come evenly")
    return places


def _picture_chunks(shots: Sequence[Samples], entries: Sequence[bytes], ticks: int, hz: int) -> Iterator[_Chunk]:
    """About a second each, so that a player needs to look ahead no further than that."""
    at, most = 0, max(1, hz // ticks)
    for shot in shots:
        entry = entries.index(shot.entry) + 1
        for place, first, count in _within(shot, most):
            size = sum(shot.sizes[first : first + count])
            yield _Chunk(0, shot.file, place, size, count, entry, Fraction((at + first) * ticks, hz))
        at += len(shot.sizes)


def _sound_chunks(track: Samples) -> Iterator[_Chunk]:
    lasts = Fraction(track.runs[0][1], track.hz)
    for place, first, count in _within(track, max(1, int(1 / lasts))):
        size = sum(track.sizes[first : first + count])
        yield _Chunk(1, track.file, place, size, count, 1, first * lasts)


def _within(stream: Samples, most: int) -> Iterator[tuple[int, int, int]]:
    """Place, first sample and count of stretches of at most `most` samples that lie side by side."""
    first = 0
    for at, count in _touching(stream):
        place, end = at, first + count
        while first < end:
            some = min(most, end - first)
            yield place, first, some
            place += sum(stream.sizes[first : first + some])
            first += some


def _touching(stream: Samples) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    first, end = 0, -1
    for place, count in stream.chunks:
        if place == end:
            found[-1] = (found[-1][0], found[-1][1] + count)
        else:
            found.append((place, count))
        end = place + sum(stream.sizes[first : first + count])
        first += count
    return found


def _copy(opened: BinaryIO, chunk: _Chunk, out: BinaryIO) -> None:
    opened.seek(chunk.place)
    left = chunk.size
    while left:
        data = opened.read(min(left, _COPIED))
        if not data:
            raise MediaFailed("a segment became shorter while it was read")
        out.write(data)
        left -= len(data)


def _plain(kind: bytes, *parts: bytes) -> bytes:
    return struct.pack(">I4s", 8 + sum(map(len, parts)), kind) + b"".join(parts)


def _box(kind: bytes, flags: int, *parts: bytes) -> bytes:
    """A box with version 0 and flags."""
    return _plain(kind, struct.pack(">I", flags), *parts)


def _table(kind: bytes, *rows: bytes) -> bytes:
    return _box(kind, 0, struct.pack(">I", len(rows)), *rows)


def _stbl(*tables: bytes) -> bytes:
    return _plain(b"stbl", *tables)


def _stss(shots: Sequence[Samples], count: int) -> bytes:
    keys: list[int] = []
    at = 1
    for shot in shots:
        keys += [at + n for n in (shot.keys if shot.keys is not None else range(len(shot.sizes)))]
        at += len(shot.sizes)
    return b"" if len(keys) == count else _box(b"stss", 0, struct.pack(f">{len(keys) + 1}I", len(keys), *keys))


def _ctts(offsets: Sequence[int]) -> bytes:
    if not any(offsets):
        return b""
    return _table(b"ctts", *(struct.pack(">2I", len(list(same)), offset) for offset, same in groupby(offsets)))


def _stsz(sizes: Iterator[int] | Sequence[int], count: int) -> bytes:
    return _box(b"stsz", 0, struct.pack(f">{count + 2}I", 0, count, *sizes))


def _placed(chunks: Sequence[_Chunk], stream: int, first: int, wide: bool) -> tuple[bytes, bytes]:
    """The tables of chunks: how many samples each has, and where it lies."""
    rows: list[bytes] = []
    places: list[int] = []
    before, at = (0, 0), first
    for chunk in chunks:
        if chunk.stream == stream:
            places.append(at)
            if (now := (chunk.samples, chunk.entry)) != before:
                rows.append(struct.pack(">3I", len(places), *now))
                before = now
        at += chunk.size
    kind, form = (b"co64", "Q") if wide else (b"stco", "I")
    fitting = [place & _SMALL for place in places] if not wide else places
    return _table(b"stsc", *rows), _table(kind, *(struct.pack(f">{form}", place) for place in fitting))


def _mvhd(hz: int, duration: int) -> bytes:
    clock = _clock(hz, duration)
    return _full(
        b"mvhd", clock, struct.pack(">IHHII", 0x10000, 0x100, 0, 0, 0), _UNITY, bytes(24), struct.pack(">I", 3)
    )


def _clock(hz: int, duration: int) -> tuple[bool, bytes]:
    """Made at no time, ticks a second, length; wide where that needs 64 bits."""
    if duration > _SMALL:
        return True, struct.pack(">QQIQ", 0, 0, hz, duration)
    return False, struct.pack(">IIII", 0, 0, hz, duration)


def _full(kind: bytes, clock: tuple[bool, bytes], *parts: bytes) -> bytes:
    return _plain(kind, struct.pack(">I", (1 << 24) if clock[0] else 0), clock[1], *parts)


def _trak(
    number: int, size: tuple[int, int], shown: int, skipped: int, hz: int, lasts: int, kind: bytes, name: bytes,
    stbl: bytes,
) -> bytes:  # fmt: skip
    """A stream: `shown` in ticks of the film, `skipped` and `lasts` in its own, of which a second has `hz`."""
    wide = max(shown, lasts) > _SMALL
    head = struct.pack(">QQIIQ" if wide else ">IIIII", 0, 0, number, 0, shown)
    group, volume = (0, 0) if kind == b"vide" else (1, 0x100)
    tkhd = _box(
        b"tkhd", 3 | (wide << 24), head, bytes(8), struct.pack(">HHHH", 0, group, volume, 0), _UNITY,
        struct.pack(">II", size[0] << 16, size[1] << 16),
    )  # fmt: skip
    edit = struct.pack(">IQqI" if wide else ">IIiI", 1, shown, skipped, 0x10000)
    edts = _plain(b"edts", _box(b"elst", wide << 24, edit))
    # "und": in no language.
    mdhd = _full(b"mdhd", _clock(hz, lasts), struct.pack(">HH", 0x55C4, 0))
    hdlr = _box(b"hdlr", 0, bytes(4), kind, bytes(12), name + b"\0")
    about = _box(b"vmhd", 1, bytes(8)) if kind == b"vide" else _box(b"smhd", 0, bytes(4))
    here = _plain(b"dinf", _table(b"dref", _box(b"url ", 1)))
    return _plain(b"trak", tkhd, edts, _plain(b"mdia", mdhd, hdlr, _plain(b"minf", about, here, stbl)))


_FTYP = _plain(b"ftyp", b"isom", struct.pack(">I", 0x200), b"isomiso2avc1mp41")
