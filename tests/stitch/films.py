"""Small films for tests: scenes in a row, lines, and takes that ffmpeg draws."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storyreel.base.timebase import Range, Rate
from storyreel.media.ffmpeg import ffmpeg_path
from storyreel.plan.cut import CardSource, Cut, CutLine, CutScene, CutShot, CutTransition, Source, TakeSource

RATE: Rate = Fraction(24)
NO = CutTransition()


def take(key: str, length: int, *, start: int = 0, look: str = "take") -> TakeSource:
    return TakeSource(key, 1, Range(start, start + length), start + length, look)  # type: ignore[arg-type]


def scene(name: str, *sources: Source, transition: CutTransition = NO, **more: object) -> CutScene:
    """A scene of one shot for each source; `film` puts it in its place."""
    at, shots = 0, []
    for number, source in enumerate(sources, 1):
        shots.append(CutShot(number, None, Range(at, at + source.used.length), f"shot {number}", None))
        at += source.used.length
    kind = "card" if isinstance(sources[0], CardSource) else "shots"
    made = CutScene(name, 0, kind, Range(0, at), transition, sources, tuple(shots) if kind == "shots" else ())  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def film(*scenes: CutScene, rate: Rate = RATE, size: tuple[int, int] = (320, 180), **more: object) -> Cut:
    """Scenes in a row, overlapping where their transitions do."""
    placed: list[CutScene] = []
    end = 0
    for number, each in enumerate(scenes, 1):
        start = end - (each.transition.overlap if placed else 0)
        placed.append(replace(each, number=number, at=Range(start, start + each.at.length)))
        end = placed[-1].at.end
    cut = Cut("test", "Test", rate, *size, end, tuple(placed), loudness=None)
    return replace(cut, **more)  # type: ignore[arg-type]


def line(text: str, at: tuple[int, int], *, who: str = "Mara", **more: object) -> CutLine:
    return replace(CutLine(who, text, None, Range(*at), 0, False), **more)  # type: ignore[arg-type]


def dissolve(frames: int) -> CutTransition:
    return CutTransition("dissolve", frames)


def draw(file: Path, picture: str, *, sound: str | None = None, seconds: float = 3, extra: Sequence[str] = ()) -> Path:
    """A take from ffmpeg's own test sources; sizes and rates stand in `picture`."""
    sounds = ["-f", "lavfi", "-i", sound] if sound else []
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-t", str(seconds)]
    args = ["-v", "error", "-f", "lavfi", "-i", picture, *sounds, *coded, *extra, str(file)]
    subprocess.run([ffmpeg_path(), *args], check=True)
    return file
