"""The child that speaks: a JSON task on standard input, WAV files, a JSON map of file to samples on standard output.

The speech library is GPL and full of state, so it lives here alone, and each line in a copy of this process.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples = npt.NDArray[np.float64]

_SYNCHRONOUS = 2
_RATE, _PITCH, _RANGE = 1, 3, 4
_UTF8 = 1
_SEED = 1
_LONGEST_PATH = 120
_PAD_S = 0.03
_PEAK = 0.89


class _Library:
    """espeak-ng, ready to speak."""

    def __init__(self, folder: str) -> None:
        name = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}.get(sys.platform, "libespeak-ng.so")
        self._calls = ctypes.CDLL(str(Path(folder, name)))
        self._heard: list[bytes] = []
        self.hz = self._calls.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(folder), 0)
        if self.hz <= 0:
            raise SystemExit("espeak-ng found no voices")
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
        self._callback = kind(self._hear)  # kept, because the library keeps only its address
        self._calls.espeak_SetSynthCallback(self._callback)

    def _hear(self, samples: int | None, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._heard.append(ctypes.string_at(samples, 2 * count))
        return 0

    def say(self, line: Mapping[str, Any]) -> bytes:
        """16-bit mono samples."""
        variant = f"+{line['variant']}" if line["variant"] else ""
        for language in line["languages"]:
            if self._calls.espeak_SetVoiceByName(f"{language}{variant}".encode()) == 0:
                break
        for parameter, key in ((_RATE, "rate"), (_PITCH, "pitch"), (_RANGE, "range")):
            self._calls.espeak_SetParameter(parameter, int(line[key]), 0)
        if hasattr(self._calls, "espeak_ng_SetRandSeed"):
            self._calls.espeak_ng_SetRandSeed(ctypes.c_long(_SEED))
        text = line["text"].encode()
        self._calls.espeak_Synth(text, ctypes.c_size_t(len(text) + 1), 0, 1, 0, _UTF8, None, None)
        self._calls.espeak_Synchronize()
        return b"".join(self._heard)


def main() -> None:
    """Speak all lines of a task; a line that crashes the library is left out."""
    task = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as short:
        folder = task["library"]
        if len(os.fsencode(folder)) > _LONGEST_PATH:  # the library holds paths in 160 bytes
            Path(short, "v").symlink_to(folder)
            folder = str(Path(short, "v"))
        library = _Library(folder)
        heard = {file: _alone(library, line) for file, line in task["lines"].items()}
    written = {file: _write(Path(file), pcm, library.hz, task) for file, pcm in heard.items()}
    json.dump(written, sys.stdout)


def _alone(library: _Library, line: Mapping[str, Any]) -> bytes:
    """Speak in a copy of this process: what was said before would change how the next line sounds."""
    if not hasattr(os, "fork"):
        return library.say(line)
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(read_end)
            with os.fdopen(write_end, "wb") as pipe:
                pipe.write(library.say(line))
            status = 0
        finally:
            os._exit(status)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        pcm = pipe.read()
    _, status = os.waitpid(child, 0)
    return pcm if status == 0 else b""


def _write(file: Path, pcm: bytes, hz: int, task: Mapping[str, Any]) -> int:
    """Shape a line, keep it whole or not at all, and tell its samples; 0 for silence."""
    import numpy as np

    sound = _trimmed(np.frombuffer(pcm, "<i2").astype(np.float64) / 32768, hz)
    if not len(sound):
        return 0
    sound = _resampled(sound, hz, task["hz"])
    gain = 10 ** ((task["lufs"] - _loudness(sound, task["hz"])) / 20)
    sound *= min(gain, _PEAK / float(np.abs(sound).max()))
    new = file.with_name(f".{file.stem}.{os.getpid()}.wav")
    with wave.open(str(new), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(task["hz"])
        out.writeframes(np.rint(sound * 32767).astype("<i2").tobytes())
    new.replace(file)
    return len(sound)


def _trimmed(sound: Samples, hz: int) -> Samples:
    import numpy as np

    loud = np.flatnonzero(np.abs(sound) > 0.004)
    if not len(loud):
        return sound[:0]
    pad = round(_PAD_S * hz)
    kept = sound[max(0, loud[0] - pad) : loud[-1] + pad].copy()
    ramp = np.linspace(0, 1, min(pad, len(kept) // 2))
    kept[: len(ramp)] *= ramp
    kept[len(kept) - len(ramp) :] *= ramp[::-1]
    return kept


def _resampled(sound: Samples, hz: int, to_hz: int) -> Samples:
    """Band-limited, by spectrum: exact and the same everywhere; padded so that both lengths are whole."""
    import numpy as np

    step = hz // math.gcd(hz, to_hz) * 64  # keeps the lengths free of large prime factors
    whole = np.concatenate([sound, np.zeros(-len(sound) % step + step)])
    length = len(whole) * to_hz // hz
    found = np.fft.irfft(np.fft.rfft(whole), length) * (length / len(whole))
    return found[: len(sound) * to_hz // hz]


def _loudness(sound: Samples, hz: int) -> float:
    """LUFS of a mono sound after ITU-R BS.1770: filtered in the spectrum, gated in blocks of 400 ms."""
    import numpy as np

    size = 1 << (2 * len(sound)).bit_length()  # other lengths can be a hundred times slower
    bins = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    shelf = (1.53512485958697 - 2.69169618940638 * bins + 1.19839281085285 * bins**2) / (
        1 - 1.69065929318241 * bins + 0.73248077421585 * bins**2
    )
    high_pass = (1 - 2 * bins + bins**2) / (1 - 1.99004745483398 * bins + 0.99007225036621 * bins**2)
    power = np.fft.irfft(np.fft.rfft(sound, size) * shelf * high_pass)[: len(sound)] ** 2
    block = min(len(power), round(0.4 * hz))
    sums = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(power) - block + 1, max(1, block // 4))
    blocks = (sums[starts + block] - sums[starts]) / block
    for gate in (1e-7, None):
        floor = gate if gate is not None else float(blocks.mean()) / 10
        blocks = blocks[blocks > floor] if (blocks > floor).any() else blocks
    return float(-0.691 + 10 * np.log10(max(float(blocks.mean()), 1e-12)))


if __name__ == "__main__":
    main()
