"""Looking at planes: as exact as floating point would be, to a level."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from storyreel.media.panel.plane import Bench, Look, Plane, Window

RANDOM = np.random.RandomState(3)
SAMPLES = (RANDOM.uniform(0, 254, (90, 130)) * 4).astype(np.uint16)


def looked(window: Window, shape: tuple[int, int], samples: np.ndarray = SAMPLES) -> np.ndarray:
    plane = Plane(samples)
    into = np.zeros(shape, np.uint8)
    Look(window, shape, plane.shape, Bench()).fill(into, plane)
    return into


def reference(window: Window, shape: tuple[int, int], samples: np.ndarray = SAMPLES) -> np.ndarray:
    x = np.clip(window.x + np.arange(shape[1]) * window.step, 0, samples.shape[1] - 1)
    y = np.clip(window.y + np.arange(shape[0]) * window.step, 0, samples.shape[0] - 1)
    values = samples / 4
    left, top = np.minimum(x.astype(int), samples.shape[1] - 2), np.minimum(y.astype(int), samples.shape[0] - 2)
    fx, fy = x - left, (y - top)[:, None]
    upper = values[np.ix_(top, left)] * (1 - fx) + values[np.ix_(top, left + 1)] * fx
    lower = values[np.ix_(top + 1, left)] * (1 - fx) + values[np.ix_(top + 1, left + 1)] * fx
    return np.asarray(upper * (1 - fy) + lower * fy)


@pytest.mark.parametrize(
    "window",
    [
        Window(0, 0, 1), Window(3.37, 5.81, 1), Window(10.25, 4.5, 0.83), Window(1.9, 2.2, 1.21),
        Window(-6.5, -3.25, 1.1), Window(40, 30, 1.4), Window(60.3, 50.2, 0.31),
    ],
)  # fmt: skip
def test_a_look_is_bilinear(window: Window) -> None:
    shape = (64, 80)
    # Positions are held to a 64th of a pixel, and between neighbours there may be 254 levels.
    assert np.abs(looked(window, shape) - reference(window, shape)).max() < 1 + 2 * 254 / 64


def test_gradients_are_dithered_not_banded() -> None:
    ramp = np.tile(np.linspace(200, 240, 400), (64, 1)).astype(np.uint16)  # ten levels across 400 pixels
    found = looked(Window(0, 0, 1), (64, 400), ramp).astype(float)
    assert abs(found.mean(axis=0) - ramp[0] / 4).max() < 0.3
    assert found.std(axis=0).max() > 0.3


def test_what_is_full_stays_full() -> None:
    assert looked(Window(0.3, 0.6, 1), (40, 50), np.full((60, 60), 1020, np.uint16)).min() == 254
    assert looked(Window(0.3, 0.6, 1), (40, 50), np.zeros((60, 60), np.uint16)).max() == 0


def test_large_frames_are_looked_at_in_pieces_that_fit() -> None:
    samples = (RANDOM.uniform(0, 254, (500, 700)) * 4).astype(np.uint16)
    window = Window(12.4, 8.7, 0.52)
    off = looked(window, (800, 1100), samples) - reference(window, (800, 1100), samples)
    assert np.abs(off).max() < 1 + 2 * 254 / 64


def test_a_step_of_a_tenth_of_a_pixel_can_be_seen() -> None:
    soft = np.tile(600 + 400 * np.sin(np.arange(160) / 5), (60, 1)).astype(np.uint16)
    frames = [looked(Window(4 + number / 10, 4, 1), (40, 120), soft).astype(int) for number in range(11)]
    for one, next_ in pairwise(frames):
        assert np.abs(one - next_).mean() > 0.5
