"""Pictures made ready for a frame: as film stores them, chroma with half the samples, colours multiplied by cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from storyreel.media.panel.color import TO_YUV
from storyreel.media.panel.frame import Cutout, Picture, Stamp
from storyreel.media.panel.plane import Plane
from storyreel.media.panel.sheet import Area

if TYPE_CHECKING:
    import numpy.typing as npt


def cutout(image: Image.Image, left: float, top: float, density: float = 1.0) -> Cutout:
    """An RGBA picture as a cut-out whose upper left corner stands at a place of the frame; `density` pixels to one."""
    box = image.getchannel("A").getbbox() or (0, 0, 1, 1)
    image = image.crop(box)
    left, top = left + box[0] / density, top + box[1] / density
    width, height = image.size
    # A rim of nothing, so that what lies beyond the edge is nothing too; even, so that halves fit.
    room = Image.new("RGBA", (width // 2 * 2 + 4, height // 2 * 2 + 4))
    room.paste(image, (2, 2))
    x, y = left - 2 / density, top - 2 / density
    luma, cover, *chroma = (Plane(channel) for channel in _film(room))
    area = Area(x, y, x + room.width / density, y + room.height / density)
    return Cutout(luma, cover, area, density, (chroma[0], chroma[1], chroma[2]))


def stamp(image: Image.Image, left: int, top: int, size: tuple[int, int]) -> Stamp:
    """An RGBA picture as a stamp at a place of a frame of `size`; what would stand outside is left out."""
    x, y = max(0, left) // 2 * 2, max(0, top) // 2 * 2
    right, bottom = min(size[0], (left + image.width + 1) // 2 * 2), min(size[1], (top + image.height + 1) // 2 * 2)
    room = Image.new("RGBA", (max(2, right - x), max(2, bottom - y)))
    room.paste(image, (left - x, top - y))
    luma, cover, *chroma = ((channel >> 2).astype(np.uint8) for channel in _film(room))
    return Stamp(x, y, luma, cover, (chroma[0], chroma[1], chroma[2]))


def _film(image: Image.Image) -> tuple[npt.NDArray[np.uint16], ...]:
    """Luma and cover, then u, v and cover with half the samples, in quarters; colours are multiplied by cover."""
    bare = Image.merge("RGB", image.split()[:3]).convert("RGB", TO_YUV)
    cover = np.asarray(image.getchannel("A"), np.uint16)
    y, u, v = (np.asarray(channel, np.uint16) for channel in bare.split())
    half = np.asarray(cover[::2, ::2] + cover[1::2, ::2] + cover[::2, 1::2] + cover[1::2, 1::2], np.uint16)

    def halved(channel: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
        whole = channel * cover
        total = (whole[::2, ::2] >> 2) + (whole[1::2, ::2] >> 2) + (whole[::2, 1::2] >> 2) + (whole[1::2, 1::2] >> 2)
        return _quarters(total)

    return _quarters(y * cover), cover * np.uint16(4), halved(u), halved(v), half


def _quarters(product: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint16]:
    """A colour times cover, of at most 255 each, as the colour's quarters."""
    return np.asarray(product * np.uint32(4) // 255, np.uint16)


def picture(image: Image.Image, area: Area) -> Picture:
    """An RGB picture that covers an area; what does not fit its shape is cut off."""
    scale = max(area.width / image.width, area.height / image.height)
    width, height = min(image.width, area.width / scale), min(image.height, area.height / scale)
    left, top = (image.width - width) / 2, (image.height - height) / 2
    size = max(2, round(area.width / 2) * 2), max(2, round(area.height / 2) * 2)
    drawn = image.convert("RGB").resize(size, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))
    film = drawn.convert("RGB", TO_YUV)
    y, *chroma = film.split()
    u, v = (Plane(np.asarray(plane.reduce(2), np.uint16) * 4) for plane in chroma)
    return Picture(Plane(np.asarray(y, np.uint16) * 4), u, v, area, size[0] / area.width)
