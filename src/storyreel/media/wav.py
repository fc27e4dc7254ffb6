"""WAV files whose samples can be taken as they lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import BinaryIO

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_UNKNOWN = (0, 0xFFFFFFFF)


class WavBroken(Exception):
    """The samples end before the file says they do."""


@dataclass(frozen=True, slots=True)
class WavSound:
    """Where the samples lie: `frames` of `channels` samples of `bits` from byte `offset` on."""

    hz: int
    channels: int
    bits: int
    offset: int
    frames: int
    is_float: bool = False

    @property
    def seconds(self) -> Fraction:
        return Fraction(self.frames, self.hz)


def wav_sound(file: BinaryIO, length: int) -> WavSound | None:
    """Walk a file of `length` bytes; None for what is no WAV or holds compressed sound; raises WavBroken."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    form, at = None, 12
    while at + 8 <= length:
        file.seek(at)
        kind, count = struct.unpack("<4sI", file.read(8))
        at += 8
        if kind == b"fmt " and count >= 16:
            form = file.read(min(count, 40))
        elif kind == b"data" and form is not None:
            if count in _UNKNOWN:  # written to a pipe: it goes on to the end
                count = length - at
            if at + count > length:
                raise WavBroken
            return _sound(form, at, count)
        at += count + (count & 1)
    return None


def _sound(form: bytes, offset: int, count: int) -> WavSound | None:
    tag, channels, hz, _, block, bits = struct.unpack_from("<HHIIHH", form)
    if tag == _EXTENSIBLE and len(form) >= 26:
        (tag,) = struct.unpack_from("<H", form, 24)
    if tag not in (_PCM, _FLOAT) or not 1 <= channels <= 32 or not 1000 <= hz <= 768_000:
        return None
    if bits not in (8, 16, 24, 32, 64) or block != channels * bits // 8:
        return None
    return WavSound(hz, channels, bits, offset, count // block, tag == _FLOAT)
