"""The fonts that frames are set in: Open Sans as its wheel brings it, found without importing anything."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from storyreel.media.failed import MediaFailed

Weight = Literal["light", "regular", "semibold", "bold", "extrabold", "italic"]

_FILES: dict[Weight, str] = {
    "light": "OpenSans-Light.ttf",
    "regular": "OpenSans-Regular.ttf",
    "semibold": "OpenSans-SemiBold.ttf",
    "bold": "OpenSans-Bold.ttf",
    "extrabold": "OpenSans-ExtraBold.ttf",
    "italic": "OpenSans-Italic.ttf",
}

HEAVINESS: dict[Weight, int] = {
    "light": 300, "regular": 400, "semibold": 600, "bold": 700, "extrabold": 800, "italic": 400,
}  # fmt: skip
"""As fonts themselves say it."""


@lru_cache(maxsize=len(_FILES))
def font_file(weight: Weight = "regular") -> Path:
    """The file of a weight; raises MediaFailed where the wheel is not whole."""
    package = find_spec("ttf_opensans")
    for folder in (package and package.submodule_search_locations) or ():
        file = Path(folder, "ttf", _FILES[weight])
        if file.is_file():
            return file
    raise MediaFailed("Open Sans is not installed: install ttf-opensans again")
