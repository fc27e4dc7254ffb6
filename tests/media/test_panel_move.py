"""The camera in every frame: it goes where it was told, eased, and never stands still."""

from __future__ import annotations

from itertools import pairwise

import pytest

from storyreel.media.panel.camera import read_camera
from storyreel.media.panel.move import FAR, NEAR, SUBJECT, Pose, poses

WORDS = [
    "static", "push in", "pull back", "pan left", "pan right", "tilt up", "tilt down", "track right", "crane up",
    "orbit left", "handheld", "dolly zoom", "crash zoom", "whip pan", "slow push-in", "",
]  # fmt: skip


def corner(pose: Pose, depth: float) -> tuple[float, float]:
    """Where a point a quarter of a frame right of and below the middle of a depth stands, in pixels of 1280 x 720."""
    x, y = pose.shift(depth)
    return (0.25 * pose.scale(depth) - x) * 1280, (0.25 * pose.scale(depth) - y) * 720


def travel(words: str, depth: float = SUBJECT) -> tuple[float, float, float]:
    """How far the middle of a depth goes right and down in the frame, and how much it grows."""
    first, *_, last = poses(read_camera(words), 96, 24)
    (x0, y0), (x1, y1) = first.shift(depth), last.shift(depth)
    return x0 - x1, y0 - y1, last.scale(depth) / first.scale(depth)


def test_each_move_goes_its_own_way() -> None:
    assert travel("push in")[2] > 1.1
    assert travel("pull back")[2] < 0.9
    assert travel("pan left")[0] > 0.1 > -0.1 > travel("pan right")[0]
    assert travel("tilt up")[1] > 0.1 > -0.1 > travel("tilt down")[1]
    assert travel("crane up")[1] > 0.1 > -0.1 > travel("crane down")[1]


def test_what_is_far_lags_behind() -> None:
    assert 1 < travel("push in", FAR)[2] < travel("push in", SUBJECT)[2] < travel("push in", NEAR)[2]
    assert travel("pan left", FAR)[0] == pytest.approx(travel("pan left", NEAR)[0], abs=0.01)


def test_an_orbit_keeps_the_subject_and_turns_what_is_behind() -> None:
    subject, behind, before = (travel("orbit right", depth)[0] for depth in (SUBJECT, FAR, NEAR))
    assert abs(subject) < 0.05
    assert behind > 0.1
    assert before < -0.1


def test_tracking_goes_along_with_the_subject() -> None:
    subject, behind = (travel("tracking right", depth)[0] for depth in (SUBJECT, FAR))
    assert abs(subject) < 0.02
    assert behind < -0.1


def test_a_dolly_zoom_lets_only_the_background_grow() -> None:
    assert travel("dolly zoom", SUBJECT)[2] == pytest.approx(1, abs=0.05)
    assert travel("dolly zoom", FAR)[2] > 1.2


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("frames", [24, 96, 360])
def test_no_two_frames_are_alike(words: str, frames: int) -> None:
    for one, next_ in pairwise(poses(read_camera(words), frames, 24)):
        steps = [b - a for d in (FAR, SUBJECT) for a, b in zip(corner(one, d), corner(next_, d), strict=True)]
        assert max(map(abs, steps)) > 0.01


@pytest.mark.parametrize("words", ["push in", "pan left", "orbit right", "crane up", "static", "track left"])
def test_moves_are_smooth(words: str) -> None:
    """Speed changes by less than a quarter of a pixel from frame to frame: no jolt, no jitter."""
    path = [corner(pose, SUBJECT) for pose in poses(read_camera(words), 120, 24)]
    speeds = [(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in pairwise(path)]
    jolts = [max(abs(a1 - a0), abs(b1 - b0)) for (a0, b0), (a1, b1) in pairwise(speeds)]
    assert max(jolts) < 0.25


def test_one_frame_is_a_shot_too() -> None:
    assert len(poses(read_camera("push in"), 1, 24)) == 1
