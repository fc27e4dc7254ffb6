"""Planes of a multiplane camera: drawn once a shot, looked at through a moving window, never jumping by whole pixels.

A look is a bilinear sample in integers: fixed work a frame, equal results everywhere, two to three times faster than
scaling the picture anew. Samples have two bits more than film, and these go into a dither, so gradients do not band.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_PHASES = 64
_LARGEST = 1019
"""Of a sample: 1019 * 64 + 255 is the largest that fits 16 bits."""
_AT_ONCE = 120_000
"""Samples worked on at once, so that they stay in the processor's own memory."""
_MOST_ROWS = 384


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a plane is seen: the plane's coordinates of the first pixel's centre, and the step to the next."""

    x: float
    y: float
    step: float


class Bench:
    """Memory to work in, kept from frame to frame; one painter's own."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, Any], npt.NDArray[Any]] = {}

    def take(self, name: str, shape: tuple[int, int], kind: Any) -> npt.NDArray[Any]:
        """A piece of this shape; what it held is gone."""
        size = shape[0] * shape[1]
        piece = self._pieces.get((name, kind))
        if piece is None or piece.size < size:
            piece = self._pieces[name, kind] = np.empty(size, kind)
        return piece[:size].reshape(shape)


class Plane:
    """One channel, ready to be looked at. Values are 0 to 255 in quarters."""

    def __init__(self, samples: npt.NDArray[np.uint16]) -> None:
        own = np.minimum(samples, _LARGEST).astype(np.uint32)
        # Each sample carries its right neighbour, so that one lookup and one product blend both.
        own[:, :-1] |= own[:, 1:] << 16
        own[:, -1] |= own[:, -1] << 16
        self.pairs = own

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pairs.shape[0], self.pairs.shape[1]


class Look:
    """A window on planes of one shape: where each pixel of a frame lies, worked out once for all of them."""

    def __init__(self, at: Window, seen: tuple[int, int], plane: tuple[int, int], bench: Bench) -> None:
        """`seen` and `plane` are rows and columns of what is filled and of what is looked at."""
        self.seen, self._bench = seen, bench
        self._columns, across = _positions(at.x, at.step, seen[1], plane[1])
        self._rows, down = _positions(at.y, at.step, seen[0], plane[0])
        self._across = ((_PHASES - across) << 16 | across).astype(np.uint32)
        self._below = down.astype(np.uint16)[:, None]
        self._above = np.uint16(_PHASES) - self._below
        self._is_straight = bool(self._columns[-1] - self._columns[0] == seen[1] - 1)

    def fill(self, into: npt.NDArray[np.uint8], plane: Plane) -> None:
        """Fill `into` with what is seen of a plane; beyond its edge a plane goes on as it ends."""
        height, width = self.seen
        at_once = min(_MOST_ROWS, max(16, _AT_ONCE // width // 16 * 16))
        dither = _dither(-(-width // 512) * 512)
        for top in range(0, height, at_once):
            bottom = min(height, top + at_once)
            here = self._rows[top:bottom]
            band = self._blended(plane, int(here[0]), min(int(here[-1]) + 2, plane.shape[0]))
            here = here - here[0]
            upper = self._bench.take("upper", (bottom - top, width), np.uint16)
            lower = self._bench.take("lower", (bottom - top, width), np.uint16)
            band.take(here, axis=0, out=upper, mode="clip")
            band.take(here + 1, axis=0, out=lower, mode="clip")
            upper *= self._above[top:bottom]
            lower *= self._below[top:bottom]
            upper += lower
            upper += dither[: bottom - top, :width]
            upper >>= 8
            np.copyto(into[top:bottom], upper, casting="unsafe")

    def _blended(self, plane: Plane, first: int, end: int) -> npt.NDArray[np.uint16]:
        """Rows of the plane, blended sideways."""
        shape = (end - first, self.seen[1])
        work = self._bench.take("pairs", shape, np.uint32)
        if self._is_straight:
            left = int(self._columns[0])
            np.multiply(plane.pairs[first:end, left : left + shape[1]], self._across, out=work)
        else:
            plane.pairs[first:end].take(self._columns, axis=1, out=work, mode="wrap")
            work *= self._across
        # The upper half of each product is the blend; the lower half is of no use.
        work >>= 22
        band = self._bench.take("band", shape, np.uint16)
        np.copyto(band, work, casting="unsafe")
        return band


def _positions(start: float, step: float, count: int, length: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Whole positions and 64ths of `count` samples, held inside 0 to `length`."""
    at = np.floor((start + np.arange(count) * step) * _PHASES + 0.5).astype(np.intp)
    np.minimum(np.maximum(at, 0, out=at), (length - 1) * _PHASES, out=at)
    return at >> 6, at & (_PHASES - 1)


@lru_cache(maxsize=8)
def _dither(width: int) -> npt.NDArray[np.uint16]:
    """Thresholds 0 to 255 in a pattern without clumps."""
    order = np.array([[0, 2], [3, 1]])
    for _ in range(3):
        order = np.block([[4 * order, 4 * order + 2], [4 * order + 3, 4 * order + 1]])
    return np.tile(order.astype(np.uint16), (_MOST_ROWS // 16, width // 16))
