"""The one door to moviepy: at import it reads `.env` files above it and starts the program that they name."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from types import ModuleType

from storyreel.media.ffmpeg import ffmpeg_path


def guarded_moviepy() -> ModuleType:
    """moviepy, with our ffmpeg and nobody else's settings. It changes this process, so call it in a child."""
    program = ffmpeg_path()
    for name in [name for name in os.environ if name.startswith(("IMAGEIO", "FFMPEG", "FFPLAY", "IMAGEMAGICK"))]:
        del os.environ[name]
    os.environ["PYTHON_DOTENV_DISABLED"] = "1"
    # Older releases of dotenv do not know that switch; moviepy does without the module where it is not there.
    sys.modules["dotenv"] = None  # type: ignore[assignment]
    os.environ["FFMPEG_BINARY"] = program
    os.environ["FFPLAY_BINARY"] = program  # or it would look for one along PATH and start it
    return import_module("moviepy")
