"""What a file of the project is, by its content; its name says nothing."""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

from storyreel.board.source import MediaFacts
from storyreel.media.boxes import BoxesBroken, Fragmented, tracks_of
from storyreel.media.failed import MediaFailed
from storyreel.media.picture import picture_size
from storyreel.media.wav import WavBroken, wav_sound

_FILM_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def probe(path: Path) -> MediaFacts | None:
    """Facts of a picture, film or sound; None for any other file, and for one that is damaged or cut short.

    Seconds and rate are exact. A film's seconds are those of its picture. Raises OSError where it cannot be read,
    MediaFailed where a container that ffmpeg must read takes too long or there is no ffmpeg.
    """
    path = Path(path)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(16)
        file.seek(0)
        if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
            return _picture(file, size)
        if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
            try:
                sound = wav_sound(file, size)
            except (WavBroken, struct.error):
                return None
            if sound is not None:
                return MediaFacts("audio", seconds=sound.seconds, has_audio=True, size=size) if sound.frames else None
        if head[4:8] in _FILM_BOXES:
            try:
                return _film(file, size)
            except Fragmented:
                return _listed(path, "mov", size)
        if head[:4] == b"fLaC" and (seconds := _flac_seconds(file.read(42))) is not None:
            return MediaFacts("audio", seconds=seconds, has_audio=True, size=size)
    demuxer = _demuxer(head)
    return None if demuxer is None else _listed(path, demuxer, size)


def _picture(file: BinaryIO, size: int) -> MediaFacts | None:
    found = picture_size(file, size)
    return None if found is None else MediaFacts("image", found.width, found.height, size=size)


def _film(file: BinaryIO, size: int) -> MediaFacts | None:
    try:
        tracks = [track for track in tracks_of(file, size) if track.samples and track.seconds > 0]
    except BoxesBroken:
        return None
    picture = next((track for track in tracks if track.kind == "vide" and track.width and track.height), None)
    sound = next((track for track in tracks if track.kind == "soun"), None)
    if picture is not None:
        shape = (picture.width, picture.height)
        return MediaFacts("video", *shape, picture.seconds, picture.rate, sound is not None, size)
    return None if sound is None else MediaFacts("audio", seconds=sound.seconds, has_audio=True, size=size)


def _flac_seconds(head: bytes) -> Fraction | None:
    """The length that a FLAC says first of all; None where its writer did not know it."""
    packed = int.from_bytes(head[18:26], "big")  # rate in 20 bits, channels in 3, depth in 5, samples in 36
    hz, samples = packed >> 44, packed & (1 << 36) - 1
    return Fraction(samples, hz) if hz and samples and len(head) == 42 else None


def _demuxer(head: bytes) -> str | None:
    """ffmpeg's reader for a file that begins so."""
    starts = {b"\x1aE\xdf\xa3": "matroska", b"fLaC": "flac", b"OggS": "ogg", b"GIF8": "gif", b"ID3": "mp3"}
    for start, name in starts.items():
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12])
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "aac" if head[1] & 0xF6 == 0xF0 else "mp3"
    return None


def _listed(path: Path, demuxer: str, size: int) -> MediaFacts | None:
    from storyreel.media.packets import streams_of

    try:
        streams = streams_of(path, demuxer)
    except MediaFailed as problem:
        if "damaged" in problem.message:
            return None
        raise
    picture = next((s for s in streams if s.kind == "video" and all(s.size) and s.seconds > 0), None)
    sound = next((s for s in streams if s.kind == "audio" and s.seconds > 0), None)
    if picture is not None:
        return MediaFacts("video", *picture.size, picture.seconds, picture.rate, sound is not None, size)
    return None if sound is None else MediaFacts("audio", seconds=sound.seconds, has_audio=True, size=size)
