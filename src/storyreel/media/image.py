"""Pictures of the project, opened with suspicion."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from storyreel.media.failed import MediaFailed
from storyreel.media.picture import MAX_BYTES, MAX_PIXELS, PictureSize, picture_size

if TYPE_CHECKING:
    from PIL import Image

_FORMATS = ("PNG", "JPEG", "WEBP")


def open_image(path: Path) -> Image.Image:
    """A PNG, JPEG or WebP, whatever its name, decoded and upright, as RGB or RGBA; of an animation the first frame.

    At most 50 MB and 40 megapixels, both known before anything is decoded. Raises MediaFailed.
    """
    path = Path(path)
    size = _size(path)
    from PIL import Image

    try:
        with Image.open(path, formats=_FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:  # it told us otherwise
                raise ValueError("two sizes in one picture")
            found.load()
            return _plain(_upright(found, size.orientation))
    except Exception as problem:  # Pillow raises whatever hostile bytes make it stumble over
        raise MediaFailed(f"{path.name} is damaged: it cannot be decoded to its end", str(problem)) from problem


def _size(path: Path) -> PictureSize:
    try:
        with path.open("rb") as file:
            length = os.fstat(file.fileno()).st_size
            size = picture_size(file, length)
    except OSError as problem:
        raise MediaFailed(f"{path.name} cannot be read", str(problem)) from problem
    if length > MAX_BYTES:
        raise MediaFailed(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
    if size is None:
        limit = f"{MAX_PIXELS // 1_000_000} megapixels"
        raise MediaFailed(f"{path.name} is not a whole PNG, JPEG or WebP picture of at most {limit}")
    return size


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _plain(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where anything can be seen through it; always a picture of its own, free of its file."""
    if image.mode.startswith("I"):
        # 16-bit grey would be cut off at 255, not scaled.
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")
