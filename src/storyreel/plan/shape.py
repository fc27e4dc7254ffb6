"""The shape that is bought and the size that panels are drawn at, from what the author wrote."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from storyreel.board.rules.shapes import read_ratio, read_size
from storyreel.plan.catalog import Profile


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as sold, with the sentence that says what it stands for where that is not what was written."""

    name: str
    note: str | None = None


def match_shape(text: str, profile: Profile) -> Shape:
    """`aspect_ratio` or `size`, as `check` accepts them, to what is sold; raises ValueError on anything else."""
    text = text.strip()
    if text in profile.shapes:
        return Shape(text)
    ratio = ratio_of(text)
    shape = nearest_shape(ratio, profile)
    if ratio == ratio_of(shape):
        return Shape(shape)
    return Shape(shape, f"{text} is bought as {shape}, the nearest that {profile.model} sells")


def nearest_shape(ratio: Fraction, profile: Profile) -> str:
    """The nearest on sale in log-ratio, compared exactly; of two as near, the one listed first."""

    def distance(shape: str) -> Fraction:
        sold = ratio_of(shape)
        return max(ratio / sold, sold / ratio)

    return min(profile.shapes, key=distance)


def ratio_of(text: str) -> Fraction:
    """Width over height of `16:9` or `1080x1350`; raises ValueError."""
    size = read_size(text)
    ratio = Fraction(*size) if size is not None else read_ratio(text)
    if ratio is None:
        raise ValueError(f"{text} is neither a ratio nor a size")
    return ratio


def panel_size(width: int, height: int, most: int = 1080) -> tuple[int, int]:
    """The size that panels are drawn at: the reel's own, its short side at most `most`; even."""
    short = min(width, height)
    if short <= most:
        return width, height
    return _even(Fraction(width * most, short)), _even(Fraction(height * most, short))


def _even(side: Fraction) -> int:
    return max(2, 2 * round(side / 2))
