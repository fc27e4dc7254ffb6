"""Colour: OKLCH for choosing, sRGB for drawing, BT.709 limited range for film."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

Rgb = tuple[int, int, int]

TO_YUV = (
    0.18258588, 0.61423059, 0.06200706, 16.0,
    -0.10064373, -0.33857195, 0.43921569, 128.0,
    0.43921569, -0.39894216, -0.04027352, 128.0,
)  # fmt: skip
"""sRGB to BT.709 limited range, as the 12 numbers that `Image.convert` takes."""

_TO_LMS = np.array(
    [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.2914855480]]
)
_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
_FROM_LINEAR, _FROM_LMS = np.linalg.inv(_TO_LINEAR), np.linalg.inv(_TO_LMS)


def oklch(lightness: float, chroma: float, hue: float) -> Rgb:
    """An sRGB colour of lightness 0 to 1 and hue in degrees; chroma gives way where the screen cannot show it."""
    angle = math.radians(hue)
    while True:
        linear = _linear(np.array([lightness, chroma * math.cos(angle), chroma * math.sin(angle)]))
        if chroma < 0.002 or (linear.min() >= -1e-4 and linear.max() <= 1 + 1e-4):
            return _rgb(linear)
        chroma -= 0.002


def mix(first: Rgb, second: Rgb, amount: float) -> Rgb:
    """`amount` 0 is the first, 1 the second; halfway looks halfway."""
    return _rgb(_linear(_oklab(first) * (1 - amount) + _oklab(second) * amount))


def lightness(color: Rgb) -> float:
    """OKLab lightness, 0 to 1."""
    return float(_oklab(color)[0])


def contrast(first: Rgb, second: Rgb) -> float:
    """The contrast ratio of WCAG 2, 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def yuv(color: Rgb) -> tuple[float, float, float]:
    """A colour as it stands on film, not rounded."""
    r, g, b = color
    rows = (TO_YUV[i : i + 4] for i in (0, 4, 8))
    y, u, v = (k[0] * r + k[1] * g + k[2] * b + k[3] for k in rows)
    return y, u, v


def _oklab(color: Rgb) -> npt.NDArray[np.float64]:
    coded = np.array(color) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    found: npt.NDArray[np.float64] = _FROM_LMS @ np.cbrt(_FROM_LINEAR @ linear)
    return found


def _linear(lab: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = _TO_LINEAR @ (_TO_LMS @ lab) ** 3
    return found


def _rgb(linear: npt.NDArray[np.float64]) -> Rgb:
    linear = linear.clip(0, 1)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    r, g, b = (round(float(channel)) for channel in coded * 255)
    return r, g, b


def _luminance(color: Rgb) -> float:
    coded = np.array(color) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
