"""Many takes of mixed kinds, each with a flash and a beep on its first frame. STORYREEL_CAMPAIGN=full: a hundred."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storyreel.base.timebase import samples_at
from storyreel.media.ffmpeg import ffmpeg_path, read_sound
from storyreel.plan.cut import Cut
from storyreel.stitch.encoding import ticks_of
from tests.stitch.films import dissolve, film, scene, take
from tests.stitch.studio import Room

COUNT = 100 if os.environ.get("STORYREEL_CAMPAIGN") == "full" else 12

KINDS = [
    ("24", 44_100, "320x180", ["-pix_fmt", "yuv420p"]),
    ("30", 48_000, "322x182", ["-pix_fmt", "yuv444p"]),
    ("25", 32_000, "480x270", ["-pix_fmt", "yuv420p", "-ac", "1"]),
    ("30000/1001", 44_100, "180x320", ["-pix_fmt", "yuv420p10le"]),
    ("60", 48_000, "319x179", ["-pix_fmt", "yuv444p", "-ac", "6"]),
    ("24000/1001", 22_050, "640x360", ["-pix_fmt", "yuv420p", "-color_range", "pc"]),
    ("50", 96_000, "270x480", ["-pix_fmt", "yuv420p", "-use_editlist", "0"]),
]
"""Rate, samples a second, size, and how it is encoded."""


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("campaign")
    made = {}
    for number, (rate, hz, size, how) in enumerate(KINDS):
        file = folder / f"{number}.mp4"
        # White for the time of one frame of the film, whatever the take's own frames are.
        flash = f"color=0x202020:s={size}:r={rate},drawbox=t=fill:c=white:enable='lt(t,0.0416)'"
        beep = f"aevalsrc=0.6*sin(2*PI*1000*t)*lt(t\\,0.06):s={hz}"
        coded = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac", "-t", "2.6", *how]
        argv = [ffmpeg_path(), "-v", "error", "-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep, *coded, str(file)]
        subprocess.run(argv, check=True)
        made[str(number)] = file
    return made


def long_film(rate: Fraction) -> Cut:
    scenes = [scene(f"s{n}", take(str(n % len(KINDS)), 36 + 7 * n % 23)) for n in range(COUNT)]
    scenes = [replace(s, transition=dissolve(5 + n % 5)) if n % 4 == 3 else s for n, s in enumerate(scenes)]
    return film(*scenes, rate=rate, loudness=-14.0)


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(30_000, 1001)])
def test_picture_and_sound_stay_together_at_every_join(rate: Fraction, takes: dict[str, Path], tmp_path: Path) -> None:
    cut = long_film(rate)
    reel = Room(tmp_path, takes).make(cut)
    assert decoded_by_ffmpeg(reel) == cut.frames
    stamps, greys = decoded_by_another(reel)
    assert stamps == [ticks_of(rate) * n for n in range(cut.frames)]
    sound = np.abs(asyncio.run(read_sound(reel))[:, 0].astype(int))
    assert abs(len(sound) - samples_at(cut.frames, rate)) <= 1
    worst = 0.0
    for each in cut.scenes:
        if each.transition.overlap:
            continue
        start = each.at.start
        assert greys[start] > 150, f"{each.id} does not begin with its flash"
        assert max(greys[max(0, start - 1) : start], default=0) < 100, f"{each.id}: a flash before its time"
        sample = samples_at(start, rate)
        window = sound[max(0, sample - 2400) : sample + 2400]
        onset = int(np.flatnonzero(window > window.max() / 8)[0]) - min(sample, 2400)
        worst = max(worst, abs(onset) / 48)
    sys.stdout.write(f"{COUNT} takes at {float(rate):.3f}: {cut.frames} frames, worst offset {worst:.2f} ms\n")
    assert worst <= 2


def decoded_by_ffmpeg(reel: Path) -> int:
    """Frames; any complaint is a failure, and so is a stamp of either stream that does not rise."""
    argv = [ffmpeg_path(), "-v", "warning", "-i", str(reel), "-f", "framecrc", "-"]
    ended = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    rows = [row.split(",") for row in ended.stdout.splitlines() if not row.startswith("#")]
    for stream in "01":
        stamps = [int(row[1]) for row in rows if row[0] == stream]
        assert stamps == sorted(set(stamps))
    return sum(row[0] == "0" for row in rows)


def decoded_by_another(reel: Path) -> tuple[list[int], list[float]]:
    """Stamps of all pictures in ticks, and how light they are, by PyAV; packets of both streams rise in time."""
    with av.open(str(reel)) as opened:
        for stream in opened.streams:
            times = [packet.dts for packet in opened.demux(stream) if packet.dts is not None]
            assert times == sorted(set(times))
            opened.seek(0)
        frames = [(frame.pts or 0, float(frame.to_ndarray(format="gray").mean())) for frame in opened.decode(video=0)]
    return [pts for pts, _ in frames], [grey for _, grey in frames]
