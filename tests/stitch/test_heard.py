"""Lines of a generated take stand where its sound has them, where that can be told."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path

import pytest

from storyreel.base.timebase import AUDIO_HZ, Range
from storyreel.media.shelf import MemoryShelf
from storyreel.plan.cut import Cut, Source
from storyreel.stitch.captions import captions_of
from storyreel.stitch.dialogue import LineId, schedule
from storyreel.stitch.heard import heard_in, matched
from tests.stitch.films import draw, film, line, scene, take

VOICE = "(lt(mod(t*4.3\\,1)\\,0.75)*0.9+0.1)*(sin(2*PI*140*t)+sin(2*PI*420*t)/2+sin(2*PI*980*t)/3)"


def spoken(file: Path, *at: tuple[float, float], seconds: float = 5) -> Path:
    """A take in which something like a voice sounds between the given seconds."""
    gates = "+".join(f"between(t\\,{a}\\,{b})" for a, b in at) or "0"
    sound = f"aevalsrc=0.002*(random(0)-0.5)+0.2*({gates})*{VOICE}:s=48000"
    return draw(file, "color=black:s=64x64:r=24", sound=sound, seconds=seconds)


def heard(cut: Cut, file: Path, shelf: MemoryShelf) -> dict[LineId, tuple[float, float]]:
    def sound_of(source: Source) -> str | None:
        return "bytes"

    found = asyncio.run(heard_in(cut, sound_of, {"bytes": file}.get, shelf))
    return {ident: (a / AUDIO_HZ, b / AUDIO_HZ) for ident, (a, b) in found.items()}


MINE = line("My father is out there tonight.", (0, 120))
YOURS = line("Then we bring him in.", (0, 120), who="Ivo")


def test_two_lines_are_told_apart(tmp_path: Path) -> None:
    file = spoken(tmp_path / "two.mp4", (0.9, 2.6), (3.3, 4.6))
    cut = film(scene("a", take("A", 120), lines=(MINE, YOURS)))
    shelf = MemoryShelf(tmp_path)
    found = heard(cut, file, shelf)
    assert found == {(0, 0): pytest.approx((0.9, 2.6), abs=0.15), (0, 1): pytest.approx((3.3, 4.6), abs=0.15)}
    assert heard(cut, tmp_path / "gone", shelf) == found, "what was heard is kept"
    cues = captions_of(cut, schedule(cut, {}, {ident: _samples(at) for ident, at in found.items()}))
    assert [round(cue.at.start / 24, 1) for cue in cues] == pytest.approx([0.9, 3.3], abs=0.15)


def _samples(at: tuple[float, float]) -> tuple[int, int]:
    return round(at[0] * AUDIO_HZ), round(at[1] * AUDIO_HZ)


def test_trim_speed_and_place_in_the_film_are_reckoned_with(tmp_path: Path) -> None:
    file = spoken(tmp_path / "one.mp4", (2.0, 3.6))
    shot = scene("b", take("A", 96, start=24), lines=(line(MINE.text, (0, 96)),), speed=Fraction(1, 2))
    cut = film(scene("a", take("B", 48)), shot)
    ((_, at),) = heard(cut, file, MemoryShelf(tmp_path)).items()
    # The take's second 2 is 4 at half speed; one of these is trimmed away, and two seconds of film come before.
    assert at == pytest.approx((5.0, 8.0), abs=0.35) or at[0] == pytest.approx(5.0, abs=0.2)


def test_silence_and_noise_leave_lines_where_they_were(tmp_path: Path) -> None:
    cut = film(scene("a", take("A", 120), lines=(MINE, YOURS)))
    assert heard(cut, spoken(tmp_path / "none.mp4"), MemoryShelf(tmp_path)) == {}
    assert heard(cut, spoken(tmp_path / "all.mp4", (0, 5)), MemoryShelf(tmp_path)) == {}
    silent = draw(tmp_path / "silent.mp4", "color=black:s=64x64:r=24", seconds=5)
    assert heard(cut, silent, MemoryShelf(tmp_path)) == {}


def test_lines_of_the_bed_and_of_panels_are_not_listened_for(tmp_path: Path) -> None:
    over = line("Until tonight.", (0, 120), is_voice_over=True)
    cut = film(scene("a", take("A", 120), lines=(over,)), scene("b", take("A", 120, look="panel"), lines=(MINE,)))
    assert heard(cut, tmp_path / "never read", MemoryShelf(tmp_path)) == {}


@pytest.mark.parametrize(
    ("lengths", "stretches", "expected"),
    [
        ([100], [(10, 100)], [(10, 100)]),
        ([100], [(0, 30), (50, 150)], [(50, 150)]),  # a door, then the line
        ([100], [(0, 45), (60, 115)], [(0, 115)]),  # a line with a breath in it
        ([100, 50], [(0, 90), (120, 170)], [(0, 90), (120, 170)]),
        ([100, 50], [(0, 40), (60, 110), (150, 205)], [(0, 110), (150, 205)]),
        ([100, 50], [(30, 180)], [(30, 130), (130, 180)]),  # no pause between them: by length
        ([100], [(0, 900)], []),  # music
        ([100], [(0, 12)], []),  # a cough
        ([], [(0, 12)], []),
        ([100], [], []),
    ],
)
def test_stretches_go_to_lines(
    lengths: list[int], stretches: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert matched(lengths, [Range(*at) for at in stretches]) == [Range(*at) for at in expected]
