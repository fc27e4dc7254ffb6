"""The pictures of a reel, seen small: what stands still, what is black, what colour it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.base.timebase import Range
from storyreel.stitch.seams.joins import Join, moves

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

WIDTH, HEIGHT = 96, 54
"""Pixels of a frame as it is looked at, whatever its shape."""

_FRAME_BYTES = 3 * WIDTH * HEIGHT
_AT_ONCE = 256
_BLACK = 19.0
"""Mean luma of a black frame, at most; black is 16."""
_BLACK_TOP = 30
_DARK_SHARE = 0.3
"""A scene of which more than this is black means to be dark."""
_STILL = 0.02
"""Mean change of luma at which a frame repeats the one before it."""
_MOST_STILL = 0.3
"""The same where much moves, as in a wipe: a repeated frame is never less like the one before."""
_MOTION = 0.12
"""Mean change below which a scene hardly moves, so that nobody sees it stand."""
_SIDE = 6
"""Frames whose mean is the colour of one side."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One number or colour for each frame of the film."""

    change: Floats
    """Mean difference of luma from the frame before; the first has none."""
    is_black: npt.NDArray[np.bool_]
    colours: Floats
    """Mean Lab of each frame."""

    @property
    def frames(self) -> int:
        return len(self.change)


def look(file: Path) -> Seen:
    """Go through raw planar 4:4:4 frames of `WIDTH` by `HEIGHT`, a few at a time."""
    import numpy as np

    change, black, means = [], [], []
    last = None
    with file.open("rb") as opened:
        while data := opened.read(_AT_ONCE * _FRAME_BYTES):
            frames = np.frombuffer(data, np.uint8).reshape(-1, 3, HEIGHT * WIDTH)
            luma = frames[:, 0].astype(np.int16)
            before = np.concatenate([luma[:1] if last is None else last, luma[:-1]])
            change.append(np.abs(luma - before).mean(axis=1))
            means.append(frames.mean(axis=2))
            black.append((luma.mean(axis=1) <= _BLACK) & (np.percentile(luma, 99, axis=1) <= _BLACK_TOP))
            last = luma[-1:]
    if not change:
        return Seen(np.zeros(0), np.zeros(0, bool), np.zeros((0, 3)))
    return Seen(np.concatenate(change), np.concatenate(black), _lab(np.concatenate(means)))


def frozen_at(join: Join, seen: Seen, reach: int) -> int:
    """Repeated frames in a row within `reach` of a join, where the picture moves otherwise."""
    import numpy as np

    still = np.zeros(seen.frames, bool)
    if moves(join.outgoing):
        near = Range(join.left.end - _near(join.left, reach), join.left.end)
        _mark(still, seen, Range(join.left.start + 1, join.left.end), near)
    if moves(join.incoming):
        near = Range(join.shared.start, join.right.start + _near(join.right, reach))
        _mark(still, seen, Range(join.right.start + 1, join.right.end), near)
    if join.kind == "fade":
        still[join.shared.start : join.shared.end + 1] = False
    # Slowed down, a picture stands for several frames everywhere.
    slowest = min(join.before.speed, join.after.speed)
    return max(0, _longest(still) - (ceil(1 / slowest) - 1))


def _mark(still: npt.NDArray[np.bool_], seen: Seen, whole: Range, near: Range) -> None:
    """Mark the frames of `near` that repeat the one before, if the stretch `whole` moves enough to see that."""
    import numpy as np

    own = seen.change[whole.start : whole.end]
    motion = float(np.quantile(own, 0.75)) if len(own) else 0.0
    if motion >= _MOTION:
        still[near.start : near.end] |= seen.change[near.start : near.end] < min(_MOST_STILL, max(_STILL, motion / 20))


def black_at(join: Join, seen: Seen, reach: int, meant: Sequence[Range]) -> int:
    """Black frames within `reach` of a join that nothing asks for."""
    import numpy as np

    looked_at = np.zeros(seen.frames, bool)
    if moves(join.outgoing) and not _is_dark(seen, join.left):
        looked_at[join.left.end - _near(join.left, reach) : join.shared.end] = True
    if moves(join.incoming) and not _is_dark(seen, join.right):
        looked_at[join.shared.start : join.right.start + _near(join.right, reach)] = True
    for fade in meant:
        looked_at[fade.start : fade.end + 1] = False
    return int((looked_at & seen.is_black[: len(looked_at)]).sum())


def _near(side: Range, reach: int) -> int:
    """Frames of a side that belong to this join: the other half belongs to the next."""
    return min(reach, max(0, side.length) // 2)


def jump_at(join: Join, seen: Seen) -> float | None:
    """Difference of the mean colours of both sides; None where a side has no frame that is not black."""
    left = _colour(seen, Range(max(join.left.start, join.left.end - _SIDE), join.left.end))
    right = _colour(seen, Range(join.right.start, min(join.right.end, join.right.start + _SIDE)))
    return None if left is None or right is None else float(((left - right) ** 2).sum() ** 0.5)


def _colour(seen: Seen, at: Range) -> Floats | None:
    lit = seen.colours[at.start : at.end][~seen.is_black[at.start : at.end]]
    mean: Floats | None = lit.mean(axis=0) if len(lit) else None
    return mean


def _is_dark(seen: Seen, at: Range) -> bool:
    own = seen.is_black[at.start : at.end]
    return bool(len(own)) and float(own.mean()) > _DARK_SHARE


def _longest(marks: npt.NDArray[np.bool_]) -> int:
    most = run = 0
    for mark in marks.tolist():
        run = run + 1 if mark else 0
        most = max(most, run)
    return most


def _lab(means: Floats) -> Floats:
    """CIE Lab of mean limited-range YUV of BT.709."""
    import numpy as np

    y, u, v = (means - (16, 128, 128)).T / np.array([[219], [224], [224]])
    rgb = np.stack([y + 1.5748 * v, y - 0.1873 * u - 0.4681 * v, y + 1.8556 * u], axis=1).clip(0, 1)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ to_xyz.T / (0.9505, 1.0, 1.089)
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, middle, z = root.T
    return np.stack([116 * middle - 16, 500 * (x - middle), 200 * (middle - z)], axis=1)
