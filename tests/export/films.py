"""Films to export: scenes in a row with takes that are here, takes that are not, and everything in between."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from storyreel.base.timebase import Range, samples_at
from storyreel.plan.cut import CardSource, Cut, CutEffect, CutMusic, CutTransition, FileSource, StillSource, TakeSource
from storyreel.plan.request import Asset
from storyreel.stitch.dialogue import Speech, schedule
from storyreel.stitch.export.media import Media, TakeFacts
from tests.stitch.films import dissolve, film, line, scene

HARBOUR = Asset("footage/harbour.mp4", "c" * 64)
DESK = Asset("stills/desk.png", "d" * 64)
SCORE = Asset("assets/score.wav", "e" * 64)
BELL = Asset("assets/bell.wav", "f" * 64)


def sample(rate: Fraction = Fraction(24), **more: object) -> Cut:
    """Every kind of source and transition once."""
    scenes = [
        scene("pier", TakeSource("a" * 64, 2, Range(6, 78), 120), transition=CutTransition("fade", 12)),
        scene(
            "stairs",
            TakeSource("b" * 64, 1, Range(0, 48), 72),
            TakeSource("9" * 64, 1, Range(0, 24), 72),
            transition=dissolve(12),
            lines=(
                line("It is dark.", (0, 48)),
                line("Until tonight.", (48, 72), who="narrator", voice=None, is_voice_over=True),
            ),
        ),
        scene("harbour", FileSource(HARBOUR, Range(10, 58), 240, True), transition=CutTransition("wipe", 8)),
        scene("slow", TakeSource("7" * 64, 1, Range(12, 60), 144), speed=Fraction(1, 2)),
        scene("desk", StillSource(DESK, "slow push-in", Range(0, 48)), transition=CutTransition("slide", 10)),
        scene("title", CardSource(Range(0, 36), "THE END"), transition=CutTransition("fade", 12)),
    ]
    scenes[0] = replace(scenes[0], effects=(CutEffect(BELL, 10, -6),), chapter="One")
    scenes[1] = replace(scenes[1], kind="shots")
    cut = film(*scenes, rate=rate)
    music = (
        CutMusic(SCORE, Range(0, cut.frames), -8, 12, 24, 24, True),
        CutMusic(BELL, Range(30, 90), 0, 0, 0, 0, False),
    )
    return replace(cut, music=music, **more)  # type: ignore[arg-type]


def media(folder: Path | None = None) -> Media:
    """Two takes of the pier, of which only the second is here; nothing else is."""
    here = None
    if folder is not None:
        here = folder / "second take.mp4"
        here.write_bytes(b"take")
    return Media(
        {
            ("a" * 64, 1): TakeFacts(None, "", "fal", True),
            ("a" * 64, 2): TakeFacts(here, "1" * 64, "fal", True),
            ("b" * 64, 1): TakeFacts(None, "", "fal", True),
        }
    )


def speeches(cut: Cut) -> tuple[Speech, ...]:
    return schedule(cut, {(1, 1): samples_at(20, cut.rate)})
