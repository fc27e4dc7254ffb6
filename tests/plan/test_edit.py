"""What is shown of what was bought."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from storyreel.base.timebase import Range, round_half_up
from storyreel.plan.edit import Edit, Trimming, TrimRefused, bought_frames, edit, edit_file
from storyreel.plan.fit import FittedPart

FILM = Fraction(24)
TWO_SHOTS = FittedPart(0, 2, (3, 2), 108)  # 2.5 + 2 s written
SPLIT = (FittedPart(0, 2, (6, 6), 288), FittedPart(2, 3, (6,), 144))


def test_what_is_over_is_trimmed_from_the_end() -> None:
    shown = edit((TWO_SHOTS,), FILM, Trimming())
    assert shown.frames == 108
    assert [(s.used, s.available, s.last) for s in shown.stretches] == [(Range(0, 108), 120, 107)]
    assert shown.shots == (Range(0, 72), Range(72, 108))


def test_parts_follow_one_another() -> None:
    shown = edit(SPLIT, FILM, Trimming())
    assert [(s.part, s.used) for s in shown.stretches] == [(0, Range(0, 288)), (1, Range(0, 144))]
    assert shown.shots == (Range(0, 144), Range(144, 288), Range(288, 432))


def test_a_trim_may_leave_out_a_part_and_its_shots() -> None:
    shown = edit(SPLIT, FILM, Trimming(300, 400))
    assert [(s.part, s.used, s.last) for s in shown.stretches] == [(1, Range(12, 112), 111)]
    assert shown.shots == (None, None, Range(0, 100))


def test_half_speed_shows_twice_as_long() -> None:
    shown = edit((TWO_SHOTS,), FILM, Trimming(12, 60, Fraction(1, 2)))
    assert shown.frames == 96
    assert [(s.used, s.available, s.last) for s in shown.stretches] == [(Range(24, 120), 240, 59)]
    assert shown.shots == (Range(0, 96), None)


def test_a_clip_is_counted_from_the_beginning_of_its_file() -> None:
    shown = edit_file(Range(298, 394), 1000, Trimming(), FILM)
    assert [(s.used, s.available, s.last) for s in shown.stretches] == [(Range(298, 394), 1000, 393)]


@pytest.mark.parametrize("trimming", [Trimming(50, 50), Trimming(0, 4, Fraction(10)), Trimming(0, 109)])
def test_a_trim_that_leaves_nothing_is_refused(trimming: Trimming) -> None:
    with pytest.raises(TrimRefused):
        edit((TWO_SHOTS,), FILM, trimming)


parts = st.lists(st.integers(3, 15), min_size=1, max_size=4).flatmap(
    lambda seconds: st.tuples(*(st.tuples(st.just(s), st.integers((s - 1) * 24 + 1, s * 24)) for s in seconds))
)


@given(parts, st.integers(0, 400), st.integers(1, 400), st.sampled_from(["1", "0.5", "2", "0.7", "3.3"]))
def test_stretches_and_shots_cover_the_scene_without_gap(
    sold: tuple[tuple[int, int], ...], start: int, length: int, speed: str
) -> None:
    bought = tuple(FittedPart(i, i + 1, (seconds,), frames) for i, (seconds, frames) in enumerate(sold))
    whole = sum(part.frames for part in bought)
    assume(start + length <= whole)
    trimming = Trimming(start, start + length, Fraction(speed))
    assume(round_half_up(length / trimming.speed) >= 1)
    shown = edit(bought, FILM, trimming)
    assert sum(s.used.length for s in shown.stretches) == shown.frames == round_half_up(length / trimming.speed)
    assert all(0 <= s.used.start < s.used.end <= s.available for s in shown.stretches)
    assert all(0 <= s.last < bought[s.part].frames for s in shown.stretches)
    assert covered(shown) == shown.frames


def covered(shown: Edit) -> int:
    """Frames up to which shots follow one another without a gap."""
    end = 0
    for at in shown.shots:
        if at is not None:
            assert at.start == end
            end = at.end
    return end


def test_shots_of_a_take_fill_it() -> None:
    assert bought_frames(TWO_SHOTS, Fraction(24000, 1001)) == (72, 48)
    assert bought_frames(FittedPart(0, 2, (3, 2), 126), Fraction(25)) == (75, 51)
