"""Frames as SMPTE timecode."""

from __future__ import annotations

from storyreel.base.timebase import Rate

_DROPPING = (30, 60)
_LIMIT_HOURS = 24


def nominal(rate: Rate) -> int:
    """Frames that a second of timecode counts: 24 at 23.976, 30 at 29.97."""
    return -(-rate.numerator // rate.denominator)


def drops(rate: Rate) -> bool:
    """Whether timecode at this rate skips numbers to keep to the clock: 29.97 and 59.94 do, 23.976 never does."""
    return rate.denominator == 1001 and nominal(rate) in _DROPPING


def timecode(frame: int, rate: Rate, hours: int = 0) -> str:
    """`01:00:00:00`, with `;` before the frames where numbers are dropped; `hours` are put in front of the first frame.

    It starts over after 24 hours, as clocks do.
    """
    base = nominal(rate)
    frame += hours * _frames_in_hour(rate)
    frame %= _LIMIT_HOURS * _frames_in_hour(rate)
    if drops(rate):
        frame = _numbered(frame, base)
    seconds, rest = divmod(frame, base)
    mark = ";" if drops(rate) else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{mark}{rest:02}"


def _frames_in_hour(rate: Rate) -> int:
    base = nominal(rate)
    return base * 3600 - (base // 15 * 54 if drops(rate) else 0)


def _numbered(frame: int, base: int) -> int:
    """The number of a frame: two (at 60, four) are left out at each minute but every tenth."""
    left_out = base // 15
    minute, ten = base * 60 - left_out, base * 600 - left_out * 9
    tens, rest = divmod(frame, ten)
    number = frame + tens * 9 * left_out
    return number + (left_out * ((rest - left_out) // minute) if rest > left_out else 0)
