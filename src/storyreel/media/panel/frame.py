"""A frame on its way to film: planes and cut-outs are looked at through the camera and laid over one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from storyreel.media.panel.plane import Bench, Look, Plane, Window
from storyreel.media.panel.sheet import Area

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from storyreel.media.panel.palette import Grade

_PIECE = 1 << 16
FULL = 256
"""Opacity of what is fully there."""


@dataclass(frozen=True, slots=True)
class View:
    """How a depth is seen in one frame: scaled around the middle of the frame, then moved left and up by pixels."""

    scale: float
    left: float
    up: float

    def through(
        self, area: Area, density: float, first: tuple[int, int], size: tuple[int, int], share: int = 1
    ) -> Window:
        """The window of a plane drawn over `area`, for the frame's pixels from `first` on; `share` is 2 for chroma."""
        step = density / self.scale
        x = size[0] / 2 + ((first[0] + 0.5) * share - size[0] / 2 + self.left) / self.scale
        y = size[1] / 2 + ((first[1] + 0.5) * share - size[1] / 2 + self.up) / self.scale
        return Window((x - area.left) * density - 0.5, (y - area.top) * density - 0.5, step * share)

    def shows(self, area: Area, size: tuple[int, int]) -> Area:
        """Where an area of the scene stands in the frame."""
        x, y = size[0] / 2, size[1] / 2
        return Area(
            x + (area.left - x) * self.scale - self.left,
            y + (area.top - y) * self.scale - self.up,
            x + (area.right - x) * self.scale - self.left,
            y + (area.bottom - y) * self.scale - self.up,
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """An opaque picture over an area: luma, and chroma with half the samples."""

    luma: Plane
    u: Plane
    v: Plane
    area: Area
    density: float


@dataclass(frozen=True, slots=True)
class Cutout:
    """What stands in front. Luma and chroma are multiplied by cover."""

    luma: Plane
    cover: Plane
    area: Area
    density: float
    chroma: tuple[Plane, Plane, Plane]
    """u, v and cover with half the samples."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A cut-out that never moves, ready to be laid on whole pixels."""

    left: int
    top: int
    luma: npt.NDArray[np.uint8]
    cover: npt.NDArray[np.uint8]
    chroma: tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8], npt.NDArray[np.uint8]]
    """u, v and cover with half the samples."""


