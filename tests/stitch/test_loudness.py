"""How loud films become: measured by the standard, levelled, and never over the ceiling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from storyreel.base.timebase import AUDIO_HZ
from storyreel.media.shelf import MemoryShelf
from storyreel.stitch.loudness import Measured, Peaks, apply, gain_for, measure
from storyreel.stitch.meter import SILENCE, Meter
from storyreel.stitch.sound import make_bed
from tests.stitch.films import film, scene, take
from tests.stitch.sounds import bed, ignore, lufs, scored, wav

Takes = Callable[[str], Path]
S = AUDIO_HZ


def test_loudness_is_that_of_the_standard() -> None:
    # A sine of 997 Hz at -18 dBFS in both channels has -18 LUFS: that is how the scale is made.
    sine = 10 ** (-18 / 20) * np.sin(np.arange(4 * S) * 2 * np.pi * 997 / S)
    block = np.repeat(sine[:, None], 2, axis=1).astype(np.float32)
    assert lufs(block[:1234], block[1234:S], block[S:]) == pytest.approx(-18, abs=0.05)
    assert lufs(block, np.zeros_like(block)) == pytest.approx(-18, abs=0.2)  # silence is gated
    assert lufs(np.zeros((S, 2))) == lufs(block[:1000]) == SILENCE


def test_the_meter_agrees_with_ffmpeg(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    walk = np.cumsum(random.normal(0, 0.002, (5 * S, 2)), axis=0) * 0.2 + random.normal(0, 0.02, (5 * S, 2))
    walk[2 * S : 3 * S] = 0
    file = wav(tmp_path / "walk.wav", walk)
    assert lufs(walk[: 2 * S], walk[2 * S :]) == pytest.approx(asyncio.run(measure(file)).lufs, abs=0.05)


def test_loudness_under_a_gain_is_known_without_measuring_again() -> None:
    meter = Meter()
    meter.add(np.random.default_rng(1).normal(0, 0.1, (2 * S, 2)).astype(np.float32))
    halved = meter.loudness(np.full(2000, 0.5, np.float32))
    assert halved == pytest.approx(meter.loudness() - 6.02, abs=0.01)


def test_noise_alone_is_not_blown_up() -> None:
    assert gain_for(-56, -14) == 0
    assert gain_for(-40, -14) == 26
    assert gain_for(-20, -14) == 6
    assert gain_for(-20, None) == 0


def test_no_true_peak_passes_the_ceiling() -> None:
    # A quarter of the rate, off by an eighth of a turn: its peaks lie between the samples, 3 dB above them.
    sine = np.sin(np.arange(S) * np.pi / 2 + np.pi / 4) * 0.7
    block = np.repeat(sine[:, None], 2, axis=1).astype(np.float32)
    peaks = Peaks()
    for start in range(0, S, 1234):
        peaks.add(block[start : start + 1234])
    gains = peaks.gains(6.0)
    assert np.abs(apply(gains, block, 0)).max() == pytest.approx(10 ** (-1.8 / 20) * np.sqrt(0.5), rel=0.02)


def test_what_is_quiet_enough_is_not_touched_by_the_limiter() -> None:
    block = np.full((S, 2), 0.1, np.float32)
    peaks = Peaks()
    peaks.add(block)
    assert np.allclose(apply(peaks.gains(6.0), block, 0), block * 10 ** (6 / 20), rtol=1e-5)


@pytest.fixture
def shelf(tmp_path: Path) -> MemoryShelf:
    return MemoryShelf(tmp_path / "shelf")


def finished(file: Path, target: float | None = -14.0) -> Measured:
    """What ffmpeg measures of the finished sound of a film that is one file."""
    count = (file.stat().st_size - 44) // 2 * 24 // S
    cut = film(scene("a", take("A", count)), loudness=target)
    made = make_bed(
        scored(cut), target, original=lambda _: file, shelf=MemoryShelf(file.parent / "shelf"), encoder="x",
        on_event=ignore,
    )  # fmt: skip
    return asyncio.run(measure(asyncio.run(made)))


T = np.arange(6 * S) / S
RANDOM = np.random.default_rng(7)
WORDS = sum(np.sin(2 * np.pi * 130 * k * T + k) / k for k in range(1, 20)) * np.clip(np.sin(2 * np.pi * 0.7 * T), 0, 1)
FILMS = {
    "quiet": 0.006 * WORDS,
    "loud": 0.95 * np.sign(np.sin(2 * np.pi * 220 * T)),
    "rain": RANDOM.uniform(-0.9, 0.9, len(T)),
    "clicks": np.where(np.arange(len(T)) % 4801 < 3, 0.99, 0) + RANDOM.normal(0, 0.02, len(T)),
    "speech": 0.1 * WORDS,
    "three seconds": 0.1 * WORDS[: 3 * S],
}


@pytest.mark.parametrize("name", FILMS)
def test_a_film_reaches_its_loudness_under_its_ceiling(name: str, tmp_path: Path) -> None:
    found = finished(wav(tmp_path / "take.wav", FILMS[name]))
    assert found.lufs == pytest.approx(-14, abs=0.5)
    assert found.true_peak_db is not None
    assert found.true_peak_db < -1


def test_a_silent_film_stays_silent(tmp_path: Path) -> None:
    noise = RANDOM.normal(0, 0.0003, 3 * S)
    found = finished(wav(tmp_path / "take.wav", noise))
    assert found.true_peak_db is not None
    assert found.true_peak_db < -50


def test_rooms_alone_stay_as_quiet_as_rooms(takes: Takes, shelf: MemoryShelf) -> None:
    rooms = film(scene("a", take("A", 96, look="panel")), scene("b", take("B", 96, look="panel")), loudness=-14.0)
    assert asyncio.run(measure(bed(rooms, takes, shelf))).lufs < -40


def test_without_a_target_nothing_is_made_louder_or_quieter(tmp_path: Path) -> None:
    found = finished(wav(tmp_path / "take.wav", 0.1 * WORDS), None)
    assert found.lufs == pytest.approx(lufs(np.repeat(0.1 * WORDS[:, None], 2, axis=1)) - 3.01, abs=0.1)
