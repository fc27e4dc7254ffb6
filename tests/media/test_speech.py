"""Speech is found where it is, and nothing is claimed where it cannot be told."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from storyreel.media.speech import speech_in

HZ = 16_000


def sound(
    seconds: float, *spoken: tuple[float, float], noise_db: float = -60.0, said_db: float = -22.0
) -> npt.NDArray[np.int16]:
    """Noise, and over it syllables of a low voice from and to the given seconds."""
    random = np.random.default_rng(3)
    t = np.arange(round(seconds * HZ)) / HZ
    found = random.standard_normal(len(t)) * 10 ** (noise_db / 20)
    for start, end in spoken:
        at = (t >= start) & (t < end)
        tones = sum(np.sin(2 * np.pi * 130 * k * t) / k for k in range(1, 16))
        syllables = 0.25 + 0.75 * np.abs(np.sin(2 * np.pi * 2.1 * (t - start)))
        found += at * tones * syllables * 10 ** (said_db / 20)
    return np.clip(np.rint(found * 32767), -32768, 32767).astype(np.int16)


def seconds(samples: npt.NDArray[np.int16]) -> list[tuple[float, float]]:
    return [(at.start / HZ, at.end / HZ) for at in speech_in(samples, HZ)]


@pytest.mark.parametrize("noise_db", [-90.0, -60.0, -42.0])
def test_two_lines_in_room_tone(noise_db: float) -> None:
    found = seconds(sound(5, (0.8, 2.0), (3.1, 4.4), noise_db=noise_db))
    assert np.allclose(found, [(0.8, 2.0), (3.1, 4.4)], atol=0.12)


def test_both_channels_count() -> None:
    mono = sound(3, (1, 2))
    stereo = np.stack([np.zeros_like(mono), mono], axis=1)
    assert np.allclose([(a.start / HZ, a.end / HZ) for a in speech_in(stereo, HZ)], [(1, 2)], atol=0.12)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(0, np.int16),
        np.zeros(HZ * 3, np.int16),
        sound(3, noise_db=-30),
        sound(3, noise_db=-80),
        sound(3, (0.5, 2.5), noise_db=-20, said_db=-26),
    ],
    ids=["nothing", "silence", "a storm", "hiss", "a voice in a storm"],
)
def test_what_cannot_be_told_is_not_claimed(samples: npt.NDArray[np.int16]) -> None:
    assert speech_in(samples, HZ) == ()


def test_a_knock_is_no_word() -> None:
    samples = sound(4, (2, 3.2))
    samples[HZ // 2 : HZ // 2 + HZ // 20] = 20_000
    assert np.allclose(seconds(samples), [(2, 3.2)], atol=0.12)


def test_the_hum_of_a_machine_is_no_voice() -> None:
    t = np.arange(4 * HZ) / HZ
    hum = np.rint(9000 * np.sin(2 * np.pi * 50 * t)).astype(np.int16)
    assert speech_in(hum, HZ) == ()
    assert np.allclose(seconds(sound(4, (1, 2)) + hum), [(1, 2)], atol=0.12)