class Frame:
    """One frame, planar 4:2:0; painted over and over."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._bytes = np.empty(width * height * 3 // 2, np.uint8)
        self.y = self._bytes[: width * height].reshape(height, width)
        u, v = np.split(self._bytes[width * height :], 2)
        self.u, self.v = (plane.reshape(height // 2, width // 2) for plane in (u, v))
        self._bench = Bench()

    @property
    def pixels(self) -> npt.NDArray[np.uint8]:
        """The frame as it is now, flat, yuv420p; the next painting paints over it."""
        return self._bytes

    def data(self) -> Iterator[bytes]:
        """As ffmpeg reads it, yuv420p, in pieces: whole frames would be new memory from the system each time."""
        for start in range(0, self._bytes.size, _PIECE):
            yield self._bytes[start : start + _PIECE].tobytes()

    def blend(self, other: Frame, amount: int) -> None:
        """Blend another frame over this one; `amount` is 0 to 256."""
        under = self._bytes.astype(np.uint16)
        under *= np.uint16(FULL - amount)
        over = other._bytes.astype(np.uint16)
        over *= np.uint16(amount)
        under += over
        under >>= 8
        np.copyto(self._bytes, under, casting="unsafe")

    def ground(self, plane: Plane, area: Area, density: float, view: View) -> None:
        """Fill the luma of the frame."""
        self._look(view.through(area, density, (0, 0), self.size), self.y.shape, plane).fill(self.y, plane)

    def tint(self, grade: Grade) -> None:
        """Give everything so far the colours of its palette."""
        height, width = self.y.shape
        some = self._bench.take("tint", (height // 2, width // 2), np.uint8)
        np.copyto(some, self.y[::2, ::2])
        tones = Image.fromarray(some)
        np.copyto(self.u, np.asarray(tones.point(grade.u)))
        np.copyto(self.v, np.asarray(tones.point(grade.v)))

    def picture(self, picture: Picture, view: View) -> None:
        """Fill the whole frame."""
        self.ground(picture.luma, picture.area, picture.density, view)
        half = view.through(picture.area, picture.density / 2, (0, 0), self.size, 2)
        look = self._look(half, self.u.shape, picture.u)
        look.fill(self.u, picture.u)
        look.fill(self.v, picture.v)

    def lay(self, cutout: Cutout, view: View, opacity: int = FULL) -> None:
        """Lay a cut-out over the frame; what stands outside is left out."""
        shown = view.shows(cutout.area, self.size)
        left, top = (max(0, int(side) // 2 * 2) for side in (shown.left, shown.top))
        right = min(self.size[0], (int(shown.right) + 3) // 2 * 2)
        bottom = min(self.size[1], (int(shown.bottom) + 3) // 2 * 2)
        if left >= right or top >= bottom or opacity <= 0:
            return
        look = self._look(
            view.through(cutout.area, cutout.density, (left, top), self.size),
            (bottom - top, right - left),
            cutout.cover,
        )
        cover, luma = self._seen(look, cutout.cover, "cover"), self._seen(look, cutout.luma, "paint")
        _over(self.y[top:bottom, left:right], luma, cover, opacity, self._bench)
        top, bottom, left, right = top // 2, bottom // 2, left // 2, right // 2
        u, v, half = cutout.chroma
        look = self._look(
            view.through(cutout.area, cutout.density / 2, (left, top), self.size, 2), (bottom - top, right - left), half
        )
        cover = self._seen(look, half, "cover")
        for plane, paint in ((self.u, u), (self.v, v)):
            _over(plane[top:bottom, left:right], self._seen(look, paint, "paint"), cover, opacity, self._bench)

    def stamp(self, stamp: Stamp, opacity: int = FULL) -> None:
        """Lay a stamp over the frame."""
        if opacity <= 0:
            return
        bottom, right = stamp.top + stamp.cover.shape[0], stamp.left + stamp.cover.shape[1]
        _over(self.y[stamp.top : bottom, stamp.left : right], stamp.luma, stamp.cover, opacity, self._bench)
        u, v, half = stamp.chroma
        for plane, paint in ((self.u, u), (self.v, v)):
            under = plane[stamp.top // 2 : bottom // 2, stamp.left // 2 : right // 2]
            _over(under, paint, half, opacity, self._bench)

    def _look(self, at: Window, seen: tuple[int, ...], plane: Plane) -> Look:
        return Look(at, (seen[0], seen[1]), plane.shape, self._bench)

    def _seen(self, look: Look, plane: Plane, name: str) -> npt.NDArray[np.uint8]:
        found = self._bench.take(name, look.seen, np.uint8)
        look.fill(found, plane)
        return found


def _over(
    under: npt.NDArray[np.uint8], over: npt.NDArray[np.uint8], cover: npt.NDArray[np.uint8], opacity: int, bench: Bench
) -> None:
    shape = (under.shape[0], under.shape[1])
    seen = bench.take("seen", shape, np.uint16)
    np.copyto(seen, cover)
    if opacity < FULL:
        seen *= np.uint16(opacity)
        seen >>= 8
    np.subtract(np.uint16(FULL), seen, out=seen)
    seen *= under
    seen >>= 8
    if opacity < FULL:
        paint = bench.take("faint", shape, np.uint16)
        np.copyto(paint, over)
        paint *= np.uint16(opacity)
        paint >>= 8
        seen += paint
    else:
        seen += over
    np.copyto(under, seen, casting="unsafe")
