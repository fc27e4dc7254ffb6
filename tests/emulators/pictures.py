"""The pixels of a picture that came with a request."""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image, UnidentifiedImageError


def bytes_of(uri: str) -> bytes | None:
    """What a data URI holds; None for any other address, and for one that cannot be read."""
    head, comma, rest = uri.partition(",")
    if not (head.startswith("data:") and head.endswith(";base64") and comma):
        return None
    try:
        return base64.b64decode(rest, validate=True)
    except binascii.Error:
        return None


def pixels(data: bytes | None) -> tuple[int, int] | None:
    """Width and height; None where it is no picture."""
    if data is None:
        return None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return picture.width, picture.height
    except (UnidentifiedImageError, OSError):
        return None
