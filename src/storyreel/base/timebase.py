"""Exact time: integer frames at a rational rate, half-open ranges, audio samples by integer arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

Rate = Fraction
"""Frames per second, exact."""

AUDIO_HZ = 48_000
"""Samples per second of every sound that the cut handles."""

_NTSC = {"23.976": 24, "23.98": 24, "29.97": 30, "47.952": 48, "59.94": 60, "119.88": 120}
_DURATION = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<unit>s|f)?")


def parse_rate(text: str) -> Rate:
    """Read `24`, `25.0`, `24000/1001` or `23.976` (which means 24000/1001); raises ValueError outside 1 to 120."""
    text = text.strip()
    if text in _NTSC:
        rate = Fraction(_NTSC[text] * 1000, 1001)
    elif re.fullmatch(r"\d{1,6}/\d{1,6}|\d{1,3}(\.\d{1,6})?", text):
        rate = Fraction(text) if not text.endswith("/0") else Fraction(0)
    else:
        raise ValueError("not a frame rate")
    if not 1 <= rate <= 120:
        raise ValueError("outside 1 to 120 frames a second")
    return rate


def rate_text(rate: Rate) -> str:
    """Write a rate the way ffmpeg and people read it: `24` or `24000/1001`."""
    return str(rate.numerator) if rate.denominator == 1 else f"{rate.numerator}/{rate.denominator}"


def round_half_up(value: Fraction) -> int:
    """Round to the nearest integer, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """An authored length, exact, before it meets a frame grid: `4`, `4s`, `2.5s` (seconds) or `96f` (frames)."""

    amount: Fraction
    in_frames: bool = False

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read a duration of 0 to 86,400 seconds; raises ValueError."""
        found = _DURATION.fullmatch(text.strip())
        if found is None or len(text) > 24:
            raise ValueError("not a duration")
        amount, in_frames = Fraction(found["amount"]), found["unit"] == "f"
        if in_frames and amount.denominator != 1:
            raise ValueError("frames are whole")
        if amount > (86_400 * 120 if in_frames else 86_400):
            raise ValueError("longer than a day")
        return cls(amount, in_frames)

    def frames(self, rate: Rate) -> int:
        """Whole frames at `rate`, rounded half up."""
        return int(self.amount) if self.in_frames else round_half_up(self.amount * rate)

    def seconds(self, rate: Rate) -> Fraction:
        """Exact seconds at `rate`."""
        return self.amount / rate if self.in_frames else self.amount

    def __str__(self) -> str:
        return f"{self.amount}f" if self.in_frames else f"{seconds_text(self.amount)}s"


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Frames from `start` up to but without `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def shifted(self, by: int) -> Range:
        return Range(self.start + by, self.end + by)

    def overlap(self, other: Range) -> Range:
        """The frames in both; empty (start == end) where they do not meet."""
        start = max(self.start, other.start)
        return Range(start, max(start, min(self.end, other.end)))


def samples_at(frame: int, rate: Rate, hz: int = AUDIO_HZ) -> int:
    """The audio sample on which a frame begins, rounded half up; differences of it never drift."""
    return round_half_up(frame * hz / rate)


def seconds_text(seconds: Fraction) -> str:
    """Seconds for people: `4`, `2.5`, `0.417`."""
    if seconds.denominator == 1:
        return str(seconds.numerator)
    return f"{float(seconds):.3f}".rstrip("0").rstrip(".")
