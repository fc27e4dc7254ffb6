"""Real films of an asked length: a colour, a bar that moves, a tone. Small, quick, and different for each variant."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from storyreel.media.ffmpeg import ffmpeg_path

FPS = 24
OFF_BY = ((-4, -4), (4, -4), (0, 0), (0, 4), (-8, 0), (4, 0))
"""Clips of one tier are not of one size."""

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Film:
    """What is on it; equal films have equal bytes."""

    seconds: float
    width: int
    height: int
    variant: str = "0"
    """Any text: another one gives another picture and another tone."""
    has_sound: bool = True


def shot_film(
    seconds: float, ratio: str, short_side: int, variant: str, *, has_sound: bool, scale: float = 1.0
) -> Film:
    """A film as a model makes it: nearly of the size that its tier names, off by a few pixels.

    `ratio` is W:H. `scale` below 1 keeps tests quick.
    """
    across, down = (int(part) for part in ratio.split(":"))
    unit = short_side * scale / min(across, down)
    more = OFF_BY[sha256(variant.encode()).digest()[0] % len(OFF_BY)] if scale >= 0.5 else (0, 0)
    width, height = (_even(unit * side) + extra for side, extra in zip((across, down), more, strict=True))
    return Film(seconds, width, height, variant, has_sound)


def film(asked: Film) -> bytes:
    """The bytes of an mp4; made once and kept in a folder of temporary files."""
    with _LOCK:
        return _film(asked)


@lru_cache(maxsize=256)
def _film(asked: Film) -> bytes:
    folder = Path(tempfile.gettempdir()) / f"storyreel-films-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"{sha256(repr((asked, 2)).encode()).hexdigest()[:32]}.mp4"
    if not kept.exists():
        descriptor, name = tempfile.mkstemp(suffix=".mp4", dir=folder)
        os.close(descriptor)
        subprocess.run([ffmpeg_path(), *_arguments(asked), name], check=True, stdin=subprocess.DEVNULL)
        Path(name).replace(kept)
    return kept.read_bytes()


def _arguments(asked: Film) -> list[str]:
    seed = sha256(asked.variant.encode()).digest()
    back, front = (f"0x{part.hex()}" for part in (seed[:3], seed[3:6]))
    lasts = f"r={FPS}:d={asked.seconds}"
    bar, speed = max(2, _even(asked.width / 12)), asked.width // 8 + seed[6]
    sound = ["-f", "lavfi", "-i", f"sine=f={200 + seed[7] * 2}:r=44100:d={asked.seconds}"] if asked.has_sound else []
    coded = ["-map", "2:a", "-c:a", "aac", "-b:a", "64k"] if asked.has_sound else []
    return [
        "-hide_banner", "-v", "error", "-y",
        "-f", "lavfi", "-i", f"color=c={back}:s={asked.width}x{asked.height}:{lasts}",
        "-f", "lavfi", "-i", f"color=c={front}:s={bar}x{asked.height}:{lasts}",
        *sound, "-filter_complex", f"[0][1]overlay=x='mod(t*{speed},W)':shortest=1[v]", "-map", "[v]", *coded,
        "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", "-pix_fmt", "yuv420p", "-g", "48",
        "-fflags", "+bitexact", "-flags:v", "+bitexact", "-movflags", "+faststart", "-f", "mp4",
    ]  # fmt: skip


def _even(size: float) -> int:
    return max(2, round(size / 2) * 2)


def corrupt_moov(data: bytes) -> bytes:
    """The index is noise, and the boxes around it stand where they stood."""
    at = data.index(b"moov") + 4
    return data[:at] + b"\xa5" * 400 + data[at + 400 :]


def zero_frames() -> bytes:
    """A film without a single sample: its type and nothing else."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + b"\x00\x00\x00\x08mdat"
