"""Timecode: nominal rates, drop frames, and the hour that edit lists begin with."""

from __future__ import annotations

from fractions import Fraction

import pytest

from storyreel.stitch.export.timecode import drops, nominal, timecode

otio = pytest.importorskip("opentimelineio", reason="it has no wheel for this Python")

NTSC24, NTSC30, NTSC60 = (Fraction(n * 1000, 1001) for n in (24, 30, 60))


@pytest.mark.parametrize(
    ("frame", "rate", "text"),
    [
        (0, Fraction(24), "00:00:00:00"),
        (24 * 3600 - 1, Fraction(24), "00:59:59:23"),
        (24, NTSC24, "00:00:01:00"),
        (1799, NTSC30, "00:00:59;29"),
        (1800, NTSC30, "00:01:00;02"),
        (17982, NTSC30, "00:10:00;00"),
        (3600, NTSC60, "00:01:00;04"),
        (50, Fraction(50), "00:00:01:00"),
        (13, Fraction(25, 2), "00:00:01:00"),
    ],
)
def test_numbers(frame: int, rate: Fraction, text: str) -> None:
    assert timecode(frame, rate) == text


def test_only_the_rates_of_tape_drop_numbers() -> None:
    rates = [Fraction(n) for n in (24, 25, 30, 50, 60)] + [NTSC24, NTSC30, NTSC60]
    assert [rate for rate in rates if drops(rate)] == [NTSC30, NTSC60]
    assert nominal(NTSC24) == 24


def test_an_hour_in_front_is_an_hour_of_the_clock() -> None:
    assert timecode(0, NTSC30, 1) == "01:00:00;00"
    assert timecode(5, Fraction(25), 1) == "01:00:00:05"
    assert timecode(0, Fraction(24), 24) == "00:00:00:00"


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30), NTSC24, NTSC30, NTSC60])
def test_the_official_library_reads_every_one_back(rate: Fraction) -> None:
    for frame in [*range(0, 200_000, 997), 1799, 1800, 1801, 3599, 3600, 17981, 17982, 17983]:
        read = otio.opentime.from_timecode(timecode(frame, rate), float(rate))
        assert read.to_frames() == frame
